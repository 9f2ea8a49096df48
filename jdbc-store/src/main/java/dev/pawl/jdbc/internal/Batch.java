package dev.pawl.jdbc.internal;

import dev.pawl.job.JobId;
import dev.pawl.store.Answer;
import dev.pawl.store.JobWrite;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;

/**
 * The writes of one call, to jobs of one or more queues, and the order in which their transaction takes locks: the jobs' own
 * rows first, of all queues; then the parents of what has ended, by id, last.
 *
 * <p>A row of its own may be a parent, too, for which the end of a child waits that holds another parent already. So a
 * transaction that holds such a row waits for no parent: if it can't have one it begins anew, and takes the parents first, and
 * then what rows nobody holds.
 */
final class Batch {
    private final Map<String, List<JobWrite>> byQueue = new TreeMap<>();

    /** Of writes to jobs of which none is named twice. */
    Batch(List<? extends JobWrite> writes) {
        Set<JobId> seen = new HashSet<>();
        for (JobWrite write : writes) {
            if (!seen.add(write.job())) {
                throw new IllegalArgumentException(
                        "two writes to " + write.job() + " in one list: nothing was written");
            }
            byQueue.computeIfAbsent(write.job().queue(), queue -> new ArrayList<>())
                    .add(write);
        }
        byQueue.values() // so that two batches which share jobs lock them in the same order
                .forEach(list ->
                        list.sort(Comparator.comparing(write -> write.job().uuid())));
    }

    /**
     * Writes all of them.
     *
     * @throws ParentsLocked if parents are to be taken first, in another transaction than this; not where locks are awaited
     */
    Map<JobId, Answer> write(Handle handle, Optional<Instant> now, Locks locks) {
        List<JobWrites> all = new ArrayList<>(byQueue.size());
        byQueue.forEach((queue, writes) -> {
            JobWrites ofQueue = new JobWrites(handle, queue, now);
            ofQueue.write(writes, locks);
            all.add(ofQueue);
        });
        if (locks == Locks.AWAITED_BY_HOT_KINDS && all.stream().anyMatch(JobWrites::holdsParents)) {
            requireParents(all);
        }
        Map<JobId, Answer> answers = new HashMap<>();
        all.forEach(ofQueue -> answers.putAll(ofQueue.countDown())); // parents last
        return answers;
    }

    private static void requireParents(List<JobWrites> all) {
        if (!all.stream().allMatch(JobWrites::locksParents)) {
            Map<String, Set<UUID>> parents = new TreeMap<>();
            all.forEach(ofQueue -> parents.put(ofQueue.queue(), ofQueue.parents()));
            throw new ParentsLocked(parents);
        }
    }

    /** Waits for the parents, in the order of their ids, while it holds nothing else; then writes to the rows that nobody holds. */
    Map<JobId, Answer> writeBehind(ParentsLocked locked, Handle handle, Optional<Instant> now) {
        locked.parents.forEach((queue, parents) -> {
            Argument ids = SqlArrays.uuids(List.copyOf(parents), id -> id);
            handle.attach(FamilySql.class).lockInOrder(queue, ids);
        });
        return write(handle, now, Locks.SKIPPED);
    }

    /** Somebody else holds a parent for which this transaction must not wait: nothing was written. */
    static final class ParentsLocked extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Map<String, Set<UUID>> parents;

        ParentsLocked(Map<String, Set<UUID>> parents) {
            super("parents are locked: " + parents, null, false, false);
            this.parents = parents;
        }
    }
}
