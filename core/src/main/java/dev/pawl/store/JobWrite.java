package dev.pawl.store;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.lease.Fence;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

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
     * Starts the stage's children, and lets go of the job until they have ended (rule F1). The stage stays the current one. The
     * job and all its children are written together.
     *
     * @param job the job
     * @param fence the holder's; its token names the fan-out
     * @param stage the current stage's position
     * @param policy when the job is woken, and how it is judged
     * @param children keys and ids are unique; none at all: the job is claimable at once (rule F4)
     */
    record FanOut(JobId job, Fence fence, int stage, FanIn policy, List<NewChild> children) implements AtStage {
        /** Keeps the children, and checks their keys and ids. */
        public FanOut {
            Objects.requireNonNull(job, "job");
            Objects.requireNonNull(fence, "fence");
            Objects.requireNonNull(policy, "policy");
            children = List.copyOf(Objects.requireNonNull(children, "children"));
            Set<String> keys = new HashSet<>();
            Set<UUID> ids = new HashSet<>();
            for (NewChild child : children) {
                if (!keys.add(child.key()) || !ids.add(child.id())) {
                    throw new IllegalArgumentException("keys and ids of a stage's children must be unique, but key '"
                            + child.key() + "' or id " + child.id() + " is there twice");
                }
            }
        }

        @Override
        public Transition on(JobState job, Optional<Recorded> recorded, Instant now) {
            return Lifecycle.fanOut(job, this, now);
        }
    }

    /**
     * Lets go of a job that was woken while its children are open, or whose counts disagree with them: they are counted anew,
     * row by row, under the job's lock, and the job waits for them, or goes on at once (rule F7). Gives the attempt back.
     *
     * @param job the job
     * @param fence the holder's
     * @param stage the current stage's position
     */
    record AwaitChildren(JobId job, Fence fence, int stage) implements AtStage {
        /** Checks that nothing is missing. */
        public AwaitChildren {
            Objects.requireNonNull(job, "job");
            Objects.requireNonNull(fence, "fence");
        }

        @Override
        public Transition on(JobState job, Optional<Recorded> recorded, Instant now) {
            return Lifecycle.awaitChildren(job, this, now);
        }
    }

    /**
     * Cancels some of the open children of the stage, and renews the lease: a step of failing fast (rule F3). Those that are
     * locked by somebody are left out. Their own children follow by {@link JobStore#cancelOrphans}.
     *
     * @param job the job
     * @param fence the holder's
     * @param stage the current stage's position
     * @param most how many at most, so that the step stays short
     * @param length of the lease from now on
     */
    record CancelChildren(JobId job, Fence fence, int stage, int most, Duration length) implements AtStage {
        /** Checks the number. */
        public CancelChildren {
            Objects.requireNonNull(job, "job");
            Objects.requireNonNull(fence, "fence");
            Objects.requireNonNull(length, "length");
            if (most < 1) {
                throw new IllegalArgumentException("children to cancel must be at least 1, but were " + most);
            }
        }

        @Override
        public Transition on(JobState job, Optional<Recorded> recorded, Instant now) {
            return Lifecycle.cancelChildren(job, this, now);
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
     * Lets a failed or cancelled job go on from its last checkpoint, and those of its children with it that failed or were
     * cancelled (rule J6). A child's own is refused unless its parent waits for others of the same fan-out.
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
