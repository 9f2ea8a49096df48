package dev.pawl.worker;

import dev.pawl.Running;
import dev.pawl.job.JobStatus;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Claims and runs jobs in this process until it is closed. Start as many processes as you like. Safe for use by many
 * threads.
 *
 * <p>A stage's successor starts only when its checkpoint is durable; the handler's thread does not wait for that. All leases
 * are renewed together, at a third of their length. A handler whose lease is lost is interrupted, and what it returns is
 * written nowhere. If the database can't be reached, a handler runs on until its lease has run out on this process's
 * monotonic clock; then it is interrupted.
 */
public interface Worker extends Running {
    /**
     * Stops claiming, gives back what has not begun, lets handlers finish their stage within the grace time, and gives back
     * the rest. Handlers that run on after it are interrupted; their writes are refused. Repeating it does nothing.
     */
    @Override
    void close();

    /**
     * How many jobs the worker holds now.
     *
     * @return running, prefetched, or on their way to a checkpoint
     */
    int held();

    /** Looks for work at once instead of at the next poll: a hint, which is cheap and may be repeated. */
    void wake();

    /** Describes a worker. Every setting has a default; the handlers have none. To be used by one thread. */
    interface Builder {
        /**
         * Runs the jobs of a pipeline; to be called for each.
         *
         * @param handlers complete
         * @return this
         */
        Builder run(Handlers<?> handlers);

        /**
         * Who this worker is, for people; the name that Pawl was opened with unless told otherwise.
         *
         * @param name 1 to 100 printable characters
         * @return this
         */
        Builder name(String name);

        /**
         * How many handlers run at a time; 10 unless told otherwise.
         *
         * @param handlers 1 to 10,000
         * @return this
         */
        Builder concurrency(int handlers);

        /**
         * How many jobs may be claimed beyond those that run; 1,000 unless told otherwise. The worker takes as many as its
         * handlers finish in a tenth of a second, so that slow ones prefetch nothing.
         *
         * @param jobs 0 to 9,000
         * @return this
         */
        Builder prefetch(int jobs);

        /**
         * How long a claim holds unless it is renewed; 30 s unless told otherwise. Renewed at a third of it.
         *
         * @param length 100 ms or more
         * @return this
         */
        Builder lease(Duration length);

        /**
         * The longest time between two looks for work; 1 s unless told otherwise. Enqueues in this process are seen at
         * once.
         *
         * @param interval 1 ms or more
         * @return this
         */
        Builder pollInterval(Duration interval);

        /**
         * How often a job may be taken over at one stage before it is failed without being run; 5 unless told otherwise.
         *
         * @param max zero or more
         * @return this
         */
        Builder takeovers(int max);

        /**
         * Interrupts a handler, and stops renewing its lease, when it has given no sign of life (heartbeat, saved progress)
         * for this long. If it ends by the interrupt, that is a failed attempt; if not, its lease expires, and another takes
         * over. Never unless told otherwise.
         *
         * @param silence longer than zero
         * @return this
         */
        Builder letGoAfterSilence(Duration silence);

        /**
         * Where handlers run; threads of the worker's own unless told otherwise. At most as many tasks at a time as the
         * concurrency. Not shut down by the worker.
         *
         * @param executor of platform or virtual threads; must not run tasks in the caller's thread
         * @return this
         */
        Builder executor(Executor executor);

        /**
         * How long {@link Worker#close()} waits for handlers; 30 s unless told otherwise.
         *
         * @param onClose zero or more
         * @return this
         */
        Builder grace(Duration onClose);

        /**
         * Is told what the worker does; may be called for several.
         *
         * @param listener quick, and safe for use by many threads
         * @return this
         */
        Builder listener(WorkerListener listener);

        /**
         * Removes jobs of this queue some time after they ended so: whole trees, with their checkpoints, failures and children, by
         * the outcome of the root, once everything in them has ended and is counted in the statistics. In small transactions, which
         * wait for nobody, by one worker on the queue at a time, as part of its housekeeping. What is not told is kept for ever. The
         * key of a job that is gone is free again. May be told for each outcome; tell all workers on the queue the same, since each
         * goes by what it was told itself.
         *
         * @param outcome COMPLETED, FAILED or CANCELLED
         * @param time an hour or more
         * @return this
         * @throws IllegalArgumentException if jobs of that status have not ended, or the time is too short, or longer than ten years
         */
        Builder keep(JobStatus outcome, Duration time);

        /**
         * Whether it counts the ends of its queue's jobs for statistics, and removes jobs as told by {@link #keep}, in a thread of its
         * own, from ten seconds after its start on; it does unless told otherwise. Of all workers on the queue, the one that has the
         * lease {@code pawl/housekeeping/} with the queue's name does it.
         *
         * @param on whether to
         * @return this
         */
        Builder housekeeping(boolean on);

        /**
         * Starts it.
         *
         * @return the worker, to be closed
         * @throws IllegalArgumentException if there are no handlers, a stage has none, or a pipeline, or a version that it
         *     continues, is recorded with other stages
         * @throws IllegalStateException if the Pawl is closed, or the worker is told how long to keep jobs, and to do no housekeeping
         */
        Worker start();
    }
}
