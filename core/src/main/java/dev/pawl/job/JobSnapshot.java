package dev.pawl.job;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.lease.FencingToken;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A job at one instant. Proves nothing by the time it is read.
 *
 * @param id the job
 * @param pipeline its pipeline's name
 * @param version its pipeline's version
 * @param stages the pipeline's stage names, in order
 * @param status where it is in its life
 * @param stagesDone how many stages are checkpointed
 * @param attempt tries at the current stage, a present one included
 * @param takeovers how often it was taken over in the current stage
 * @param token the last one issued; empty if it was never claimed
 * @param holder who has it; empty unless running
 * @param leaseExpiresAt when another may claim; empty unless running
 * @param progress what was last saved inside the current stage
 * @param key the idempotency key
 * @param payload what it is about
 * @param triggeredBy who wanted it
 * @param priority higher goes first
 * @param enqueuedAt when it was enqueued
 * @param dueAt its place in the order of claims; empty if it has ended
 * @param startedAt when it was first claimed
 * @param since when it came into its present status under its present holder
 * @param endedAt when it ended
 * @param parent the job that it is a child of
 * @param childKey its key among the children of its parent's stage
 * @param children those of the current stage, as the job's row counts them; empty unless that has fanned out
 * @param asOf the store's time of this reading
 */
public record JobSnapshot(
        JobId id,
        String pipeline,
        int version,
        List<String> stages,
        JobStatus status,
        int stagesDone,
        int attempt,
        int takeovers,
        Optional<FencingToken> token,
        Optional<String> holder,
        Optional<Instant> leaseExpiresAt,
        Optional<Json> progress,
        Optional<String> key,
        Json payload,
        Actor triggeredBy,
        int priority,
        Instant enqueuedAt,
        Optional<Instant> dueAt,
        Optional<Instant> startedAt,
        Instant since,
        Optional<Instant> endedAt,
        Optional<JobId> parent,
        Optional<String> childKey,
        Optional<Children.Counts> children,
        Instant asOf) {
    /** Keeps the names. */
    public JobSnapshot {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(pipeline, "pipeline");
        Objects.requireNonNull(stages, "stages");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(holder, "holder");
        Objects.requireNonNull(leaseExpiresAt, "leaseExpiresAt");
        Objects.requireNonNull(progress, "progress");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(triggeredBy, "triggeredBy");
        Objects.requireNonNull(enqueuedAt, "enqueuedAt");
        Objects.requireNonNull(dueAt, "dueAt");
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(endedAt, "endedAt");
        Objects.requireNonNull(parent, "parent");
        Objects.requireNonNull(childKey, "childKey");
        Objects.requireNonNull(children, "children");
        Objects.requireNonNull(asOf, "asOf");
        stages = List.copyOf(stages);
    }

    /**
     * The stage at which the job is, or at which it ended without completing.
     *
     * @return empty if all are done
     */
    public Optional<String> stage() {
        return stagesDone < stages.size() ? Optional.of(stages.get(stagesDone)) : Optional.empty();
    }

    /** {@code recap/0190… RUNNING at dedup (3 of 8), #7 (worker-2#8f3a17)}. */
    @Override
    public String toString() {
        return id + " " + status
                + stage().map(name -> " at " + name + " (" + (stagesDone + 1) + " of " + stages.size() + ")")
                        .orElse("")
                + children.map(counts -> ", " + counts).orElse("")
                + token.map(t -> ", " + t).orElse("")
                + holder.map(h -> " (" + h + ")").orElse("");
    }
}
