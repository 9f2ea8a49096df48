package dev.pawl.testkit;

import dev.pawl.store.JobStore;
import dev.pawl.store.QueueStore;
import dev.pawl.testkit.contract.JobStoreContract;

/** The store in memory obeys the contract. */
class InMemoryJobStoreTest extends JobStoreContract {
    private final InMemoryJobStore store = InMemoryJobStore.create();

    @Override
    public JobStore jobs() {
        return store;
    }

    @Override
    public QueueStore queues() {
        return store.queues();
    }

    @Override
    public TestTime time() {
        return store.time();
    }
}
