package dev.pawl.testkit;

import dev.pawl.lease.FencingToken;
import dev.pawl.lease.Refusal;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.ClaimRequest.Runs;
import dev.pawl.store.JobState;
import dev.pawl.store.JobState.Phase;
import dev.pawl.store.JobWrite;
import dev.pawl.store.Recorded;
import dev.pawl.store.Transition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Stores that break a rule of counting, of suspects, or of neighbours, each one thing only. */
final class BrokenSuspects {
    private BrokenSuspects() {}

    /** J13: an outage uses up everyone's attempts. */
    static final class CountsTakeoversAsAttempts extends InMemoryJobStore {
        @Override
        JobState claimed(JobState job, Runs runs, FencingToken token, ClaimRequest request, Instant now) {
            JobState next = super.claimed(job, runs, token, request, now);
            return next.takeovers() > job.takeovers()
                    ? States.counters(next, next.attempt() + 1, next.takeovers())
                    : next;
        }
    }

    /** J13: a renewal counts as getting on. */
    static final class ForgivesWhoRenews extends InMemoryJobStore {
        @Override
        JobRow afterWrite(JobRow row, JobWrite write, JobState next, Instant now) {
            JobState forgiven = write instanceof JobWrite.Renew ? States.counters(next, next.attempt(), 0) : next;
            return super.afterWrite(row, write, forgiven, now);
        }
    }

    /** J13: once taken over, always a suspect. */
    static final class NeverForgives extends InMemoryJobStore {
        @Override
        JobRow afterWrite(JobRow row, JobWrite write, JobState next, Instant now) {
            return super.afterWrite(
                    row,
                    write,
                    States.counters(next, next.attempt(), row.state().takeovers()),
                    now);
        }
    }

    /** J13: who kills its worker is claimed with all the others. */
    static final class SuspectsNobody extends InMemoryJobStore {
        @Override
        boolean comesAlone(JobState job) {
            return false;
        }
    }

    /** J13: who was taken over once and given back is claimed with all the others. */
    static final class SuspectsTheExpiredOnly extends InMemoryJobStore {
        @Override
        boolean comesAlone(JobState job) {
            return job.phase() instanceof Phase.Running;
        }
    }

    /** J13: a suspect that is not the first comes with the others. */
    static final class LetsSuspectsComeAlong extends InMemoryJobStore {
        @Override
        List<JobRow> together(List<JobRow> due) {
            return due.isEmpty() || comesAlone(due.get(0).state()) ? super.together(due) : due;
        }
    }

    /** J13: an exhausted job is left lying, and nobody ever fails it. */
    static final class HidesTheExhausted extends InMemoryJobStore {
        @Override
        boolean isClaimable(JobState job, Instant now) {
            return super.isClaimable(job, now) && job.takeovers() < 5;
        }
    }

    /** J14: who saves progress must renew as well. */
    static final class SavesWithoutRenewing extends InMemoryJobStore {
        @Override
        JobRow afterWrite(JobRow row, JobWrite write, JobState next, Instant now) {
            boolean saved = write instanceof JobWrite.SaveProgress;
            return super.afterWrite(
                    row, write, saved ? States.phase(next, row.state().phase()) : next, now);
        }
    }

    /** J15: one refusal, and whatever comes after it in the call is refused as well. */
    static final class StopsAtTheFirstRefusal extends InMemoryJobStore {
        private boolean stopped;

        @Override
        void refuseTwoForOneJob(List<? extends JobWrite> writes) {
            stopped = false;
            super.refuseTwoForOneJob(writes);
        }

        @Override
        Transition decide(JobWrite write, JobState job, Optional<Recorded> recorded, Instant now) {
            Transition transition =
                    stopped ? new Transition.Refused(new Refusal.Missing()) : super.decide(write, job, recorded, now);
            stopped |= transition instanceof Transition.Refused;
            return transition;
        }
    }
}
