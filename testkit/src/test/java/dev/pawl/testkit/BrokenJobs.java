package dev.pawl.testkit;

import dev.pawl.Json;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.Refusal;
import dev.pawl.store.Answer;
import dev.pawl.store.JobState;
import dev.pawl.store.JobState.Phase;
import dev.pawl.store.JobWrite;
import dev.pawl.store.Recorded;
import dev.pawl.store.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Stores that break a rule of what a write does to a job, each one thing only. */
final class BrokenJobs {
    private BrokenJobs() {}

    /** J1: the result is written first, and by itself. */
    static final class WritesTheResultApart extends InMemoryJobStore {
        @Override
        Transition decide(JobWrite write, JobState job, Optional<Recorded> recorded, Instant now) {
            if (write instanceof JobWrite.Checkpoint done && recorded.isEmpty()) {
                Recorded first = new Recorded(done.stage(), done.fence(), done.result());
                lookUp(job.id()).ifPresent(row -> put(row.and(first)));
            }
            return super.decide(write, job, recorded, now);
        }
    }

    /** J1: a checkpoint does not extend the lease. */
    static final class LetsTheLeaseRun extends InMemoryJobStore {
        @Override
        JobRow afterWrite(JobRow row, JobWrite write, JobState next, Instant now) {
            boolean stays = write instanceof JobWrite.Checkpoint && next.phase() instanceof Phase.Running;
            return super.afterWrite(
                    row, write, stays ? States.phase(next, row.state().phase()) : next, now);
        }
    }

    /** J1: the next stage finds the progress of the one before. */
    static final class KeepsTheProgress extends InMemoryJobStore {
        @Override
        JobRow afterWrite(JobRow row, JobWrite write, JobState next, Instant now) {
            JobRow after = super.afterWrite(row, write, next, now);
            return write instanceof JobWrite.Checkpoint ? after.progress(row.progress()) : after;
        }
    }

    /** J1: a checkpoint sends the job to the end of the line. */
    static final class CheckpointMovesThePlace extends InMemoryJobStore {
        @Override
        JobRow afterWrite(JobRow row, JobWrite write, JobState next, Instant now) {
            return write instanceof JobWrite.Checkpoint && next.phase() instanceof Phase.Running running
                    ? super.afterWrite(
                            row,
                            write,
                            States.phase(next, new Phase.Running(running.holder(), running.expiresAt(), now)),
                            now)
                    : super.afterWrite(row, write, next, now);
        }
    }

    /** J1: no result is the result null. */
    static final class TakesNothingForNull extends InMemoryJobStore {
        @Override
        JobRow afterWrite(JobRow row, JobWrite write, JobState next, Instant now) {
            JobRow after = super.afterWrite(row, write, next, now);
            return write instanceof JobWrite.Checkpoint done && done.result().isEmpty()
                    ? after.and(new Recorded(done.stage(), done.fence(), Optional.of(Json.NULL)))
                    : after;
        }
    }

    /** J2: a checkpoint of a later stage takes the job there. */
    static final class SkipsStages extends InMemoryJobStore {
        @Override
        Transition decide(JobWrite write, JobState job, Optional<Recorded> recorded, Instant now) {
            return write instanceof JobWrite.Checkpoint done && done.stage() > job.stage()
                    ? super.decide(write, States.stage(job, done.stage()), recorded, now)
                    : super.decide(write, job, recorded, now);
        }
    }

    /** J2: a repeat after a lost answer is refused. */
    static final class KnowsNoRepeats extends InMemoryJobStore {
        @Override
        Transition decide(JobWrite write, JobState job, Optional<Recorded> recorded, Instant now) {
            return super.decide(write, job, Optional.empty(), now);
        }
    }

    /** J2: the first result wins, and nobody is told. */
    static final class ForgivesConflicts extends InMemoryJobStore {
        @Override
        Transition decide(JobWrite write, JobState job, Optional<Recorded> recorded, Instant now) {
            Transition transition = super.decide(write, job, recorded, now);
            return write instanceof JobWrite.Checkpoint && isConflict(transition)
                    ? new Transition.Repeated(job)
                    : transition;
        }
    }

    /** J2: whoever checkpointed the stage, it counts as this one's repeat. */
    static final class TakesOthersWorkForItsOwn extends InMemoryJobStore {
        @Override
        Transition decide(JobWrite write, JobState job, Optional<Recorded> recorded, Instant now) {
            return recorded.isPresent() ? new Transition.Repeated(job) : super.decide(write, job, recorded, now);
        }
    }

