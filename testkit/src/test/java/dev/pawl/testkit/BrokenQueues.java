package dev.pawl.testkit;

import dev.pawl.Actor;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.Refusal;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.JobState;
import dev.pawl.store.JobState.Phase;
import dev.pawl.store.JobWrite;
import dev.pawl.store.NewRow;
import dev.pawl.store.Recorded;
import dev.pawl.store.Transition;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/** Stores that break a rule of enqueuing, of order or of pauses, each one thing only. */
final class BrokenQueues {
    private BrokenQueues() {}

    /** J9: the second payload wins. */
    static final class SecondEnqueueWins extends InMemoryJobStore {
        @Override
        void enqueuedAgain(JobRow known, NewRow job) {
            put(known.origin(new NewRow(
                    known.state().id(),
                    job.pipeline(),
                    job.version(),
                    job.stages(),
                    known.origin().key(),
                    job.payload(),
                    job.triggeredBy(),
                    job.priority(),
                    job.notBefore(),
                    job.delay())));
        }
    }

    /** J9: a key is free again as soon as its job has ended. */
    static final class ForgetsEndedKeys extends InMemoryJobStore {
        @Override
        Optional<JobRow> known(NewRow job) {
            return super.known(job).filter(row -> !row.state().status().isEnded());
        }
    }

    /** J9: a key is unique across pipelines and queues. */
    static final class MixesUpKeys extends InMemoryJobStore {
        @Override
        Optional<JobRow> known(NewRow job) {
            return super.known(job)
                    .or(() -> rows().filter(row -> job.key().isPresent()
                                    && job.key().equals(row.origin().key()))
                            .findFirst());
        }
    }

    /** J9: the same id again is a new job. */
    static final class KnowsKeysOnly extends InMemoryJobStore {
        @Override
        Optional<JobRow> known(NewRow job) {
            return super.known(job)
                    .filter(row ->
                            row.origin().key().isPresent() && row.origin().key().equals(job.key()));
        }
    }

    /** J9: a key is stored, and never looked for. */
    static final class KnowsIdsOnly extends InMemoryJobStore {
        @Override
        Optional<JobRow> known(NewRow job) {
            return lookUp(job.id());
        }
    }

    /** J9: no key equals no key. */
    static final class TakesNoKeyForAKey extends InMemoryJobStore {
        @Override
        Optional<JobRow> known(NewRow job) {
            return super.known(job)
                    .or(() -> rows().filter(row -> row.origin().key().isEmpty()
                                    && job.key().isEmpty()
                                    && row.state().id().queue().equals(job.id().queue()))
                            .findFirst());
        }
    }

    /** J9: it was nobody. */
    static final class ForgetsWhoAsked extends InMemoryJobStore {
        @Override
        JobRow created(NewRow job, Instant now) {
            return super.created(
                    new NewRow(
                            job.id(),
                            job.pipeline(),
                            job.version(),
                            job.stages(),
                            job.key(),
                            job.payload(),
                            Actor.SYSTEM,
                            job.priority(),
                            job.notBefore(),
                            job.delay()),
                    now);
        }
    }

    /** J12: the limit is on the wrong side of a join. */
    static final class OverClaims extends InMemoryJobStore {
        @Override
        long most(ClaimRequest request) {
            return Long.MAX_VALUE;
        }
    }

    /** J12: a priority is decoration. */
    static final class OrdersByDueTimeOnly extends InMemoryJobStore {
        @Override
        Comparator<JobState> order() {
            return Comparator.comparing((JobState job) -> job.phase().dueAt().orElseThrow())
                    .thenComparing(super.order());
        }
    }

    /** J12: as long as there is anything of a higher priority, nothing else is looked at. */
    static final class LooksAtTheTopOnly extends InMemoryJobStore {
        @Override
        boolean isClaimable(JobState job, Instant now) {
            return super.isClaimable(job, now)
                    && rows().map(JobRow::state)
                            .filter(other -> other.id().queue().equals(job.id().queue()))
                            .filter(other -> !other.status().isEnded())
                            .allMatch(other -> other.priority() <= job.priority());
        }
    }

    /** J12: ids are compared as Java does, by signed halves. */
    static final class OrdersIdsLikeJava extends InMemoryJobStore {
        @Override
        Comparator<JobState> order() {
            return Comparator.comparingInt(JobState::priority)
                    .reversed()
                    .thenComparing(job -> job.phase().dueAt().orElseThrow())
                    .thenComparing(job -> job.id().uuid());
        }
    }

    /** J12: the newest goes first, and the oldest waits for ever. */
    static final class NewestFirst extends InMemoryJobStore {
        @Override
        Comparator<JobState> order() {
            return Comparator.comparingInt(JobState::priority)
                    .reversed()
                    .thenComparing(job -> job.phase().dueAt().orElseThrow(), Comparator.reverseOrder())
                    .thenComparing(super.order());
        }
    }

    /** J12: who was given back stands at the end of the line. */
    static final class LosesThePlaceOnRelease extends InMemoryJobStore {
        @Override
        JobRow afterWrite(JobRow row, JobWrite write, JobState next, Instant now) {
            boolean atOnce =
                    write instanceof JobWrite.Release release && release.delay().isZero();
            return super.afterWrite(row, write, atOnce ? States.phase(next, new Phase.Waiting(now)) : next, now);
        }
    }

    /** J12: a start time in the past is a place before others. */
    static final class LetsBackdatedJobsPass extends InMemoryJobStore {
        @Override
        JobRow created(NewRow job, Instant now) {
            JobRow row = super.created(job, now);
            return job.notBefore()
                    .filter(start -> start.isBefore(now))
                    .map(start -> row.state(States.phase(row.state(), new Phase.Pending(start))))
                    .orElse(row);
        }
    }

    /** J16: a pause stops new jobs only. */
    static final class PauseStopsNewJobsOnly extends InMemoryJobStore {
        @Override
        boolean isPaused(JobState job) {
            return job.status() == JobStatus.PENDING && super.isPaused(job);
        }
    }

    /** J16: a pause stops holders, too. */
    static final class PauseStopsHolders extends InMemoryJobStore {
        @Override
        Transition decide(JobWrite write, JobState job, Optional<Recorded> recorded, Instant now) {
            return write instanceof JobWrite.Fenced && isPaused(job)
                    ? new Transition.Refused(new Refusal.NotAllowed("write", "paused"))
                    : super.decide(write, job, recorded, now);
        }
    }

    /** J16: one pause is for all queues. */
    static final class PausesEveryQueue extends InMemoryJobStore {
        @Override
        boolean isPaused(JobState job) {
            return rows().anyMatch(row -> super.isPaused(row.state())) || super.isPaused(job);
        }
    }
}
