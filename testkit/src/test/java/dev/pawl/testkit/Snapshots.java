package dev.pawl.testkit;

import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import java.time.Instant;
import java.util.Optional;

/** Changed copies of snapshots, contradictions included. */
final class Snapshots {
    private Snapshots() {}

    static JobSnapshot status(JobSnapshot job, JobStatus status) {
        return of(job, status, job.attempt(), job.holder(), job.leaseExpiresAt(), job.dueAt());
    }

    static JobSnapshot attempt(JobSnapshot job, int attempt) {
        return of(job, job.status(), attempt, job.holder(), job.leaseExpiresAt(), job.dueAt());
    }

    static JobSnapshot holder(JobSnapshot job, String holder, Instant expiresAt) {
        return of(job, job.status(), job.attempt(), Optional.of(holder), Optional.of(expiresAt), job.dueAt());
    }

    static JobSnapshot due(JobSnapshot job, Instant due) {
        return of(job, job.status(), job.attempt(), job.holder(), job.leaseExpiresAt(), Optional.of(due));
    }

    private static JobSnapshot of(
            JobSnapshot job,
            JobStatus status,
            int attempt,
            Optional<String> holder,
            Optional<Instant> leaseExpiresAt,
            Optional<Instant> dueAt) {
        return new JobSnapshot(
                job.id(),
                job.pipeline(),
                job.version(),
                job.stages(),
                status,
                job.stagesDone(),
                attempt,
                job.takeovers(),
                job.token(),
                holder,
                leaseExpiresAt,
                job.progress(),
                job.key(),
                job.payload(),
                job.triggeredBy(),
                job.priority(),
                job.enqueuedAt(),
                dueAt,
                job.startedAt(),
                job.since(),
                job.endedAt(),
                job.parent(),
                job.childKey(),
                job.children(),
                job.asOf());
    }
}
