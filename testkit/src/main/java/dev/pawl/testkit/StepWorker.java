package dev.pawl.testkit;

import dev.pawl.job.JobId;
import dev.pawl.job.Outcome;
import java.util.Optional;

/**
 * A worker in slow motion: it does what it is told, a step at a time, in the test's thread. What it writes, and when, is what
 * a {@code Worker} writes; but nothing renews its lease unless the test says so. Each method returns when what it says has
 * happened, or throws an AssertionError. To be used by one thread.
 */
public interface StepWorker {
    /**
     * Claims one job and holds it, and goes on with the cancelling of children before, as a worker does. One that has been taken over too often is failed, and the next one claimed.
     *
     * @return the job, or empty if none is claimable now
     * @throws AssertionError if it holds a job already
     */
    Optional<JobId> claim();

    /**
     * Runs the handler of the current stage of what it holds, and keeps what came of it; writes nothing yet. What a handler
     * throws is thrown here, and {@link #record()} reports it as a failed attempt. A stage that fans out is split, and once its
     * children have ended it is judged, and joined if that is the verdict.
     *
     * @return what the handler returned, or the join; {@code later(Duration.ZERO)}, which means not yet, for a stage that was
     *     split, or judged without a join
     * @throws AssertionError if it holds no job
     */
    Outcome<?> runHandler();

    /**
     * Writes what the handler returned, or that it threw. Asks again, as a worker does, where an answer was lost or the store
     * could not be reached.
     *
     * @throws dev.pawl.lease.LeaseLostException if another holds the job, or it has ended; the worker has let go of it
     * @throws AssertionError if no handler has run
     */
    void record();

    /**
     * Claims if need be, runs, writes: one stage, done.
     *
     * @throws AssertionError if nothing is claimable, or the handler threw; the failed attempt is written then
     */
    void stage();

    /** Renews the lease of what it holds, as a worker does at a third of its length. */
    void renew();

    /**
     * Stage by stage until nothing is claimable now. Failed attempts are written, and a lost lease is let go of.
     *
     * @throws AssertionError if there seems to be no end to it
     */
    void untilIdle();

    /** Dies: forgets all that it holds, without a word to the store. It may claim again, as another process would. */
    void crash();
}
