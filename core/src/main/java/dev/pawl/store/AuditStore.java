package dev.pawl.store;

import dev.pawl.Actor;
import dev.pawl.audit.AuditLimits;
import dev.pawl.audit.Auditor;
import dev.pawl.audit.Violation;
import dev.pawl.job.JobId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** What an audit reads, and a repair writes; for implementers. Each method is one transaction. Safe for use by many threads. */
public interface AuditStore {
    /** The name of the lease of whoever audits at an interval (rule A4). */
    String LEASE = "pawl/auditor";

    /**
     * Looks at a page of jobs, in the order of queues and ids.
     *
     * @param after the last one of the page before; empty for the first page
     * @param most at how many to look at most
     * @param limits what is too long
     * @return those among them that {@link Diagnosis} may have something to say of, and those that nobody takes
     */
    Looked look(Optional<JobId> after, int most, AuditLimits limits);

    /**
     * Looks at what is about no job: tokens of leases and scans, paused queues, old snapshots.
     *
     * @param limits what is too long
     * @return what was found
     */
    List<Violation> surroundings(AuditLimits limits);

    /**
     * Reads a job, for a plan.
     *
     * @param id the job's
     * @return empty if there is none
     */
    Optional<AuditedJob> read(JobId id);

    /**
     * Carries out a plan, if the job is as it was planned from (rule A2), and records it. Counts of relatives follow.
     *
     * @param plan with its guard
     * @param by who decides it
     * @return what became of it
     * @throws dev.pawl.lease.BusyException if somebody has the job's row locked, or its parent's; nothing was written
     */
    Auditor.Repaired.Result repair(Auditor.Plan plan, Actor by);

    /**
     * The records of repairs. They stay when their jobs are removed.
     *
     * @param before only those with a lower number; all if empty
     * @param limit how many at most
     * @return a page
     */
    RecordedRepairs repairs(OptionalLong before, int limit);

    /**
     * A page of jobs.
     *
     * @param suspects those to be diagnosed, and perhaps others
     * @param neglected those that nobody takes
     * @param jobs how many it looked at
     * @param last the last of these; empty if there were none
     * @param lastIssued the last token that the sequence had issued; 0 if none
     * @param at the store's time
     */
    record Looked(
            List<AuditedJob> suspects,
            List<Neglected> neglected,
            int jobs,
            Optional<JobId> last,
            long lastIssued,
            Instant at) {
        /** Keeps the jobs. */
        public Looked {
            suspects = List.copyOf(Objects.requireNonNull(suspects, "suspects"));
            neglected = List.copyOf(Objects.requireNonNull(neglected, "neglected"));
            Objects.requireNonNull(last, "last");
            Objects.requireNonNull(at, "at");
        }
    }
}
