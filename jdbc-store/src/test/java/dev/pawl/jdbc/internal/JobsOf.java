package dev.pawl.jdbc.internal;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.job.JobId;
import dev.pawl.lease.Fence;
import dev.pawl.store.Answer;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.Claimed;
import dev.pawl.store.JobStore;
import dev.pawl.store.JobWrite;
import dev.pawl.store.NewRow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/** Short words for tests: jobs of a pipeline {@code p} of three stages, in one queue. */
record JobsOf(JobStore store, String queue) {
    static final Duration LEASE = Duration.ofSeconds(30);
    private static final List<String> STAGES = List.of("one", "two", "three");

    NewRow row() {
        return row(UUID.randomUUID(), Optional.empty());
    }

    NewRow row(UUID id, Optional<String> key) {
        return new NewRow(
                new JobId(queue, id),
                "p",
                1,
                STAGES.size(),
                key,
                Json.of("{}"),
                Actor.SYSTEM,
                0,
                Optional.empty(),
                Duration.ZERO);
    }

    JobId enqueue() {
        store.describe("p", 1, STAGES);
        return store.enqueue(List.of(row())).get(0).id();
    }

    List<JobId> enqueue(int n) {
        store.describe("p", 1, STAGES);
        return store.enqueue(IntStream.range(0, n).mapToObj(i -> row()).toList()).stream()
                .map(enqueued -> enqueued.id())
                .toList();
    }

    ClaimRequest request(int max, String holder) {
        return ClaimRequest.everywhere(
                queue, List.of(ClaimRequest.Runs.asIs("p", 1, STAGES.size())), holder, LEASE, max);
    }

    List<Claimed> claim(int max, String holder) {
        return store.claim(request(max, holder));
    }

    Claimed claimOne(String holder) {
        return claim(1, holder).get(0);
    }

    Answer checkpoint(Claimed claimed, int stage, String result) {
        return write(checkpointing(claimed, stage, result));
    }

    static JobWrite.Checkpoint checkpointing(Claimed claimed, int stage, String result) {
        return new JobWrite.Checkpoint(claimed.job().id(), fence(claimed), stage, Optional.of(Json.of(result)), LEASE);
    }

    static Fence fence(Claimed claimed) {
        return claimed.job().fence().orElseThrow();
    }

    Answer write(JobWrite write) {
        return store.write(List.of(write)).get(0);
    }
}
