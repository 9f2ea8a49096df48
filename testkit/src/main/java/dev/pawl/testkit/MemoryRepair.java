package dev.pawl.testkit;

import dev.pawl.job.Children;
import dev.pawl.job.Failure;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.Fence;
import dev.pawl.lease.FencingToken;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.Family;
import dev.pawl.store.JobState;
import dev.pawl.store.JobState.Phase;
import dev.pawl.store.Recorded;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A row as a repair leaves it. */
final class MemoryRepair {
    private static final String HOLDER = "repair";

    private final JobRow row;
    private final JobState job;
    private final Instant now;
    private final Supplier<FencingToken> tokens;

    MemoryRepair(JobRow row, Instant now, Supplier<FencingToken> tokens) {
        this.row = row;
        this.job = row.state();
        this.now = now;
        this.tokens = tokens;
    }

    /** What the children's rows say; a parent that has nothing to wait for gets its place in the order of claims back. */
    static JobState recounted(JobState job, Optional<Children.Counts> counted, Instant now) {
        Optional<Family.Fan> fan =
                job.family().fan().map(kept -> new Family.Fan(kept.by(), kept.policy(), counted.orElseThrow()));
        boolean decided = fan.map(kept -> kept.policy().judge(kept.counts()) != FanIn.Verdict.WAIT)
                .orElse(true);
        Phase phase = job.phase() instanceof Phase.WaitingForChildren && decided
                ? new Phase.Waiting(job.family().place().orElse(now))
                : job.phase();
        return state(
                job,
                job.stage(),
                job.attempt(),
                job.takeovers(),
                job.token(),
                job.progressNo(),
                job.since(),
                phase,
                new Family(job.family().parent(), job.family().place(), fan));
    }

    JobRow cancelled() {
        return row.state(state(
                job,
                job.stage(),
                job.attempt(),
                job.takeovers(),
                job.token(),
                job.progressNo(),
                now,
                new Phase.Ended(JobStatus.CANCELLED, now),
                job.family()));
    }

    JobRow goingOn(int stage) {
        boolean ended = job.status().isEnded();
        Phase phase = ended
                ? job.phase()
                : new Phase.Waiting(job.phase().dueAt().or(job.family()::place).orElse(now));
        JobState next = state(
                job,
                stage,
                0,
                0,
                Optional.of(tokens.get()),
                0,
                ended ? job.since() : now,
                phase,
                new Family(job.family().parent(), job.family().place(), Optional.empty()));
        return row.state(next)
                .checkpoints(upTo(stage))
                .progress(Optional.empty())
                .startedBy(now);
    }

    JobRow ended(JobStatus as, int stage, Optional<Children.Counts> keptChildren, String before) {
        Optional<Family.Fan> fan = keptChildren.flatMap(
                counts -> job.family().fan().map(kept -> new Family.Fan(kept.by(), kept.policy(), counts)));
        FencingToken token = tokens.get();
        Instant at = job.phase() instanceof Phase.Ended ended ? ended.at() : now;
        JobState next = state(
                job,
                stage,
                job.attempt(),
                job.takeovers(),
                Optional.of(token),
                0,
                now,
                new Phase.Ended(as, at),
                new Family(job.family().parent(), job.family().place(), fan));
        Fence fence = new Fence(token, HOLDER);
        Map<Integer, Recorded> checkpoints = new HashMap<>(upTo(stage));
        if (as == JobStatus.COMPLETED) {
            for (int position = 0; position < job.stages(); position++) {
                checkpoints.putIfAbsent(position, new Recorded(position, fence, Optional.empty()));
            }
        }
        JobRow told = row;
        for (int position : checkpoints.keySet()) {
            told = row.checkpoints().containsKey(position) ? told : told.checkpointedAt(position, now);
        }
        JobRow ended = told.state(next)
                .checkpoints(checkpoints)
                .progress(Optional.empty())
                .startedBy(now);
        return as == JobStatus.COMPLETED
                ? ended
                : ended.and(new JobRow.Trouble(
                        Failure.Kind.FAILED,
                        stage,
                        job.attempt(),
                        fence,
                        now,
                        ErrorInfo.of("repaired: its outputs don't exist; it was " + before)));
    }

    private Map<Integer, Recorded> upTo(int stage) {
        Map<Integer, Recorded> kept = new HashMap<>(row.checkpoints());
        kept.keySet().removeIf(position -> position >= stage);
        return kept;
    }

    private static JobState state(
            JobState job,
            int stage,
            int attempt,
            int takeovers,
            Optional<FencingToken> token,
            long progressNo,
            Instant since,
            Phase phase,
            Family family) {
        return new JobState(
                job.id(),
                job.pipeline(),
                job.version(),
                job.stages(),
                stage,
                attempt,
                takeovers,
                job.priority(),
                token,
                progressNo,
                since,
                phase,
                family);
    }
}
