package dev.pawl.store;

import dev.pawl.audit.Auditor;
import dev.pawl.audit.Invariant;
import dev.pawl.audit.Violation;
import dev.pawl.job.JobStatus;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** What is to be done to a job so that it breaks an invariant no more. A value, the same for every store. */
public sealed interface Mend {
    /** Counts the children by their rows, under the job's lock, and wakes the job if it has nothing to wait for. */
    record Recount() implements Mend {
        @Override
        public String describe(AuditedJob job) {
            return job.fan()
                    .map(children -> children.counted()
                            + (children.isDecided(children.counted())
                                            && job.dueAt().isEmpty()
                                    ? ", and it is woken"
                                    : ""))
                    .orElse("it is woken");
        }
    }

    /** Cancels a child that is there for nobody. */
    record Cancel() implements Mend {
        @Override
        public String describe(AuditedJob job) {
            return JobStatus.CANCELLED.name();
        }
    }

    /**
     * Lets the job go on after its last checkpoint without a gap. Its holder, if it has one, is fenced, and children that are open
     * are cancelled: they are of another position, at which the job begins anew.
     *
     * @param stage the position; checkpoints from it on are removed
     */
    record GoOn(int stage) implements Mend {
        @Override
        public String describe(AuditedJob job) {
            String where = " at position " + stage + " of " + job.stages();
            return (job.status().isEnded() ? job.status().name() : "goes on") + where + cancelled(job);
        }
    }

    /**
     * Ends the job by evidence. Completed, it gets the checkpoints that it lacks, without results; failed, it keeps those without a
     * gap, from which a retry goes on. Its holder, if it has one, is fenced, and children that are open are cancelled.
     *
     * @param as completed or failed
     */
    record End(JobStatus as) implements Mend {
        /** Checks the status. */
        public End {
            Objects.requireNonNull(as, "as");
            if (as != JobStatus.COMPLETED && as != JobStatus.FAILED) {
                throw new IllegalArgumentException("a repair ends a job as COMPLETED or FAILED, but not as " + as);
            }
        }

        /**
         * The position at which the job ends.
         *
         * @param job as it is
         * @return the number of its stages if completed, and less if failed
         */
        public int stageOf(AuditedJob job) {
            return as == JobStatus.COMPLETED ? job.stages() : Math.min(job.checkpointed(), job.stages() - 1);
        }

        /**
         * Whether a retry of the job may go on with the children that it has.
         *
         * @param job as it is
         * @return false if they are of another position, or its row makes no sense
         */
        public boolean keepsChildren(AuditedJob job) {
            return as == JobStatus.FAILED
                    && stageOf(job) == job.stage()
                    && job.nonsense().isEmpty();
        }

        @Override
        public String describe(AuditedJob job) {
            return as + " at position " + stageOf(job) + " of " + job.stages() + cancelled(job);
        }
    }

    /**
     * What becomes of the job, for people.
     *
     * @param job as it is
     * @return in words
     */
    String describe(AuditedJob job);

    /**
     * What would be done about a violation.
     *
     * @param violation as it was found
     * @param job as it is now
     * @param evidence whether its outputs exist, if anybody knows; asked only if that matters
     * @return empty if the job does not break the invariant any more, a repair can't mend it, or evidence is missing
     */
    static Optional<Auditor.Plan> plan(Violation violation, AuditedJob job, Supplier<Optional<Boolean>> evidence) {
        Invariant invariant = violation.invariant();
        if (!Diagnosis.isBroken(invariant, job)) {
            return Optional.empty();
        }
        Optional<Boolean> outputsExist = needsEvidence(invariant) ? evidence.get() : Optional.empty();
        return of(invariant, job, outputsExist)
                .map(mend ->
                        new Auditor.Plan(violation, job.describe(), mend.describe(job), job.guard(), outputsExist));
    }

    private static boolean needsEvidence(Invariant invariant) {
        return invariant == Invariant.STATUS_CONTRADICTS || invariant == Invariant.COMPLETED_WITHOUT_CHECKPOINTS;
    }

    /**
     * What mends a job.
     *
     * @param invariant that is broken
     * @param job that breaks it
     * @param outputsExist what the application's evidence says
     * @return empty if a repair can't mend it, or evidence is missing
     */
    static Optional<Mend> of(Invariant invariant, AuditedJob job, Optional<Boolean> outputsExist) {
        return switch (invariant) {
            case CHILDREN_MISCOUNTED, WAITS_FOR_NONE -> Optional.of(new Recount());
            case CHILD_WITHOUT_PARENT, CHILD_OUTLIVES_PARENT -> Optional.of(new Cancel());
            case POSITION_DISAGREES -> Optional.of(new GoOn(Math.min(job.checkpointed(), job.stages() - 1)));
            case STATUS_CONTRADICTS, COMPLETED_WITHOUT_CHECKPOINTS ->
                outputsExist
                        .filter(known -> job.stages() >= 1)
                        .map(exist -> new End(exist ? JobStatus.COMPLETED : JobStatus.FAILED));
            default -> Optional.empty();
        };
    }

    private static String cancelled(AuditedJob job) {
        int open = job.openChildren();
        return open == 0
                ? ""
                : ", and " + open + (open == 1 ? " open child is cancelled" : " open children are cancelled");
    }
}
