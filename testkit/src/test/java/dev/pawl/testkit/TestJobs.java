package dev.pawl.testkit;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.job.JobId;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.ClaimRequest.Runs;
import dev.pawl.store.JobStore;
import dev.pawl.store.NewRow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Jobs by the seam. */
final class TestJobs {
    private TestJobs() {}

    /** A job of one stage in a queue of its own, held by a worker. */
    static JobId enqueueAndClaim(JobStore store, String payload) {
        JobId id = new JobId("q-" + UUID.randomUUID(), UUID.randomUUID());
        store.describe("one", 1, List.of("only"));
        store.enqueue(List.of(new NewRow(
                id,
                "one",
                1,
                1,
                Optional.empty(),
                Json.of("\"" + payload.replaceAll("\\W", "") + "\""),
                Actor.SYSTEM,
                0,
                Optional.empty(),
                Duration.ZERO)));
        store.claim(ClaimRequest.everywhere(
                id.queue(), List.of(Runs.asIs("one", 1, 1)), "worker-1#1", Duration.ofSeconds(30), 1));
        return id;
    }
}
