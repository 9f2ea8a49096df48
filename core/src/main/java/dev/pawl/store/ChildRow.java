package dev.pawl.store;

import dev.pawl.Json;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import java.util.Objects;
import java.util.Optional;

/**
 * A child, as its parent's join reads it.
 *
 * @param key its key within the fan-out
 * @param id the job that it is
 * @param status where it is in its life
 * @param result of its last stage; empty unless it completed with one
 * @param failure the message of its last failed attempt; empty unless it failed
 */
public record ChildRow(String key, JobId id, JobStatus status, Optional<Json> result, Optional<String> failure) {
    /** Checks that nothing is missing. */
    public ChildRow {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(result, "result");
        Objects.requireNonNull(failure, "failure");
    }
}
