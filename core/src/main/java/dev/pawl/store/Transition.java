package dev.pawl.store;

import dev.pawl.lease.Refusal;
import java.util.Objects;

/** What a write does to one job: moved, a repeat that changes nothing, or refused. */
public sealed interface Transition {
    /**
     * The job changes.
     *
     * @param job as it is to be
     */
    record Moved(JobState job) implements Transition {
        /** Checks that nothing is missing. */
        public Moved {
            Objects.requireNonNull(job, "job");
        }
    }

    /**
     * The same write was done before, by this claim (rule J2). It changes nothing.
     *
     * @param job as it is
     */
    record Repeated(JobState job) implements Transition {
        /** Checks that nothing is missing. */
        public Repeated {
            Objects.requireNonNull(job, "job");
        }
    }

    /**
     * Nothing changes.
     *
     * @param refusal why
     */
    record Refused(Refusal refusal) implements Transition {
        /** Checks that nothing is missing. */
        public Refused {
            Objects.requireNonNull(refusal, "refusal");
        }
    }
}
