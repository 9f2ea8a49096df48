package dev.pawl.testkit;

import dev.pawl.Actor;
import dev.pawl.store.QueueStore;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The queues of an {@link InMemoryJobStore}. Safe for use by many threads. */
public final class InMemoryQueueStore implements QueueStore {
    private final Map<String, Pause> paused = new ConcurrentHashMap<>();
    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final TestTime time;

    InMemoryQueueStore(TestTime time) {
        this.time = time;
    }

    /** Since when claims are stopped, and by whom. */
    record Pause(Instant at, Actor by) {}

    @Override
    public void pause(String queue, Actor by) {
        known.add(queue);
        paused.putIfAbsent(queue, new Pause(time.now(), by));
    }

    @Override
    public void resume(String queue, Actor by) {
        paused.remove(queue);
    }

    @Override
    public boolean isPaused(String queue) {
        return paused.containsKey(queue);
    }

    /** The first pause, if there were several. */
    Optional<Pause> pauseOf(String queue) {
        return Optional.ofNullable(paused.get(queue));
    }

    /** Those that are paused, by name. */
    Map<String, Pause> paused() {
        return new TreeMap<>(paused);
    }

    /** Those that were ever paused. */
    Set<String> known() {
        return Set.copyOf(known);
    }
}
