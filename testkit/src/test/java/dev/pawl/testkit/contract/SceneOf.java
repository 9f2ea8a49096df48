package dev.pawl.testkit.contract;

import dev.pawl.store.JobStore;
import dev.pawl.store.LeaseStore;
import dev.pawl.store.QueueStore;
import dev.pawl.testkit.InMemoryJobStore;
import dev.pawl.testkit.TestTime;
import java.util.Optional;
import java.util.UUID;

/** A scene over a store, outside of the suite. */
record SceneOf(JobStore jobs, QueueStore queues, LeaseStore leases, TestTime time, String queue) implements Scene {
    static SceneOf of(JobStore jobs, QueueStore queues, LeaseStore leases, TestTime time) {
        SceneOf scene = new SceneOf(jobs, queues, leases, time, "q-" + UUID.randomUUID());
        jobs.describe(PIPELINE, 1, STAGES);
        return scene;
    }

    static SceneOf inMemory() {
        InMemoryJobStore store = InMemoryJobStore.create();
        return of(store, store.queues(), store.leases(), store.time());
    }

    @Override
    public String holder(String worker) {
        return worker + "#" + UUID.randomUUID();
    }

    @Override
    public Optional<OpenTransaction> begin() {
        return Optional.empty();
    }

    @Override
    public boolean deleteLease(String name) {
        return false;
    }

    @Override
    public boolean crash() {
        return false;
    }
}
