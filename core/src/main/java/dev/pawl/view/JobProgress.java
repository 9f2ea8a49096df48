package dev.pawl.view;

import dev.pawl.job.Children;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where one job is, stage by stage, and child by child. Immutable.
 *
 * @param job the job
 * @param stages all of its pipeline's, in order
 * @param asOf the database's time of this reading
 */
public record JobProgress(JobSummary job, List<StageProgress> stages, Instant asOf) {
    /** Checks that there are as many stages as the job has. */
    public JobProgress {
        Objects.requireNonNull(job, "job");
        Objects.requireNonNull(asOf, "asOf");
        stages = List.copyOf(Objects.requireNonNull(stages, "stages"));
        if (stages.size() != job.stages()) {
            throw new IllegalArgumentException(
                    "job " + job.id() + " has " + job.stages() + " stages, but " + stages.size() + " were told of");
        }
    }

    /** Whether a stage is done. */
    public enum StageState {
        /** It comes later, or never, if the job ended before it. */
        TO_DO,
        /** The job is at it, or ended at it without completing. */
        CURRENT,
        /** It is checkpointed. */
        DONE
    }

    /**
     * A stage.
     *
     * @param name its name
     * @param state whether it is done
     * @param attempts tries at it, a present one included: those that failed, or were taken over, and the last
     * @param startedAt when the job came to it; empty if it has not, or was never claimed
     * @param took from then to its checkpoint, or to the job's end; empty before
     * @param children its children; empty if it has none
     */
    public record StageProgress(
            String name,
            StageState state,
            int attempts,
            Optional<Instant> startedAt,
            Optional<Duration> took,
            Optional<StageChildren> children) {
        /** Checks that nothing is missing. */
        public StageProgress {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(state, "state");
            Objects.requireNonNull(startedAt, "startedAt");
            Objects.requireNonNull(took, "took");
            Objects.requireNonNull(children, "children");
            if (attempts < 0) {
                throw new IllegalArgumentException(
                        "attempts at stage '" + name + "' must not be negative, but were " + attempts);
            }
        }
    }

    /**
     * The children of a stage.
     *
     * @param counts by how they are; of the current stage as the job's row counts them
     * @param exact whether all were counted; false for a former stage with more than 1,000 children, of which so many were
     * @param first in the order of their keys, so many as were asked for
     */
    public record StageChildren(Children.Counts counts, boolean exact, List<Child> first) {
        /** Keeps the list. */
        public StageChildren {
            Objects.requireNonNull(counts, "counts");
            first = List.copyOf(Objects.requireNonNull(first, "first"));
        }
    }

    /**
     * A child.
     *
     * @param key its key among its siblings
     * @param job the job that it is
     */
    public record Child(String key, JobSummary job) {
        /** Checks that nothing is missing. */
        public Child {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(job, "job");
        }
    }

    /** One line for the job, and one for each stage. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(job.toString());
        for (StageProgress stage : stages) {
            text.append("\n  ").append(stage.state()).append(' ').append(stage.name());
            stage.took().ifPresent(took -> text.append(" in ").append(took));
            stage.children().ifPresent(children -> text.append(": ").append(children.counts()));
        }
        return text.toString();
    }
}
