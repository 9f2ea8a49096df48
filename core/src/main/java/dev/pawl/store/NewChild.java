package dev.pawl.store;

import dev.pawl.Json;
import java.util.Objects;
import java.util.UUID;

/**
 * A child to insert. Its queue, priority and place are its parent's, and so is who triggered it.
 *
 * @param id the job's, made before, so that a fan-out can be repeated after a lost answer
 * @param key unique within the fan-out
 * @param pipeline its pipeline's name
 * @param version its pipeline's version
 * @param stages how many stages that has
 * @param payload what it is about
 */
public record NewChild(UUID id, String key, String pipeline, int version, int stages, Json payload) {
    /** Checks that nothing is missing. */
    public NewChild {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(pipeline, "pipeline");
        Objects.requireNonNull(payload, "payload");
    }
}