    /** J3: the last stage is recorded, and the next look at the job shall complete it. */
    static final class CompletesLater extends InMemoryJobStore {
        @Override
        JobRow afterWrite(JobRow row, JobWrite write, JobState next, Instant now) {
            JobRow after = super.afterWrite(row, write, next, now);
            return next.status() == JobStatus.COMPLETED ? after.state(row.state()) : after;
        }
    }

    /** J3: off by one at the end. */
    static final class CompletesTooEarly extends InMemoryJobStore {
        @Override
        JobRow afterWrite(JobRow row, JobWrite write, JobState next, Instant now) {
            boolean nearly = write instanceof JobWrite.Checkpoint && next.stage() == next.stages() - 1;
            return super.afterWrite(row, write, nearly ? States.completed(next, now) : next, now);
        }
    }

    /** J4: the count of rows is not looked at. */
    static final class DropsRowCount extends InMemoryJobStore {
        @Override
        Answer answer(JobWrite write, Transition transition) {
            if (transition instanceof Transition.Refused) {
                return lookUp(write.job())
                        .<Answer>map(row -> new Answer.Done(row.state()))
                        .orElseGet(() ->
                                new Answer.Done(rows().findFirst().orElseThrow().state()));
            }
            return super.answer(write, transition);
        }
    }

    /** J4: of two writes for one job in one statement, one is lost. */
    static final class TakesTwoForOneJob extends InMemoryJobStore {
        @Override
        void refuseTwoForOneJob(List<? extends JobWrite> writes) {}
    }

    /** J4: a call without a write is a mistake. */
    static final class RefusesEmptyCalls extends InMemoryJobStore {
        @Override
        void refuseTwoForOneJob(List<? extends JobWrite> writes) {
            super.refuseTwoForOneJob(writes);
            if (writes.isEmpty()) {
                throw new IllegalArgumentException("nothing to write");
            }
        }
    }

    /** J5: a job that was given back looks as if it had never started. */
    static final class GoesBackToPending extends InMemoryJobStore {
        @Override
        JobSnapshot snapshot(JobRow row, List<String> stages, Instant asOf) {
            JobSnapshot job = super.snapshot(row, stages, asOf);
            return job.status() == JobStatus.WAITING ? Snapshots.status(job, JobStatus.PENDING) : job;
        }
    }

    /** J5: the holder's name stays on jobs that have ended. */
    static final class KeepsTheHolder extends InMemoryJobStore {
        @Override
        JobSnapshot snapshot(JobRow row, List<String> stages, Instant asOf) {
            JobSnapshot job = super.snapshot(row, stages, asOf);
            return job.status().isEnded() ? Snapshots.holder(job, "worker-1#1", row.enqueuedAt()) : job;
        }
    }

    /** J5: an ended job stays due. */
    static final class KeepsTheDueTime extends InMemoryJobStore {
        @Override
        JobSnapshot snapshot(JobRow row, List<String> stages, Instant asOf) {
            JobSnapshot job = super.snapshot(row, stages, asOf);
            return job.status().isEnded() ? Snapshots.due(job, row.enqueuedAt()) : job;
        }
    }

    /** J5: a release takes back what was not counted. */
    static final class CountsBelowZero extends InMemoryJobStore {
        @Override
        JobSnapshot snapshot(JobRow row, List<String> stages, Instant asOf) {
            JobSnapshot job = super.snapshot(row, stages, asOf);
            boolean givenBack = job.status() == JobStatus.WAITING && job.attempt() == 0;
            return givenBack ? Snapshots.attempt(job, -1) : job;
        }
    }

    /** J6: a failed job is tried again some day, whatever was said. */
    static final class RevivesTheFailed extends InMemoryJobStore {
        @Override
        Transition decide(JobWrite write, JobState job, Optional<Recorded> recorded, Instant now) {
            return write instanceof JobWrite.Fail fail
                    ? new JobWrite.Fail(
                                    fail.job(),
                                    fail.fence(),
                                    fail.stage(),
                                    fail.error(),
                                    fail.retryIn().or(() -> Optional.of(Duration.ofDays(1))))
                            .on(job, recorded, now)
                    : super.decide(write, job, recorded, now);
        }
    }

    /** J6: a retry begins again at the first stage. */
    static final class RetriesFromTheStart extends InMemoryJobStore {
        @Override
        JobRow afterWrite(JobRow row, JobWrite write, JobState next, Instant now) {
            return super.afterWrite(row, write, write instanceof JobWrite.Retry ? States.stage(next, 0) : next, now);
        }
    }

