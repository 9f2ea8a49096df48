package dev.pawl.store;

import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A job that has ended, as statistics count it.
 *
 * @param id the job
 * @param pipeline its pipeline's name
 * @param status how it ended
 * @param enqueuedAt when it was enqueued
 * @param startedAt when it was first claimed
 * @param endedAt when it ended
 * @param failedAttempts how often a handler failed
 * @param takeovers how often it was taken over
 */
public record EndedJob(
        JobId id,
        String pipeline,
        JobStatus status,
        Instant enqueuedAt,
        Optional<Instant> startedAt,
        Instant endedAt,
        int failedAttempts,
        int takeovers) {
    /** Checks that nothing is missing. */
    public EndedJob {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(pipeline, "pipeline");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(enqueuedAt, "enqueuedAt");
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(endedAt, "endedAt");
    }
}
