package dev.pawl.worker;

import dev.pawl.job.JobStatus;
import dev.pawl.lease.BusyException;
import dev.pawl.store.Removal;
import dev.pawl.store.Removal.Place;
import dev.pawl.store.Removed;
import dev.pawl.store.RollUp;
import dev.pawl.store.Tallies;
import dev.pawl.store.TallyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What housekeeping does, in short transactions, and where it was: retention goes on behind what it looked at before, and begins at the
 * beginning once an hour, for what was locked then, or ended late. To be used by one thread.
 */
final class Chores {
    private static final Logger LOG = LoggerFactory.getLogger(Chores.class);
    private static final int STEP = 500;
    private static final Duration FULL_LOOK = Duration.ofHours(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final TallyStore store;
    private final Optional<String> only;
    private final Retention retention;
    private final Map<String, Instant> tidied = new HashMap<>();
    private final Map<Walk, Place> places = new HashMap<>();
    private final Set<String> unknown = new HashSet<>();
    private long lastFullLook = System.nanoTime();

    /**
     * For one queue, or for all.
     *
     * @param only this queue; all if empty
     * @param retention what may be removed
     */
    Chores(TallyStore store, Optional<String> only, Retention retention) {
        this.store = store;
        this.only = only;
        this.retention = retention;
    }

    private record Walk(String queue, JobStatus outcome) {}

    /** What a pass did, and whether it left something to do. */
    record Done(Map<String, Long> removed, boolean more) {}

    /**
     * Goes through all queues once.
     *
     * @param most for how long to remove, so that counting comes to its turn, too
     * @param goesOn asked between transactions
     */
    Done pass(Duration most, BooleanSupplier goesOn) {
        List<String> queues = only.map(List::of).orElseGet(() -> store.read(Tallies::queues));
        queues.forEach(queue -> count(queue, goesOn));
        long until = System.nanoTime() + most.toNanos();
        if (System.nanoTime() - lastFullLook > FULL_LOOK.toNanos()) {
            places.clear();
            lastFullLook = System.nanoTime();
        }
        Map<String, Long> removed = new TreeMap<>();
        boolean more = false;
        for (String queue : retention.queues()) {
            if (queues.contains(queue)) {
                more |= remove(queue, removed, () -> goesOn.getAsBoolean() && System.nanoTime() - until < 0);
            } else if (unknown.add(queue)) {
                LOG.warn("retention is told of queue {}, in which there was never a job: is that its name?", queue);
            }
        }
        return new Done(removed, more);
    }

    private void count(String queue, BooleanSupplier goesOn) {
        try {
            boolean more = true;
            while (more && goesOn.getAsBoolean()) {
                more = RollUp.step(store, queue);
            }
            if (goesOn.getAsBoolean()) {
                tidied.put(queue, RollUp.tidy(store, queue, tidied.getOrDefault(queue, Instant.EPOCH)));
            }
        } catch (BusyException counting) {
            LOG.debug("queue {}: another is counting", queue, counting);
        }
    }

    private boolean remove(String queue, Map<String, Long> removed, BooleanSupplier goesOn) {
        boolean more = false;
        for (Map.Entry<JobStatus, Duration> kept : new TreeMap<>(retention.of(queue)).entrySet()) {
            Walk walk = new Walk(queue, kept.getKey());
            Removal what = new Removal(queue, kept.getKey(), kept.getValue(), place(walk), STEP);
            long jobs = 0;
            boolean left = true;
            while (left && goesOn.getAsBoolean()) {
                long from = System.nanoTime();
                Removed step = store.remove(what);
                jobs += step.jobs();
                left = step.next().isPresent();
                step.next().ifPresent(next -> places.put(walk, next));
                what = new Removal(queue, kept.getKey(), kept.getValue(), place(walk), STEP);
                if (left) { // half of the time is the others'
                    LockSupport.parkNanos(Math.min(System.nanoTime() - from, LONGEST_PAUSE.toNanos()));
                }
            }
            more |= left;
            if (jobs > 0) {
                LOG.info(
                        "queue {}: removed {} jobs, of trees that had been {} for {}",
                        queue,
                        jobs,
                        kept.getKey(),
                        kept.getValue());
                removed.merge(queue, jobs, Long::sum);
            }
        }
        return more;
    }

    private Optional<Place> place(Walk walk) {
        return Optional.ofNullable(places.get(walk));
    }
}