    /** J6: a retry takes whatever it gets. */
    static final class RetriesAnything extends InMemoryJobStore {
        @Override
        Transition decide(JobWrite write, JobState job, Optional<Recorded> recorded, Instant now) {
            return write instanceof JobWrite.Retry && job.status() == JobStatus.RUNNING
                    ? new Transition.Moved(States.phase(job, new Phase.Waiting(now)))
                    : super.decide(write, job, recorded, now);
        }
    }

    /** J6: a retry forgives nothing. */
    static final class KeepsCountersOnRetry extends InMemoryJobStore {
        @Override
        JobRow afterWrite(JobRow row, JobWrite write, JobState next, Instant now) {
            JobState former = row.state();
            return super.afterWrite(
                    row,
                    write,
                    write instanceof JobWrite.Retry
                            ? States.counters(next, former.attempt(), former.takeovers())
                            : next,
                    now);
        }
    }

    /** J7: who runs may finish. */
    static final class CancelSparesTheRunning extends InMemoryJobStore {
        @Override
        Transition decide(JobWrite write, JobState job, Optional<Recorded> recorded, Instant now) {
            return write instanceof JobWrite.Cancel && job.phase() instanceof Phase.Running
                    ? new Transition.Refused(new Refusal.NotAllowed("cancel", "RUNNING"))
                    : super.decide(write, job, recorded, now);
        }
    }

    /** J7: cancelled is cancelled, even what had completed. */
    static final class CancelsTheFailed extends InMemoryJobStore {
        @Override
        Transition decide(JobWrite write, JobState job, Optional<Recorded> recorded, Instant now) {
            return write instanceof JobWrite.Cancel && job.status() == JobStatus.FAILED
                    ? new Transition.Moved(States.phase(job, new Phase.Ended(JobStatus.CANCELLED, now)))
                    : super.decide(write, job, recorded, now);
        }
    }

    /** J17: a late number turns progress back. */
    static final class TurnsProgressBack extends InMemoryJobStore {
        @Override
        Transition decide(JobWrite write, JobState job, Optional<Recorded> recorded, Instant now) {
            boolean lower = write instanceof JobWrite.SaveProgress save && save.number() < job.progressNo();
            return super.decide(write, lower ? States.progressNo(job, 0) : job, recorded, now);
        }
    }

    /** J17: a claim starts the numbers anew. */
    static final class ForgetsTheNumber extends InMemoryJobStore {
        @Override
        JobRow afterClaim(JobRow row, JobState next, dev.pawl.store.ClaimRequest.Runs runs, Instant now) {
            return super.afterClaim(row, States.progressNo(next, 0), runs, now);
        }
    }

    /** J17: the numbers of one stage go on in the next. */
    static final class CountsThroughStages extends InMemoryJobStore {
        @Override
        JobRow afterWrite(JobRow row, JobWrite write, JobState next, Instant now) {
            boolean done = write instanceof JobWrite.Checkpoint;
            return super.afterWrite(
                    row, write, done ? States.progressNo(next, row.state().progressNo()) : next, now);
        }
    }

    /** J11: JSON is read and written again on its way, as by jsonb. */
    static final class ReordersJson extends InMemoryJobStore {
        @Override
        Json stored(Json json) {
            return Json.wellFormed(json.text().replaceAll("\\s+", ""));
        }
    }

    /** J11: the column is too short. */
    static final class CutsLongJson extends InMemoryJobStore {
        @Override
        Json stored(Json json) {
            return json.text().length() <= 65_535
                    ? json
                    : Json.wellFormed(json.text().substring(0, 65_535));
        }
    }

    /** J11: the JSON null is taken for the SQL one. */
    static final class DropsNull extends InMemoryJobStore {
        @Override
        JobRow afterWrite(JobRow row, JobWrite write, JobState next, Instant now) {
            JobRow after = super.afterWrite(row, write, next, now);
            return write instanceof JobWrite.Checkpoint done
                            && done.result().filter(Json.NULL::equals).isPresent()
                    ? after.and(new Recorded(done.stage(), done.fence(), Optional.empty()))
                    : after;
        }
    }

    private static boolean isConflict(Transition transition) {
        return transition instanceof Transition.Refused refused
                && refused.refusal().reason() == Refusal.Reason.CONFLICT;
    }
}
