package dev.pawl.store;

import dev.pawl.lease.Refusal;
import java.util.Objects;
import java.util.Optional;

/** A store's answer to one write. */
public sealed interface Answer {
    /**
     * Written and committed (in the caller's transaction: written).
     *
     * @param job as it is now, but for ends of its own children in the same call, which are counted last
     * @param wokeParent whether this end of a child made its parent claimable; of several that did together, one says so
     */
    record Done(JobState job, boolean wokeParent) implements Answer {
        /** Checks that nothing is missing. */
        public Done {
            Objects.requireNonNull(job, "job");
        }

        /**
         * One that woke nobody.
         *
         * @param job as it is now
         */
        public Done(JobState job) {
            this(job, false);
        }
    }

    /**
     * Written before, by an earlier call of the same claim; this call changed nothing.
     *
     * @param job as it is now
     */
    record Repeated(JobState job) implements Answer {
        /** Checks that nothing is missing. */
        public Repeated {
            Objects.requireNonNull(job, "job");
        }
    }

    /**
     * Not written.
     *
     * @param refusal why
     */
    record Refused(Refusal refusal) implements Answer {
        /** Checks that nothing is missing. */
        public Refused {
            Objects.requireNonNull(refusal, "refusal");
        }
    }

    /** Not decided: the job's row is locked by somebody's transaction. Nothing was written; try it alone, later. */
    record Busy() implements Answer {}

    /**
     * The answer that a transition amounts to, once it is written.
     *
     * @param transition what a write does
     * @return the answer
     */
    static Answer to(Transition transition) {
        if (transition instanceof Transition.Moved moved) {
            return new Done(moved.job());
        }
        if (transition instanceof Transition.Repeated repeated) {
            return new Repeated(repeated.job());
        }
        return new Refused(((Transition.Refused) transition).refusal());
    }

    /**
     * The answer to a write whose row somebody's transaction has locked. If the committed state has refused the holder for
     * good, it stays refused, whatever becomes of the lock; every other write is busy, which is not lost (rule L7).
     *
     * @param write what can't be decided
     * @param committed the job as others see it
     * @return refused as a lost lease, or busy
     */
    static Answer whileLocked(JobWrite write, JobState committed) {
        boolean mayBeARepeat =
                write instanceof JobWrite.Checkpoint checkpoint && checkpoint.stage() < committed.stage();
        return write instanceof JobWrite.Fenced
                        && !mayBeARepeat
                        && write.on(committed, Optional.empty(), committed.since())
                                instanceof Transition.Refused refused
                        && refused.refusal().isLeaseLost()
                ? new Refused(refused.refusal())
                : new Busy();
    }
}
