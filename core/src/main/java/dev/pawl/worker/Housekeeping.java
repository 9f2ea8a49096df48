package dev.pawl.worker;

import dev.pawl.Running;
import dev.pawl.job.JobStatus;
import dev.pawl.store.TallyStore;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is done in the background, in short transactions that hold up nobody: the ends of jobs are counted for statistics, and ended jobs
 * are removed where that is told. Workers do it for their own queues; this is for services that have none, and for all queues at once.
 * That two do it at the same time does no harm.
 *
 * <p>Immutable, and safe for use by many threads.
 */
public final class Housekeeping {
    private static final String LEASE = "pawl/housekeeping";
    private static final Duration ALL_DAY = Duration.ofDays(1);

    private final WorkerContext context;
    private final TallyStore store;
    private final Retention retention;

    /**
     * For a Pawl.
     *
     * @param context the Pawl's
     * @param store where to count, and to remove
     */
    public Housekeeping(WorkerContext context, TallyStore store) {
        this(context, store, Retention.FOR_EVER);
    }

    private Housekeeping(WorkerContext context, TallyStore store, Retention retention) {
        this.context = context;
        this.store = store;
        this.retention = retention;
    }

    /**
     * Removes jobs of a queue some time after they ended so, with their checkpoints, failures and children; see
     * {@link Worker.Builder#keep}.
     *
     * @param queue whose; a name that no job ever had is warned of in the log
     * @param outcome COMPLETED, FAILED or CANCELLED
     * @param time an hour or more
     * @return the same with that told, for {@link #once} or {@link #start}; this one is as it was
     * @throws IllegalArgumentException if the name can't be, jobs of that status have not ended, or the time is too short or longer
     *     than ten years
     */
    public Housekeeping keep(String queue, JobStatus outcome, Duration time) {
        return new Housekeeping(context, store, retention.keep(queue, outcome, time));
    }

    /**
     * Does all that there is to do now, in the calling thread, with a pause as long as itself after each transaction. May be repeated.
     *
     * @return what was done
     * @throws dev.pawl.store.StoreException if the store can't be reached; what was done until then is done
     */
    public Housekept once() {
        context.checkOpen();
        Chores chores = new Chores(store, Optional.empty(), retention);
        Map<String, Long> removed = new TreeMap<>();
        Chores.Done done;
        do {
            done = chores.pass(ALL_DAY, () -> true);
            done.removed().forEach((queue, jobs) -> removed.merge(queue, jobs, Long::sum));
        } while (done.more());
        return new Housekept(removed);
    }

    /**
     * Does it every ten seconds from now on, in a thread of its own, as long as this process has the lease {@code pawl/housekeeping}. The
     * process that has it goes by what it was told itself to keep: tell all the same.
     *
     * @return to be closed; else it is closed with its Pawl
     */
    public Running start() {
        context.checkOpen();
        HousekeepingThread thread =
                new HousekeepingThread(context, LEASE, new Chores(store, Optional.empty(), retention), Duration.ZERO);
        thread.start();
        return thread;
    }

    /** Of one queue, by the process that has a lease of the queue's own. */
    static HousekeepingThread of(WorkerContext context, String queue, Retention retention) {
        return new HousekeepingThread(
                context,
                LEASE + "/" + queue,
                new Chores(context.tallies(), Optional.of(queue), retention),
                HousekeepingThread.later());
    }
}
