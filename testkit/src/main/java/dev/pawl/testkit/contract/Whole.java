package dev.pawl.testkit.contract;

import dev.pawl.Json;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.store.JobStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that a store tells of a job, but for the time of the reading: equal before and after, if nothing has changed.
 *
 * @param job empty if there is none
 * @param results of all its stages
 * @param failures oldest first
 */
record Whole(Optional<JobSnapshot> job, Map<Integer, Json> results, List<Failure> failures) {
    static Whole of(JobStore store, JobId id) {
        return new Whole(store.find(id).map(Whole::timeless), store.results(id, Set.of(0, 1, 2)), store.failures(id));
    }

    private static JobSnapshot timeless(JobSnapshot job) {
        return new JobSnapshot(
                job.id(),
                job.pipeline(),
                job.version(),
                job.stages(),
                job.status(),
                job.stagesDone(),
                job.attempt(),
                job.takeovers(),
                job.token(),
                job.holder(),
                job.leaseExpiresAt(),
                job.progress(),
                job.key(),
                job.payload(),
                job.triggeredBy(),
                job.priority(),
                job.enqueuedAt(),
                job.dueAt(),
                job.startedAt(),
                job.since(),
                job.endedAt(),
                job.parent(),
                job.childKey(),
                job.children(),
                job.enqueuedAt());
    }
}
