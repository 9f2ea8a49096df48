package dev.pawl.worker;

import dev.pawl.internal.Checks;
import dev.pawl.job.JobStatus;
import dev.pawl.store.Removal;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * For how long ended jobs are kept, by queue and outcome; what is not told is kept for ever. Immutable.
 *
 * @param byQueue what is told
 */
record Retention(Map<String, Map<JobStatus, Duration>> byQueue) {
    static final Retention FOR_EVER = new Retention(Map.of());

    Retention {
        byQueue = byQueue.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, queue -> Map.copyOf(queue.getValue())));
    }

    Retention keep(String queue, JobStatus outcome, Duration time) {
        Checks.name("queue", queue);
        Removal.checkKept(outcome, time);
        Map<JobStatus, Duration> outcomes = new EnumMap<>(JobStatus.class);
        outcomes.putAll(of(queue));
        outcomes.put(outcome, time);
        Map<String, Map<JobStatus, Duration>> all = new TreeMap<>(byQueue);
        all.put(queue, outcomes);
        return new Retention(all);
    }

    Set<String> queues() {
        return byQueue.keySet();
    }

    Map<JobStatus, Duration> of(String queue) {
        return byQueue.getOrDefault(queue, Map.of());
    }
}
