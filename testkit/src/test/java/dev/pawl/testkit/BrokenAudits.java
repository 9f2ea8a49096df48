package dev.pawl.testkit;

import dev.pawl.Actor;
import dev.pawl.audit.AuditLimits;
import dev.pawl.audit.Auditor;
import dev.pawl.audit.Repair;
import dev.pawl.audit.Violation;
import dev.pawl.job.Children;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.FencingToken;
import dev.pawl.store.AuditedJob;
import dev.pawl.store.Mend;
import dev.pawl.store.Neglected;
import dev.pawl.store.RecordedRepairs;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;

/** Stores whose audits and repairs break a rule, each one thing only. */
final class BrokenAudits {
    private BrokenAudits() {}

    /** Jobs as they should be, and audits that are not. */
    private static final class With extends InMemoryJobStore {
        private static final ThreadLocal<Function<InMemoryJobStore, InMemoryAuditStore>> NEXT = new ThreadLocal<>();

        @Override
        InMemoryAuditStore audits(InMemoryJobStore jobs) {
            return NEXT.get().apply(jobs);
        }
    }

    /** Its audits are made while it is. */
    static Supplier<InMemoryJobStore> with(Function<InMemoryJobStore, InMemoryAuditStore> audits) {
        return () -> {
            With.NEXT.set(audits);
            try {
                return new With();
            } finally {
                With.NEXT.remove();
            }
        };
    }

    /** A1: all is always well with jobs. */
    static final class FindsNothing extends InMemoryAuditStore {
        FindsNothing(InMemoryJobStore jobs) {
            super(jobs);
        }

        @Override
        List<AuditedJob> suspects(List<AuditedJob> page) {
            return List.of();
        }
    }

    /** A1: all is always well with queues. */
    static final class LooksAtJobsOnly extends InMemoryAuditStore {
        LooksAtJobsOnly(InMemoryJobStore jobs) {
            super(jobs);
        }

        @Override
        List<Violation> told(List<Violation> found) {
            return List.of();
        }

        @Override
        List<Neglected> toldOf(List<Neglected> found) {
            return List.of();
        }
    }

    /** A1: whatever waits a moment waits for too long. */
    static final class HasNoPatience extends InMemoryAuditStore {
        HasNoPatience(InMemoryJobStore jobs) {
            super(jobs);
        }

        @Override
        AuditLimits patience(AuditLimits limits) {
            return limits.unclaimed(Duration.ZERO, Duration.ZERO);
        }
    }

    /** A1: compares the counts of a parent with the children that it had when it was first looked at. */
    static final class CountsByAnOldSnapshot extends InMemoryAuditStore {
        private final Map<FencingToken, Children.Counts> first = new HashMap<>();

        CountsByAnOldSnapshot(InMemoryJobStore jobs) {
            super(jobs);
        }

        @Override
        Children.Counts counted(JobId parent, FencingToken fan) {
            return first.computeIfAbsent(fan, token -> super.counted(parent, token));
        }
    }

    /** A1: counts anew while it looks. */
    static final class MendsWhatItFinds extends InMemoryAuditStore {
        MendsWhatItFinds(InMemoryJobStore jobs) {
            super(jobs);
        }

        @Override
        List<AuditedJob> suspects(List<AuditedJob> page) {
            page.forEach(job -> recountParent(job.id(), jobs.time().now()));
            return page;
        }
    }

    /** A2: does what was planned, whatever has become of the job. */
    static final class RepairsWhateverThereIs extends InMemoryAuditStore {
        RepairsWhateverThereIs(InMemoryJobStore jobs) {
            super(jobs);
        }

        @Override
        boolean isAsPlanned(AuditedJob job, Auditor.Plan plan) {
            return true;
        }
    }

    /** A2: writes to rows that somebody has locked. */
    static final class RepairsLockedRows extends InMemoryAuditStore {
        RepairsLockedRows(InMemoryJobStore jobs) {
            super(jobs);
        }

        @Override
        boolean isLocked(JobId id) {
            return false;
        }
    }

    /** A2: says that it counted the children anew. */
    static final class RecountsNothing extends InMemoryAuditStore {
        RecountsNothing(InMemoryJobStore jobs) {
            super(jobs);
        }

        @Override
        JobRow mended(JobRow row, AuditedJob job, Mend mend, Instant now) {
            return mend instanceof Mend.Recount ? row : super.mended(row, job, mend, now);
        }
    }

    /** A1: ends children, and leaves their parent's counts as they were. */
    static final class ForgetsTheParent extends InMemoryAuditStore {
        ForgetsTheParent(InMemoryJobStore jobs) {
            super(jobs);
        }

        @Override
        void recountParent(JobId parent, Instant now) {}
    }

    /** A1: moves a job, and leaves it to its holder. */
    static final class SparesTheHolder extends InMemoryAuditStore {
        SparesTheHolder(InMemoryJobStore jobs) {
            super(jobs);
        }

        @Override
        JobRow mended(JobRow row, AuditedJob job, Mend mend, Instant now) {
            return mend instanceof Mend.GoOn || mend instanceof Mend.Cancel ? row : super.mended(row, job, mend, now);
        }
    }

    /** A2: lets children work on for a job that begins anew. */
    static final class LeavesChildren extends InMemoryAuditStore {
        LeavesChildren(InMemoryJobStore jobs) {
            super(jobs);
        }

        @Override
        void cancelChildren(JobRow parent, Instant now) {}
    }

    /** A3: leaves no record. */
    static final class LeavesNoRecord extends InMemoryAuditStore {
        LeavesNoRecord(InMemoryJobStore jobs) {
            super(jobs);
        }

        @Override
        void record(Repair repair) {}
    }

    /** A3: a page of records ends with the one that the next begins with. */
    static final class RepeatsTheLastRecord extends InMemoryAuditStore {
        RepeatsTheLastRecord(InMemoryJobStore jobs) {
            super(jobs);
        }

        @Override
        RecordedRepairs page(List<Repair> recorded, OptionalLong before, int limit, Instant now) {
            return super.page(
                    recorded, before.isPresent() ? OptionalLong.of(before.getAsLong() + 1) : before, limit, now);
        }
    }

    /** A3: forgets who asked for it. */
    static final class RecordsNobody extends InMemoryAuditStore {
        RecordsNobody(InMemoryJobStore jobs) {
            super(jobs);
        }

        @Override
        void record(Repair repair) {
            super.record(new Repair(
                    repair.at(), Actor.SYSTEM, repair.code(), repair.job(), repair.before(), repair.after()));
        }
    }

    /** A5: completes whatever is to be ended, against the evidence. */
    static final class KnowsBetter extends InMemoryAuditStore {
        KnowsBetter(InMemoryJobStore jobs) {
            super(jobs);
        }

        @Override
        JobRow mended(JobRow row, AuditedJob job, Mend mend, Instant now) {
            return super.mended(row, job, mend instanceof Mend.End ? new Mend.End(JobStatus.COMPLETED) : mend, now);
        }
    }
}
