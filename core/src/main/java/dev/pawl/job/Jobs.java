package dev.pawl.job;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.RefusedException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Enqueue, claim and steer jobs, in Pawl's own transactions: what returns is committed, durably. To share a transaction of
 * yours use {@link JobTransaction}. Implemented by Pawl only.
 *
 * <p>Safe for use by many threads, whose calls share commits. Every method throws a
 * {@code dev.pawl.store.StoreException} if the database can't be reached or fails; the call may then be repeated. Once Pawl is
 * closed, every method throws IllegalStateException, and does nothing.
 */
public interface Jobs {
    /**
     * Enqueues a job. A known key or id returns the existing job and changes nothing (rule J9).
     *
     * @param job what to enqueue
     * @return its id, and whether this call created it
     * @throws IllegalArgumentException if the payload is too large or no JSON, or the pipeline's version is recorded with
     *     other stages; nothing was written
     * @throws BusyException if an open transaction has just enqueued the same key; nothing was written
     */
    Enqueued enqueue(NewJob<?> job);

    /**
     * Enqueues jobs, all or none. Much faster than one by one.
     *
     * @param jobs what to enqueue, at most 10,000
     * @return answers in the same order
     * @throws IllegalArgumentException as with {@link #enqueue}; none was written
     * @throws BusyException if an open transaction has just enqueued one of the keys; none was written
     */
    List<Enqueued> enqueueAll(List<? extends NewJob<?>> jobs);

    /**
     * Takes claimable jobs of the pipeline in the queue of the same name; never waits. One that was taken over at its
     * stage may be the one that kills its workers, so it is returned alone (rule J13); after more than five takeovers it is
     * failed instead.
     *
     * @param <P> the payload
     * @param pipeline what the caller can run
     * @param max 1 to 10,000
     * @param lease how long to hold each; renew it in time
     * @return the jobs, maybe none
     */
    <P> List<ClaimedJob<P>> claim(Pipeline<P, ?> pipeline, int max, Duration lease);

    /**
     * Takes claimable jobs of the pipeline in another queue; see {@link #claim(Pipeline, int, Duration)}.
     *
     * @param <P> the payload
     * @param pipeline what the caller can run
     * @param queue where to look
     * @param max 1 to 10,000
     * @param lease how long to hold each
     * @return the jobs, maybe none
     */
    <P> List<ClaimedJob<P>> claim(Pipeline<P, ?> pipeline, String queue, int max, Duration lease);

    /**
     * The job as it is.
     *
     * @param id the job's
     * @return empty if there is no such job
     */
    Optional<JobSnapshot> find(JobId id);

    /**
     * Why a job failed, or was slow: failed attempts, takeovers and refused writes.
     *
     * @param id the job's
     * @return oldest first; empty also if there is no such job
     */
    List<Failure> failures(JobId id);

    /**
     * The last stage's result.
     *
     * @param <R> the result
     * @param id the job's
     * @param pipeline the job's
     * @return empty if the job has not completed, or there is no such job, or the stage has no result
     * @throws IllegalArgumentException if the job is of another pipeline
     */
    <R> Optional<R> result(JobId id, Pipeline<?, R> pipeline);

    /**
     * A stage's result.
     *
     * @param <R> the result
     * @param id the job's
     * @param pipeline the job's
     * @param stage one of its stages
     * @return empty if the stage is not checkpointed, or there is no such job, or the stage has no result, or the job's
     *     version of the pipeline has no such stage
     * @throws IllegalArgumentException if the pipeline has no such stage, or the job is of another pipeline
     */
    <R> Optional<R> result(JobId id, Pipeline<?, ?> pipeline, Stage<R> stage);

    /**
     * The results of all stages that are checkpointed, as they were stored, by the stages' names: for those who don't know the
     * pipeline's types.
     *
     * @param id the job's
     * @return in the order of the stages, without those that have no result; empty also if there is no such job
     */
    Map<String, Json> results(JobId id);

    /**
     * Waits for the job's end. It is looked up now and then, more seldom the longer it takes; a job that ends in this
     * process is seen at once.
     *
     * @param id the job's
     * @param timeout how long to wait at most, on this process's monotonic clock; zero looks once
     * @return the job, ended
     * @throws JobNotEndedException if it has not ended by then
     * @throws RefusedException if there is no such job
     * @throws InterruptedException if the thread was interrupted
     */
    JobSnapshot await(JobId id, Duration timeout) throws InterruptedException;

    /**
     * Ends the job at once, running or not: its holder's writes are refused from then on (rule J7). Its open
     * descendants follow, some hundreds in a transaction: those that nobody has locked are cancelled when this returns, and workers
     * on the queue go on with the others, or with all, if the database can't be reached any longer. Until then they may run, be
     * retried and complete, which counts for nobody. A child that is cancelled counts at its parent as not completed. On a cancelled
     * job it changes nothing.
     *
     * @param id the job's
     * @param by who asks for it; recorded
     * @throws RefusedException if the job completed, failed or is gone; nothing was written
     * @throws BusyException if an open transaction holds the job's row, or its parent's; nothing was written
     */
    void cancel(JobId id, Actor by);

    /**
     * Lets a failed or cancelled job go on from its last checkpoint (rule J6), with its attempts and takeovers counted
     * anew; and with it, in one transaction, those children of its current stage that failed or were cancelled, and theirs. It then
     * waits for them. Children that completed are left alone.
     *
     * @param id the job's; a child's only while its parent waits for others
     * @param by who asks for it; recorded
     * @throws RefusedException if it is not failed or cancelled, has children that are open still, or is a child whose parent waits
     *     for it no longer (the message names the job to retry instead); nothing was written
     * @throws BusyException if an open transaction holds one of the rows; nothing was written
     */
    void retry(JobId id, Actor by);

    /**
     * Stops claims of every kind from the queue (rule J16); what is held goes on. Repeating it changes nothing.
     *
     * @param queue its name
     * @param by who asks for it; recorded
     */
    void pause(String queue, Actor by);

    /**
     * Lets claims go on. Repeating it changes nothing.
     *
     * @param queue its name
     * @param by who asks for it; recorded
     */
    void resume(String queue, Actor by);

    /**
     * Tells whether claims are stopped.
     *
     * @param queue its name
     * @return true between a pause and a resume
     */
    boolean isPaused(String queue);
}
