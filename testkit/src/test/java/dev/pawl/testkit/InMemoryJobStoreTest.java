package dev.pawl.testkit;

import dev.pawl.job.JobId;
import dev.pawl.store.AuditStore;
import dev.pawl.store.JobStore;
import dev.pawl.store.LeaseStore;
import dev.pawl.store.QueueStore;
import dev.pawl.store.ScanStore;
import dev.pawl.store.ViewStore;
import dev.pawl.testkit.contract.Damage;
import dev.pawl.testkit.contract.JobStoreContract;
import dev.pawl.testkit.contract.OpenTransaction;
import dev.pawl.testkit.contract.ScannedRows;
import java.util.Optional;

/** The store in memory obeys the contract. */
class InMemoryJobStoreTest extends JobStoreContract {
    private final InMemoryJobStore store = InMemoryJobStore.create();
    private final ApplicationInMemory application = new ApplicationInMemory(store);
    private final RowsInMemory rows = new RowsInMemory();

    @Override
    public JobStore jobs() {
        return store;
    }

    @Override
    public QueueStore queues() {
        return store.queues();
    }

    @Override
    public LeaseStore leases() {
        return store.leases();
    }

    @Override
    public TestTime time() {
        return store.time();
    }

    @Override
    public Optional<ScanStore> scans() {
        return Optional.of(store.scans());
    }

    @Override
    public Optional<ViewStore> views() {
        return Optional.of(store.views());
    }

    @Override
    public Optional<ScannedRows> rows() {
        return Optional.of(rows);
    }

    @Override
    public Optional<OpenTransaction> begin() {
        return Optional.of(application.begin());
    }

    @Override
    public boolean miscount(JobId parent, int open) {
        store.miscount(parent, open);
        return true;
    }

    @Override
    public Optional<AuditStore> audits() {
        return Optional.of(store.audits());
    }

    @Override
    public boolean damage(JobId job, Damage damage) {
        Damaged.damage(store, job, damage);
        return true;
    }

    @Override
    public boolean deleteLease(String name) {
        store.leases().delete(name);
        return true;
    }

    @Override
    public boolean crash() {
        store.crash();
        return true;
    }
}
