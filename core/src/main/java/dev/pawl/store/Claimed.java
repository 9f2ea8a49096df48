package dev.pawl.store;

import dev.pawl.Json;
import dev.pawl.lease.Fence;
import dev.pawl.lease.Lease;
import dev.pawl.store.JobState.Phase;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A job that a claim took.
 *
 * @param job as it is now, running
 * @param payload as it was enqueued
 * @param progress as it was saved; empty if none was in this stage
 * @param takenFrom the former holder, if its lease had expired
 */
public record Claimed(JobState job, Json payload, Optional<Json> progress, Optional<Fence> takenFrom) {
    /** Checks that nothing is missing. */
    public Claimed {
        Objects.requireNonNull(job, "job");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(progress, "progress");
        Objects.requireNonNull(takenFrom, "takenFrom");
    }

    /**
     * The lease that the claim issued.
     *
     * @param length as it was asked for
     * @return the lease
     */
    public Lease lease(Duration length) {
        Phase.Running running = (Phase.Running) job.phase();
        return new Lease(job.id().toString(), running.holder(), job.token().orElseThrow(), running.expiresAt(), length);
    }
}
