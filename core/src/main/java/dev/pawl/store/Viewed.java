package dev.pawl.store;

import dev.pawl.job.Children;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.FencingToken;
import dev.pawl.view.JobProgress;
import dev.pawl.view.JobProgress.StageChildren;
import dev.pawl.view.JobProgress.StageProgress;
import dev.pawl.view.JobProgress.StageState;
import dev.pawl.view.JobSummary;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A job as a store reads it for a view, of which {@link #progress} tells.
 *
 * @param job the job
 * @param stages its pipeline's stage names
 * @param checkpoints of all stages but the last
 * @param tries failed attempts and takeovers, by the position of their stage
 * @param fans what its stages have fanned out into, by their tokens
 * @param asOf the time of the reading
 */
public record Viewed(
        JobSummary job,
        List<String> stages,
        List<Checkpointed> checkpoints,
        Map<Integer, Integer> tries,
        List<Fan> fans,
        Instant asOf) {
    /** Keeps the lists. */
    public Viewed {
        Objects.requireNonNull(job, "job");
        Objects.requireNonNull(asOf, "asOf");
        stages = List.copyOf(Objects.requireNonNull(stages, "stages"));
        checkpoints = List.copyOf(Objects.requireNonNull(checkpoints, "checkpoints"));
        tries = Map.copyOf(Objects.requireNonNull(tries, "tries"));
        fans = List.copyOf(Objects.requireNonNull(fans, "fans"));
    }

    /**
     * That a stage is done.
     *
     * @param stage its position
     * @param token under which it was recorded
     * @param holder who recorded it, if that is known
     * @param at when
     */
    public record Checkpointed(int stage, FencingToken token, Optional<String> holder, Instant at) {
        /** Checks that nothing is missing. */
        public Checkpointed {
            Objects.requireNonNull(token, "token");
            Objects.requireNonNull(holder, "holder");
            Objects.requireNonNull(at, "at");
        }
    }

    /**
     * The children of a stage.
     *
     * @param token under which the stage fanned out
     * @param at when
     * @param counts by their rows
     * @param exact whether all of them were counted
     * @param first the first of them, in the order of their keys
     */
    public record Fan(
            FencingToken token, Instant at, Children.Counts counts, boolean exact, List<JobProgress.Child> first) {
        /** Keeps the list. */
        public Fan {
            Objects.requireNonNull(token, "token");
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(counts, "counts");
            first = List.copyOf(Objects.requireNonNull(first, "first"));
        }

        /**
         * Which stage fanned out: the first that was recorded under a later claim, since a fan-out gives the lease back.
         *
         * @param checkpoints the job's
         * @param current the position at which the job is
         * @return the stage's position
         */
        public int stage(List<Checkpointed> checkpoints, int current) {
            return checkpoints.stream()
                    .filter(checkpoint -> checkpoint.token().compareTo(token) > 0)
                    .mapToInt(Checkpointed::stage)
                    .min()
                    .orElse(current);
        }
    }

    /**
     * Stage by stage.
     *
     * @return what there is to tell
     */
    public JobProgress progress() {
        List<StageProgress> all = new ArrayList<>();
        Optional<Instant> begun = job.startedAt();
        for (int stage = 0; stage < job.stages(); stage++) {
            Optional<Instant> done = doneAt(stage);
            all.add(stage(stage, begun, done));
            begun = done;
        }
        return new JobProgress(job, all, asOf);
    }

    private StageProgress stage(int stage, Optional<Instant> begun, Optional<Instant> done) {
        boolean isDone = stage < job.stagesDone();
        boolean isCurrent = stage == job.stagesDone();
        Optional<Instant> end = done.or(() -> isCurrent ? job.endedAt() : Optional.empty());
        return new StageProgress(
                stages.get(stage),
                isDone ? StageState.DONE : isCurrent ? StageState.CURRENT : StageState.TO_DO,
                tries.getOrDefault(stage, 0) + (isDone || (isCurrent && job.status() == JobStatus.RUNNING) ? 1 : 0),
                isDone || isCurrent ? begun : Optional.empty(),
                begun.flatMap(from -> end.map(to -> between(from, to))),
                children(stage));
    }

    private static Duration between(Instant from, Instant to) {
        Duration length = Duration.between(from, to);
        return length.isNegative() ? Duration.ZERO : length; // the database's clock was set
    }

    private Optional<Instant> doneAt(int stage) {
        if (stage == job.stages() - 1 && job.status() == JobStatus.COMPLETED) {
            return job.endedAt();
        }
        return checkpoints.stream()
                .filter(checkpoint -> checkpoint.stage() == stage)
                .map(Checkpointed::at)
                .findFirst();
    }

    /** The last fan-out of a stage: it may have fanned out before, and failed, and been retried. */
    private Optional<StageChildren> children(int stage) {
        boolean current = stage == job.stagesDone();
        Optional<Fan> fan = fanOf(stage);
        if (current && job.children().isPresent()) {
            return Optional.of(new StageChildren(
                    job.children().get(), true, fan.map(Fan::first).orElse(List.of())));
        }
        return fan.map(children -> new StageChildren(children.counts(), children.exact(), children.first()));
    }

    /**
     * What a stage has fanned out into, the last time.
     *
     * @param stage its position
     * @return empty if it has not
     */
    public Optional<Fan> fanOf(int stage) {
        return fans.stream()
                .filter(fan -> fan.stage(checkpoints, lastBegun()) == stage)
                .max((one, other) -> one.token().compareTo(other.token()));
    }

    /** The stage at which the job is, or the last if it has completed. */
    int lastBegun() {
        return Math.min(job.stagesDone(), job.stages() - 1);
    }
}
