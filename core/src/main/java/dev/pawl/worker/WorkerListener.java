package dev.pawl.worker;

import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.Fence;
import dev.pawl.lease.Lease;
import dev.pawl.store.RefusedWrite;
import java.time.Duration;
import java.util.Optional;

/**
 * Is told what a worker does: for metrics, and for people. Implement what you need; every method does nothing by itself.
 *
 * <p>Called from the worker's own threads, several at a time: be quick and safe for use by many threads. What a listener
 * throws is logged and changes nothing.
 */
public interface WorkerListener {
    /**
     * A job was claimed.
     *
     * @param job the job
     * @param stage at which it goes on
     * @param lease what the worker holds
     */
    default void claimed(JobId job, String stage, Lease lease) {}

    /**
     * A job was claimed from a holder whose lease had expired; {@link #claimed} follows.
     *
     * @param job the job
     * @param stage at which it goes on
     * @param lease what the worker holds
     * @param from who held it
     * @param takeovers how often this has happened at this stage
     */
    default void takenOver(JobId job, String stage, Lease lease, Fence from, int takeovers) {}

    /**
     * A stage was checkpointed, durably.
     *
     * @param job the job
     * @param stage the stage that is done
     * @param took from the handler's start to its return
     */
    default void checkpointed(JobId job, String stage, Duration took) {}

    /**
     * A stage's children were started, durably. Its join begins with another {@link #claimed}.
     *
     * @param job the parent
     * @param stage the stage that waits for them
     * @param children how many
     */
    default void fannedOut(JobId job, String stage, int children) {}

    /**
     * An attempt failed, and the failure was recorded.
     *
     * @param job the job
     * @param stage at which stage
     * @param attempt the number of the try
     * @param message what happened
     * @param retryIn when the next try is due; empty if the job has failed
     */
    default void failed(JobId job, String stage, int attempt, String message, Optional<Duration> retryIn) {}

    /**
     * A job has ended here.
     *
     * @param job the job
     * @param as completed or failed
     */
    default void ended(JobId job, JobStatus as) {}

    /**
     * A write was refused: most often, because another has taken the job over.
     *
     * @param refused what, and why
     */
    default void refused(RefusedWrite refused) {}

    /**
     * The worker stopped to renew the lease of a handler that gave no sign of life, so that another can take over.
     *
     * @param job the job
     * @param stage at which stage
     * @param silence how long nothing was heard
     */
    default void letGo(JobId job, String stage, Duration silence) {}

    /**
     * The store failed, or can't be reached; the worker goes on trying.
     *
     * @param what the worker tried
     * @param failure what happened
     */
    default void storeFailed(String what, RuntimeException failure) {}
}
