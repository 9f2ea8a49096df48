package dev.pawl.job;

import dev.pawl.lease.BusyException;
import dev.pawl.lease.Lease;
import dev.pawl.lease.LeaseLostException;
import dev.pawl.lease.Refusal;
import dev.pawl.lease.RefusedException;
import java.util.Optional;

/**
 * A job claimed by hand: the caller renews, checkpoints and ends it. Nothing renews it in the background. If it is dropped,
 * the lease expires, and the next claim counts a takeover. To be used by one thread at a time.
 *
 * <p>After a {@code StoreException} each call may be repeated as it was: the stage is named, so a repeat of what was
 * written changes nothing.
 *
 * @param <P> the payload
 */
public interface ClaimedJob<P> extends Attempt<P> {
    /**
     * Keeps the lease for its full length from now on, by the database's clock.
     *
     * @return the lease as it is now
     * @throws LeaseLostException if a later claim holds the job, or it has ended, or it is gone
     * @throws BusyException if an open transaction holds the job's row; the lease can't be taken while it does
     */
    Lease renew();

    /**
     * Records that {@code stage} is done, with its result, and moves to the next, or completes the job if it was the last.
     * Repeating the call with the same stage and result has no further effect. Extends the lease to its full length. The
     * lease need not be unexpired: until another claims the job, its holder may still write.
     *
     * @param <R> the stage's result
     * @param stage the job's current stage
     * @param result at most 1 MiB of JSON unless told otherwise
     * @return RUNNING, or COMPLETED
     * @throws LeaseLostException if a later claim holds the job, or it has ended, or it is gone; nothing was written
     * @throws RefusedException if the job is at another stage, or the stage was checkpointed with another result; nothing
     *     was written
     * @throws BusyException if an open transaction holds the job's row; nothing was written
     */
    <R> JobStatus checkpoint(Stage<R> stage, R result);

    /**
     * Records that a stage without a result is done; see {@link #checkpoint(Stage, Object)}.
     *
     * @param stage the job's current stage
     * @return RUNNING, or COMPLETED
     */
    JobStatus checkpoint(Stage<Void> stage);

    /**
     * Reports a failed attempt, and lets go: the job is retried or ends as the policy says. May be repeated after a lost
     * answer, to no further effect.
     *
     * @param cause what happened; recorded with its stack trace
     * @param policy decides by the attempt's number and the cause
     * @return empty if recorded; on a lost lease the refusal, and nothing changed
     * @throws BusyException if an open transaction holds the job's row; nothing was written
     */
    Optional<Refusal> fail(Throwable cause, RetryPolicy policy);

    /**
     * Gives the job back, claimable at once at its old place, without counting the attempt. May be repeated after a lost
     * answer, to no further effect.
     *
     * @return empty if it was ours to give; else the refusal, and nothing changed
     * @throws BusyException if an open transaction holds the job's row; nothing was written
     */
    Optional<Refusal> release();
}
