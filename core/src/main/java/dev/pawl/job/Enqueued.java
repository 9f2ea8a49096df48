package dev.pawl.job;

import java.util.Objects;

/**
 * The answer to an enqueue (rule J9).
 *
 * @param id the job's
 * @param created whether this call created it; false if its key or id was known, and nothing was changed
 */
public record Enqueued(JobId id, boolean created) {
    /** Checks that nothing is missing. */
    public Enqueued {
        Objects.requireNonNull(id, "id");
    }
}
