package dev.pawl.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The contract, for a store that a configuration parameter names. Its name keeps it out of ordinary runs. */
@ExtendWith(ContractOfABrokenStore.Chooser.class)
final class ContractOfABrokenStore extends JobStoreContract {
    static final String STORE = "broken.store";

    private InMemoryJobStore store = InMemoryJobStore.create();
    private ApplicationInMemory application = new ApplicationInMemory(store);
    private ScannedRows rows = BrokenRows.beside(store.scans());

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

    static final class Chooser implements BeforeEachCallback {
        @Override
        public void beforeEach(ExtensionContext context) {
            Optional<String> name = context.getConfigurationParameter(STORE);
            assumeTrue(name.isPresent(), "run by BrokenStoresTest, which names the store");
            ContractOfABrokenStore test = (ContractOfABrokenStore) context.getRequiredTestInstance();
            test.store = BrokenStore.valueOf(name.orElseThrow()).create();
            test.application = new ApplicationInMemory(test.store);
            test.rows = BrokenRows.beside(test.store.scans());
        }
    }
}
