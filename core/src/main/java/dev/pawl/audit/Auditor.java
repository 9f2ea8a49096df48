package dev.pawl.audit;

import dev.pawl.Actor;
import dev.pawl.Running;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds and mends. Finding changes nothing; mending is planned, shown, guarded and recorded. Immutable, and safe for use by many
 * threads.
 *
 * <p>Each method throws IllegalStateException if the Pawl is closed, and a PawlException if the store can't be reached or fails.
 */
public interface Auditor {
    /**
     * The same with the application's evidence (rule A5).
     *
     * @param evidence of a pipeline, or a scan; takes the place of what there was for that
     * @return another auditor
     */
    Auditor with(Evidence evidence);

    /**
     * The same with other limits.
     *
     * @param limits instead of {@link AuditLimits#STANDARD}
     * @return another auditor
     */
    Auditor within(AuditLimits limits);

    /**
     * Looks at all jobs, page by page, and then at queues, scans, and the database: or at so many as its limits allow. Changes
     * nothing (rule A1).
     *
     * @return what it found; empty of violations if all is well
     */
    Audit audit();

    /**
     * Goes on where an audit ended at its limits.
     *
     * @param audit one that is not complete
     * @return what it found beyond that
     * @throws IllegalArgumentException if the audit is complete
     */
    Audit more(Audit audit);

    /**
     * What would be done about violations, as far as jobs can be repaired. Changes nothing. What needs no repair any more, what
     * can't be repaired, and what lacks evidence is left out.
     *
     * @param violations as an audit found them
     * @return plans, in the same order
     */
    List<Plan> plan(List<Violation> violations);

    /**
     * Does it, each plan in a transaction of its own, where the job is still as it was planned from (rule A2), and records it (A3).
     *
     * @param plans to carry out; may be repeated
     * @param by who decides it
     * @return what became of each, in the same order
     * @throws dev.pawl.lease.BusyException if an open transaction has one of the rows locked; those before it were repaired, and
     *     this and those after it were not
     */
    List<Repaired> repair(List<Plan> plans, Actor by);

    /**
     * What was repaired.
     *
     * @param most how many records at most, 1 to 10,000
     * @return latest first
     */
    List<Repair> repairs(int most);

    /**
     * What was repaired, page by page. What is recorded meanwhile is in no later page, and moves none.
     *
     * @param limit how many records at most, 1 to 10,000
     * @param next the position that the page before told; empty for the first
     * @return a page, latest first
     * @throws IllegalArgumentException if the position is damaged
     */
    RepairListing repairs(int limit, Optional<String> next);

    /**
     * Audits at an interval, in one process of the fleet at a time, by a named lease (rule A4). Logs what it finds, and goes on
     * after failures.
     *
     * @param interval from the end of an audit to the next, 1 s or more
     * @param listener is told of each audit; what it throws is logged
     * @return to be closed; else it is closed with its Pawl
     */
    Running every(Duration interval, Consumer<Audit> listener);

    /**
     * One repair, as planned: made by {@link #plan}.
     *
     * @param violation what it mends
     * @param before the job as it is
     * @param after the job as it is to be
     * @param guard the state that it was planned from, for machines
     * @param outputsExist what the application's evidence said, if it was asked
     */
    record Plan(Violation violation, String before, String after, String guard, Optional<Boolean> outputsExist) {
        /** Checks that nothing is missing. */
        public Plan {
            Objects.requireNonNull(violation, "violation");
            Objects.requireNonNull(before, "before");
            Objects.requireNonNull(after, "after");
            Objects.requireNonNull(guard, "guard");
            Objects.requireNonNull(outputsExist, "outputsExist");
        }

        /** {@code children-miscounted: job recap/0190…: … -> …}. */
        @Override
        public String toString() {
            return violation.code() + ": " + violation.subject() + ": " + before + " -> " + after;
        }
    }

    /**
     * What became of a plan.
     *
     * @param plan what was planned
     * @param result whether it was done
     */
    record Repaired(Plan plan, Result result) {
        /** Checks that nothing is missing. */
        public Repaired {
            Objects.requireNonNull(plan, "plan");
            Objects.requireNonNull(result, "result");
        }

        /** Whether it was done. */
        public enum Result {
            /** It was, and is recorded. */
            DONE,
            /** The job is not as it was planned from: nothing was done. Audit again. */
            HAS_CHANGED_SINCE
        }
    }
}
