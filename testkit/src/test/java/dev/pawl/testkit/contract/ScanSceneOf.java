package dev.pawl.testkit.contract;

import dev.pawl.store.JobStore;
import dev.pawl.store.LeaseStore;
import dev.pawl.store.QueueStore;
import dev.pawl.store.ScanStore;
import dev.pawl.testkit.ApplicationInMemory;
import dev.pawl.testkit.InMemoryJobStore;
import dev.pawl.testkit.TestTime;
import java.util.Optional;
import java.util.function.Supplier;

/** A scene over scans, and a table to be scanned, outside of the suite. */
record ScanSceneOf(SceneOf scene, ScanStore scanned, ScannedRows table, Supplier<OpenTransaction> transactions)
        implements ScanScene {
    static ScanSceneOf over(InMemoryJobStore store, ScannedRows table) {
        ApplicationInMemory application = new ApplicationInMemory(store);
        return new ScanSceneOf(
                SceneOf.of(store, store.queues(), store.leases(), store.time()),
                store.scans(),
                table,
                application::begin);
    }

    @Override
    public Optional<ScanStore> scans() {
        return Optional.of(scanned);
    }

    @Override
    public Optional<ScannedRows> rows() {
        return Optional.of(table);
    }

    @Override
    public JobStore jobs() {
        return scene.jobs();
    }

    @Override
    public QueueStore queues() {
        return scene.queues();
    }

    @Override
    public LeaseStore leases() {
        return scene.leases();
    }

    @Override
    public boolean deleteLease(String name) {
        return scene.deleteLease(name);
    }

    @Override
    public TestTime time() {
        return scene.time();
    }

    @Override
    public String queue() {
        return scene.queue();
    }

    @Override
    public String holder(String worker) {
        return scene.holder(worker);
    }

    @Override
    public Optional<OpenTransaction> begin() {
        return Optional.of(transactions.get());
    }

    @Override
    public boolean crash() {
        return scene.crash();
    }
}
