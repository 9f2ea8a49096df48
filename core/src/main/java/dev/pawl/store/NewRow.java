package dev.pawl.store;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A job to insert. The id is made before, so that an enqueue can be repeated after a lost answer.
 *
 * @param id the job's
 * @param pipeline its pipeline's name
 * @param version its pipeline's version
 * @param stages how many stages that has
 * @param key the idempotency key, unique per queue and pipeline while the job is retained
 * @param payload what it is about
 * @param triggeredBy who wanted it
 * @param priority higher goes first
 * @param notBefore start time; a past one means now
 * @param delay start this long after the enqueue, by the store's time; added to nothing else
 */
public record NewRow(
        JobId id,
        String pipeline,
        int version,
        int stages,
        Optional<String> key,
        Json payload,
        Actor triggeredBy,
        int priority,
        Optional<Instant> notBefore,
        Duration delay) {
    /** Checks that nothing is missing. */
    public NewRow {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(pipeline, "pipeline");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(triggeredBy, "triggeredBy");
        Objects.requireNonNull(notBefore, "notBefore");
        Objects.requireNonNull(delay, "delay");
    }

    /**
     * The job's place in the order of claims.
     *
     * @param now the store's time
     * @return the later of {@code notBefore} and {@code now + delay}
     */
    public Instant dueAt(Instant now) {
        Instant delayed = now.plus(delay);
        return notBefore.filter(delayed::isBefore).orElse(delayed);
    }
}
