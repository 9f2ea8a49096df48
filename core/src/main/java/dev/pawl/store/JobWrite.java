package dev.pawl.store;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.job.JobId;
import dev.pawl.lease.Fence;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Everything that can happen to a job that exists, as values. Each says by itself what it does to a job ({@link #on}): a
 * pure function, which the store in memory calls and the SQL is held against. A new kind can't be forgotten there, since
 * it does not compile without.
 */
public sealed interface JobWrite {
    /**
     * The job that is written.
     *
     * @return its id
     */
    JobId job();

    /**
     * The job as it would be, or why not. Knows no clock and no store.
     *
     * @param job as it is, read under its lock
     * @param recorded the checkpoint of the stage that this write names, if there is one; only a checkpoint asks
     * @param now the store's time
     * @return what this write does to the job
     */
    Transition on(JobState job, Optional<Recorded> recorded, Instant now);

    /** By the holder: has no effect unless the fence is current (rule L3). */
    sealed interface Fenced extends JobWrite {
        /**
         * What the writer holds.
         *
         * @return its token and holder
         */
        Fence fence();
    }

    /** By the holder, of one stage: refused at any other. */
    sealed interface AtStage extends Fenced {
        /**
         * The stage's position.
         *
         * @return 0 for the first
         */
        int stage();
    }

    /** By an operator: guarded by the status, recorded with who did it. */
    sealed interface Named extends JobWrite {
        /**
         * Who asks for it.
         *
         * @return the operator
         */
        Actor by();
    }

    /**
     * Keeps the lease; never shortens it (rule L4).
     *
     * @param job the job
     * @param fence the holder's
     * @param length from the store's time on
     */
    record Renew(JobId job, Fence fence, Duration length) implements Fenced {
        /** Checks that nothing is missing. */
        public Renew {
            Objects.requireNonNull(job, "job");
            Objects.requireNonNull(fence, "fence");
            Objects.requireNonNull(length, "length");
        }

        @Override
        public Transition on(JobState job, Optional<Recorded> recorded, Instant now) {
            return Lifecycle.renew(job, this, now);
        }
    }

    /**
     * Saves a position inside the stage, and renews the lease.
     *
     * @param job the job
     * @param fence the holder's
     * @param stage the current stage's position
     * @param number higher than the saved one's (rule J17); the first is 1
     * @param progress to be found by the next attempt
     * @param length of the lease from now on
     */
    record SaveProgress(JobId job, Fence fence, int stage, long number, Json progress, Duration length)
            implements AtStage {
        /** Checks the number. */
        public SaveProgress {
            Objects.requireNonNull(job, "job");
            Objects.requireNonNull(fence, "fence");
            Objects.requireNonNull(progress, "progress");
            Objects.requireNonNull(length, "length");
            if (number < 1) {
                throw new IllegalArgumentException("progress number must be at least 1, but was " + number);
            }
        }

        @Override
        public Transition on(JobState job, Optional<Recorded> recorded, Instant now) {
            return Lifecycle.saveProgress(job, this, now);
        }
    }

    /**
     * Records that the stage is done, and moves to the next, or completes the job; renews the lease.
     *
     * @param job the job
     * @param fence the holder's
     * @param stage the current stage's position
     * @param result empty for a stage without a result
     * @param length of the lease from now on
     */
    record Checkpoint(JobId job, Fence fence, int stage, Optional<Json> result, Duration length) implements AtStage {
        /** Checks that nothing is missing. */
        public Checkpoint {
            Objects.requireNonNull(job, "job");
            Objects.requireNonNull(fence, "fence");
            Objects.requireNonNull(result, "result");
            Objects.requireNonNull(length, "length");
        }

        @Override
        public Transition on(JobState job, Optional<Recorded> recorded, Instant now) {
            return Lifecycle.checkpoint(job, this, recorded, now);
        }
    }

    /**
     * Reports a failed attempt, and lets go of the lease.
     *
     * @param job the job
     * @param fence the holder's
     * @param stage the current stage's position
     * @param error what happened
     * @param retryIn when to try again; empty: the job fails
     */
    record Fail(JobId job, Fence fence, int stage, ErrorInfo error, Optional<Duration> retryIn) implements AtStage {
        /** Checks that nothing is missing. */
        public Fail {
            Objects.requireNonNull(job, "job");
            Objects.requireNonNull(fence, "fence");
            Objects.requireNonNull(error, "error");
            Objects.requireNonNull(retryIn, "retryIn");
        }

        @Override
        public Transition on(JobState job, Optional<Recorded> recorded, Instant now) {
            return Lifecycle.fail(job, this, now);
        }
    }

    /**
     * Gives the job back without counting the attempt.
     *
     * @param job the job
     * @param fence the holder's
     * @param stage the current stage's position
     * @param delay zero: claimable at once, at its old place; else from then on
     */
    record Release(JobId job, Fence fence, int stage, Duration delay) implements AtStage {
        /** Checks that nothing is missing. */
        public Release {
            Objects.requireNonNull(job, "job");
            Objects.requireNonNull(fence, "fence");
            Objects.requireNonNull(delay, "delay");
        }

        @Override
        public Transition on(JobState job, Optional<Recorded> recorded, Instant now) {
            return Lifecycle.release(job, this, now);
        }
    }

    /**
     * Ends the job, running or not (rule J7).
     *
     * @param job the job
     * @param by who asks for it
     */
    record Cancel(JobId job, Actor by) implements Named {
        /** Checks that nothing is missing. */
        public Cancel {
            Objects.requireNonNull(job, "job");
            Objects.requireNonNull(by, "by");
        }

        @Override
        public Transition on(JobState job, Optional<Recorded> recorded, Instant now) {
            return Lifecycle.cancel(job, now);
        }
    }

    /**
     * Lets a failed or cancelled job go on from its last checkpoint (rule J6).
     *
     * @param job the job
     * @param by who asks for it
     */
    record Retry(JobId job, Actor by) implements Named {
        /** Checks that nothing is missing. */
        public Retry {
            Objects.requireNonNull(job, "job");
            Objects.requireNonNull(by, "by");
        }

        @Override
        public Transition on(JobState job, Optional<Recorded> recorded, Instant now) {
            return Lifecycle.retry(job, now);
        }
    }
}
