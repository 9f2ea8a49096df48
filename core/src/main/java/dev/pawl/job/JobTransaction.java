package dev.pawl.job;

import dev.pawl.lease.LeaseLostException;
import dev.pawl.lease.RefusedException;
import java.util.List;

/**
 * Pawl's part in a transaction that the caller owns: it happens if and when the caller commits. Pawl never commits, rolls
 * back or closes it.
 *
 * <p>A refusal throws, and makes the transaction unable to commit, so that your own rows go with it even if the exception
 * is swallowed: the commit throws, too. Only a savepoint of yours, rolled back, undoes that.
 *
 * <p>So does what the database refuses or fails at ({@code StoreException}), and, where a store does not wait for rows that other
 * transactions have locked, a {@link dev.pawl.lease.BusyException}. Bad input is refused with an IllegalArgumentException before
 * anything is written, and leaves the transaction as it is: a payload, progress or result that is too large or that the codec can't
 * write, more than 10,000 jobs at once, a pipeline that is recorded with other stages.
 *
 * <p>Every method throws IllegalStateException, and does nothing, if the connection is in auto-commit mode or read-only. To
 * be used by the transaction's thread only.
 */
public interface JobTransaction {
    /**
     * Enqueues a job, if the transaction commits. A known key or id returns the existing job (rule J9); a key that another
     * open transaction enqueues is waited for.
     *
     * @param job what to enqueue
     * @return its id, and whether this call created it
     */
    Enqueued enqueue(NewJob<?> job);

    /**
     * Enqueues jobs, if the transaction commits.
     *
     * @param jobs what to enqueue, at most 10,000
     * @return answers in the same order
     */
    List<Enqueued> enqueueAll(List<? extends NewJob<?>> jobs);

    /**
     * Holds the job until the end of the transaction: nobody can take it over before. Do this last, or, in a REPEATABLE READ
     * or SERIALIZABLE transaction, first: a client that freezes behind it keeps the job from everyone. From then on the
     * attempt's own {@code saveProgress} is refused, since it would wait for this very transaction: use the one here.
     *
     * @param attempt what the caller works on
     * @throws LeaseLostException if the attempt no longer holds the job; the transaction can't commit
     */
    void fence(Attempt<?> attempt);

    /**
     * Saves a position inside the stage, if the transaction commits.
     *
     * @param attempt what the caller works on
     * @param progress what the codec can write
     * @throws LeaseLostException if the attempt no longer holds the job; the transaction can't commit
     */
    void saveProgress(Attempt<?> attempt, Object progress);

    /**
     * Writes a handler's outcome here, as the last thing in the transaction, and returns what the handler shall return for
     * it, so that the worker does not write it again: {@code return tx.record(job, done(result));}
     *
     * @param <R> the stage's result
     * @param attempt what the caller works on
     * @param outcome what became of it; must not be recorded already
     * @return what the handler returns after the commit
     * @throws LeaseLostException if the attempt no longer holds the job; the transaction can't commit
     * @throws RefusedException if the same was recorded before (its commit was not known to have succeeded); the
     *     transaction can't commit, and the rows of the first time stand
     */
    <R> Outcome<R> record(Attempt<?> attempt, Outcome<R> outcome);

    /**
     * Checkpoints a job that was claimed by hand.
     *
     * @param <R> the stage's result
     * @param job what the caller holds
     * @param stage its current stage
     * @param result with what
     * @throws LeaseLostException if the job is held by a later claim, or it has ended, or it is gone; the transaction can't
     *     commit
     * @throws RefusedException if it is at another stage, or this was done before; the transaction can't commit
     */
    <R> void checkpoint(ClaimedJob<?> job, Stage<R> stage, R result);

    /**
     * Checkpoints a stage without a result of a job that was claimed by hand; see
     * {@link #checkpoint(ClaimedJob, Stage, Object)}.
     *
     * @param job what the caller holds
     * @param stage its current stage
     */
    void checkpoint(ClaimedJob<?> job, Stage<Void> stage);
}
