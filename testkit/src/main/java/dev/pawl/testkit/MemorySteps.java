package dev.pawl.testkit;

import dev.pawl.Json;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.FencingToken;
import dev.pawl.store.Answer;
import dev.pawl.store.ChildRow;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.ClaimRequest.Runs;
import dev.pawl.store.JobState;
import dev.pawl.store.JobWrite;
import dev.pawl.store.Lifecycle;
import dev.pawl.store.NewRow;
import dev.pawl.store.Past;
import dev.pawl.store.Recorded;
import dev.pawl.store.RefusedWrite;
import dev.pawl.store.Transition;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What an {@link InMemoryJobStore} does with what it has before it, without its rows. Each of these methods is a step of its own, so
 * that a test can break just that one.
 */
abstract class MemorySteps {
    Answer whileLocked(JobWrite write, JobState committed) {
        return Answer.whileLocked(write, committed);
    }

    /** What is left of a row by a crash: all of it. */
    JobRow recovered(JobRow row) {
        return row;
    }

    /** Why a transaction can't commit. */
    Optional<String> poisonOf(Uncommitted transaction) {
        return transaction.poison();
    }

    /** What a repeat changes: nothing. */
    void enqueuedAgain(JobRow known, NewRow job) {}

    JobRow created(NewRow job, Instant now) {
        return JobRow.of(job, now);
    }

    /** What becomes of JSON on its way in: nothing. */
    Json stored(Json json) {
        return json;
    }

    Optional<Runs> runsOf(JobState job, ClaimRequest request) {
        return request.runs().stream().filter(runs -> runs.canRun(job)).findFirst();
    }

    boolean isClaimable(JobState job, Instant now) {
        return job.isClaimable(now);
    }

    boolean isWithin(Map<Integer, ClaimRequest.Place> bounds, JobState job) {
        ClaimRequest.Place from = bounds.get(job.priority());
        return bounds.isEmpty() || (from != null && ClaimOrder.isAtOrAfter(job, from));
    }

    Comparator<JobState> order() {
        return ClaimOrder.COMPARATOR;
    }

    boolean comesAlone(JobState job) {
        return job.comesAlone();
    }

    /** A suspect that is the first goes alone; others stay. */
    List<JobRow> together(List<JobRow> due) {
        return !due.isEmpty() && comesAlone(due.get(0).state())
                ? due.subList(0, 1)
                : due.stream().filter(row -> !comesAlone(row.state())).toList();
    }

    long most(ClaimRequest request) {
        return request.max();
    }

    JobState claimed(JobState job, Runs runs, FencingToken token, ClaimRequest request, Instant now) {
        return Lifecycle.claimed(job, runs, token, request.holder(), request.length(), now);
    }

    JobRow afterClaim(JobRow row, JobState next, Runs runs, Instant now) {
        JobRow claimed = row.state(next).startedBy(now);
        JobRow adopted = runs.startsOver(next.stage()) ? claimed.progress(Optional.empty()) : claimed;
        return Troubles.takenOver(row.state(), next, now).map(adopted::and).orElse(adopted);
    }

    Transition decide(JobWrite write, JobState job, Optional<Recorded> recorded, Instant now) {
        return write.on(job, recorded, now);
    }

    JobRow afterWrite(JobRow row, JobWrite write, JobState next, Instant now) {
        JobRow moved = row.state(next);
        if (write instanceof JobWrite.SaveProgress save) {
            return moved.progress(Optional.of(stored(save.progress())));
        }
        if (write instanceof JobWrite.Checkpoint done) {
            Recorded checkpoint =
                    new Recorded(done.stage(), done.fence(), done.result().map(this::stored));
            return moved.and(checkpoint).checkpointedAt(done.stage(), now).progress(Optional.empty());
        }
        if (write instanceof JobWrite.FanOut) {
            return moved.progress(Optional.empty());
        }
        if (write instanceof JobWrite.Named named) {
            return moved.and(new Past.Operation(named instanceof JobWrite.Retry, named.by(), now));
        }
        return write instanceof JobWrite.Fail fail ? moved.and(Troubles.failed(row.state(), fail, now)) : moved;
    }

    Answer answer(JobWrite write, Transition transition) {
        return Answer.to(transition);
    }

    JobRow reported(JobRow row, RefusedWrite write, Instant now) {
        return row.and(Troubles.refused(row.state(), write, now));
    }

    /** Of children, those that are told of where failures are asked for. */
    boolean isFailed(JobRow child) {
        return child.state().status() == JobStatus.FAILED;
    }

    List<ChildRow> page(Stream<JobRow> children, Optional<String> after, int limit) {
        return FamilyTree.page(children, after, limit);
    }

    JobSnapshot snapshot(JobRow row, List<String> stages, Instant asOf) {
        return row.snapshot(stages, asOf);
    }

    void refuseTwoForOneJob(List<? extends JobWrite> writes) {
        Set<JobId> seen = new HashSet<>();
        for (JobWrite write : writes) {
            if (!seen.add(write.job())) {
                throw new IllegalArgumentException("one call writes at most once to a job, but names " + write.job()
                        + " twice; nothing was written");
            }
        }
    }

    final NewRow stored(NewRow job) {
        return new NewRow(
                job.id(),
                job.pipeline(),
                job.version(),
                job.stages(),
                job.key(),
                stored(job.payload()),
                job.triggeredBy(),
                job.priority(),
                job.notBefore(),
                job.delay());
    }
}
