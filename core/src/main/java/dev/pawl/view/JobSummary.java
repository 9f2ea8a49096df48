package dev.pawl.view;

import dev.pawl.Actor;
import dev.pawl.job.Children;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.FencingToken;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A job in one line: all but its payload and what its stages came to. Immutable.
 *
 * @param id the job
 * @param key the idempotency key
 * @param pipeline its pipeline's name
 * @param version its pipeline's version
 * @param status where it is in its life
 * @param stage at which it is, or at which it ended without completing; empty if it has completed
 * @param stagesDone how many stages are checkpointed
 * @param stages how many it has
 * @param attempt tries at the current stage, a present one included
 * @param takeovers how often it was taken over in the current stage
 * @param priority higher goes first
 * @param triggeredBy who wanted it
 * @param enqueuedAt when it was enqueued
 * @param startedAt when it was first claimed
 * @param since when it came into its present status under its present holder
 * @param dueAt its place in the order of claims; empty if it has ended or waits for children
 * @param endedAt when it ended
 * @param lease who has it; empty unless running
 * @param parent the job that it is a child of
 * @param childKey its key among the children of its parent's stage
 * @param children those of the current stage, as the job's row counts them; empty unless that has fanned out
 */
public record JobSummary(
        JobId id,
        Optional<String> key,
        String pipeline,
        int version,
        JobStatus status,
        Optional<String> stage,
        int stagesDone,
        int stages,
        int attempt,
        int takeovers,
        int priority,
        Actor triggeredBy,
        Instant enqueuedAt,
        Optional<Instant> startedAt,
        Instant since,
        Optional<Instant> dueAt,
        Optional<Instant> endedAt,
        Optional<Held> lease,
        Optional<JobId> parent,
        Optional<String> childKey,
        Optional<Children.Counts> children) {
    /** Checks that nothing is missing or contradicts another. */
    public JobSummary {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(pipeline, "pipeline");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(stage, "stage");
        Objects.requireNonNull(triggeredBy, "triggeredBy");
        Objects.requireNonNull(enqueuedAt, "enqueuedAt");
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(dueAt, "dueAt");
        Objects.requireNonNull(endedAt, "endedAt");
        Objects.requireNonNull(lease, "lease");
        Objects.requireNonNull(parent, "parent");
        Objects.requireNonNull(childKey, "childKey");
        Objects.requireNonNull(children, "children");
        if (stagesDone < 0 || stagesDone > stages) {
            throw new IllegalArgumentException(
                    "job " + id + " must have done 0 to " + stages + " stages, but has done " + stagesDone);
        }
        if (lease.isPresent() != (status == JobStatus.RUNNING)) {
            throw new IllegalArgumentException("job " + id + " must have a lease if and only if it is RUNNING, but is "
                    + status + " with " + lease);
        }
    }

    /**
     * Who has a job.
     *
     * @param token of the claim
     * @param holder unique per claim
     * @param since when it was claimed; a holder that works through several stages has it since the first of them
     * @param expiresAt when another may claim, unless it is renewed
     */
    public record Held(FencingToken token, String holder, Instant since, Instant expiresAt) {
        /** Checks that nothing is missing. */
        public Held {
            Objects.requireNonNull(token, "token");
            Objects.requireNonNull(holder, "holder");
            Objects.requireNonNull(since, "since");
            Objects.requireNonNull(expiresAt, "expiresAt");
        }
    }

    /**
     * Whether it has been begun and has not ended.
     *
     * @return true while it runs, and while it waits
     */
    public boolean isActive() {
        return status == JobStatus.RUNNING || status == JobStatus.WAITING;
    }

    /** {@code recap/0190… recap v1 RUNNING at dedup (3 of 8), #7 (worker-2#8f3a17)}. */
    @Override
    public String toString() {
        return id + " " + pipeline + " v" + version + " " + status
                + stage.map(name -> " at " + name + " (" + (stagesDone + 1) + " of " + stages + ")")
                        .orElse("")
                + children.map(counts -> ", " + counts).orElse("")
                + lease.map(held -> ", " + held.token() + " (" + held.holder() + ")")
                        .orElse("");
    }
}
