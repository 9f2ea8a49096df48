package dev.pawl.store;

import dev.pawl.job.Children;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A job's row and what belongs to it, as an audit reads them: nothing is taken for granted, so that contradictions can be written
 * down here which {@link JobState} refuses.
 *
 * @param id the job
 * @param pipeline its pipeline's name
 * @param stages how many stages its row says that has
 * @param stage its position
 * @param status its status
 * @param token the last one issued
 * @param holder who has it
 * @param leaseExpiresAt when another may claim
 * @param dueAt its place in the order of claims
 * @param startedAt when it was first claimed
 * @param endedAt when it ended
 * @param checkpoints the positions of its checkpoints, in order; the last stage's stands in the job's row and is not among them
 * @param highestToken the highest that it or one of its checkpoints bears
 * @param fan its children
 * @param hasOrphans whether it is among those whose children somebody has to cancel
 * @param parent whose child it is
 * @param nonsense what no row may say, and the other parts have no place for, in words
 */
public record AuditedJob(
        JobId id,
        String pipeline,
        int stages,
        int stage,
        JobStatus status,
        OptionalLong token,
        Optional<String> holder,
        Optional<Instant> leaseExpiresAt,
        Optional<Instant> dueAt,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt,
        List<Integer> checkpoints,
        long highestToken,
        Optional<Fan> fan,
        boolean hasOrphans,
        Optional<Parent> parent,
        List<String> nonsense) {
    /**
     * The children of the current stage.
     *
     * @param token that names the fan-out
     * @param policy when the job is woken
     * @param kept their counts by the job's row
     * @param counted their counts by their own rows
     */
    public record Fan(long token, FanIn policy, Children.Counts kept, Children.Counts counted) {
        /** Checks that nothing is missing. */
        public Fan {
            Objects.requireNonNull(policy, "policy");
            Objects.requireNonNull(kept, "kept");
            Objects.requireNonNull(counted, "counted");
        }

        boolean isDecided(Children.Counts counts) {
            return policy.judge(counts) != FanIn.Verdict.WAIT;
        }
    }

    /**
     * Whose child it is.
     *
     * @param id the parent
     * @param status its status; empty if its row is gone
     * @param endedAt when it ended
     * @param hasOrphans whether it is among those whose children somebody has to cancel
     */
    public record Parent(JobId id, Optional<JobStatus> status, Optional<Instant> endedAt, boolean hasOrphans) {
        /** Checks that nothing is missing. */
        public Parent {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(status, "status");
            Objects.requireNonNull(endedAt, "endedAt");
        }
    }

    /** Keeps the checkpoints. */
    public AuditedJob {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(pipeline, "pipeline");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(holder, "holder");
        Objects.requireNonNull(leaseExpiresAt, "leaseExpiresAt");
        Objects.requireNonNull(dueAt, "dueAt");
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(endedAt, "endedAt");
        checkpoints = List.copyOf(Objects.requireNonNull(checkpoints, "checkpoints"));
        Objects.requireNonNull(fan, "fan");
        Objects.requireNonNull(parent, "parent");
        nonsense = List.copyOf(Objects.requireNonNull(nonsense, "nonsense"));
    }

    /**
     * How many stages are checkpointed without a gap.
     *
     * @return the position that follows the checkpoints
     */
    public int checkpointed() {
        int position = 0;
        while (position < checkpoints.size() && checkpoints.get(position) == position) {
            position++;
        }
        return position;
    }

    /** Whether the checkpoints are those of the stages before the position, the last one's aside, and no others. */
    boolean isAtItsCheckpoints() {
        return checkpointed() == checkpoints.size() && checkpoints.size() == Math.min(stage, stages - 1);
    }

    /**
     * What a repair is guarded by: all that bears on what it does.
     *
     * @return the same as long as the job is as it was, renewals of its lease aside
     */
    public String guard() {
        return String.join(
                " ",
                status.name(),
                stage + "/" + stages,
                "token=" + token,
                "holder=" + holder,
                "leased=" + leaseExpiresAt.isPresent(),
                "started=" + startedAt,
                "due=" + dueAt,
                "ended=" + endedAt,
                "checkpoints=" + checkpoints,
                "fan=" + fan.map(children -> children.token() + " " + children.kept() + " " + children.counted()),
                "orphans=" + hasOrphans,
                "parent=" + parent.map(above -> above.status() + " " + above.hasOrphans()),
                "nonsense=" + nonsense);
    }

    /** How many children are open by their own rows. */
    int openChildren() {
        return fan.map(children -> children.counted().open()).orElse(0);
    }

    /**
     * The job in words, for people.
     *
     * @return {@code PENDING at position 7 of 8, 2 checkpoints}.
     */
    public String describe() {
        return status + " at position " + stage + " of " + stages + ", " + checkpoints.size()
                + (checkpoints.size() == 1 ? " checkpoint" : " checkpoints")
                + fan.map(children -> ", " + children.kept()).orElse("");
    }
}
