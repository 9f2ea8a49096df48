package dev.pawl.audit;

import dev.pawl.internal.Checks;
import java.time.Duration;

/**
 * From when on something counts as too long, and how much an audit looks at in one go. Immutable.
 *
 * @param leaseExpired how long ago a lease has to have expired; 10 min unless told otherwise
 * @param due how long a job has to have been due; 1 h unless told otherwise
 * @param orphaned how long ago a parent has to have ended; 5 min unless told otherwise
 * @param paused how long a queue has to have been paused; 24 h unless told otherwise
 * @param still how long a scan must not have moved; 1 h unless told otherwise
 * @param snapshot how old a snapshot has to be; 1 h unless told otherwise
 * @param time how long an audit takes at most, but for its last page; an hour unless told otherwise
 * @param jobs at how many jobs it looks at most; all, unless told otherwise
 */
public record AuditLimits(
        Duration leaseExpired,
        Duration due,
        Duration orphaned,
        Duration paused,
        Duration still,
        Duration snapshot,
        Duration time,
        long jobs) {
    /** The limits unless told otherwise. */
    public static final AuditLimits STANDARD = new AuditLimits(
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            Duration.ofMinutes(5),
            Duration.ofHours(24),
            Duration.ofHours(1),
            Duration.ofHours(1),
            Duration.ofHours(1),
            Long.MAX_VALUE);

    /** Checks the durations. */
    public AuditLimits {
        Checks.notNegative("time since the expiry of a lease", leaseExpired);
        Checks.notNegative("time that a job has been due", due);
        Checks.notNegative("time since the end of a parent", orphaned);
        Checks.notNegative("time that a queue has been paused", paused);
        Checks.notNegative("time that a scan has not moved", still);
        Checks.notNegative("age of a snapshot", snapshot);
        Checks.positive("time of an audit", time);
        if (jobs < 1) {
            throw new IllegalArgumentException("jobs to look at must be 1 or more, but were " + jobs);
        }
    }

    /**
     * The same, with another patience for work that nobody takes.
     *
     * @param expiredLease how long ago a lease has to have expired
     * @param dueJob how long a job has to have been due
     * @return other limits
     */
    public AuditLimits unclaimed(Duration expiredLease, Duration dueJob) {
        return new AuditLimits(expiredLease, dueJob, orphaned, paused, still, snapshot, time, jobs);
    }

    /**
     * The same, with another patience for children of parents that have ended.
     *
     * @param sinceTheEnd how long ago a parent has to have ended
     * @return other limits
     */
    public AuditLimits orphaned(Duration sinceTheEnd) {
        return new AuditLimits(leaseExpired, due, sinceTheEnd, paused, still, snapshot, time, jobs);
    }

    /**
     * The same, with another patience for what stands still.
     *
     * @param pausedQueue how long a queue has to have been paused
     * @param stillScan how long a scan must not have moved
     * @param oldSnapshot how old a snapshot has to be
     * @return other limits
     */
    public AuditLimits still(Duration pausedQueue, Duration stillScan, Duration oldSnapshot) {
        return new AuditLimits(leaseExpired, due, orphaned, pausedQueue, stillScan, oldSnapshot, time, jobs);
    }

    /**
     * The same, in smaller pieces: an audit ends at the first of these, and says where to go on.
     *
     * @param longest how long it takes at most, but for its last page
     * @param mostJobs at how many jobs it looks at most
     * @return other limits
     */
    public AuditLimits atMost(Duration longest, long mostJobs) {
        return new AuditLimits(leaseExpired, due, orphaned, paused, still, snapshot, longest, mostJobs);
    }
}
