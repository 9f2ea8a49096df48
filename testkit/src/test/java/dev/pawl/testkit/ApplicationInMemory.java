package dev.pawl.testkit;

import dev.pawl.JsonCodec;
import dev.pawl.job.JobId;
import dev.pawl.job.JobTransaction;
import dev.pawl.store.ScanStore;
import dev.pawl.testkit.contract.OpenTransaction;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** An application with rows of its own beside a store in memory, in the same transactions. */
public final class ApplicationInMemory {
    private final InMemoryPawl pawl;
    private final InMemoryLeaseStore leases;
    private final Set<String> committed = new LinkedHashSet<>();

    public ApplicationInMemory(InMemoryJobStore store) {
        this.leases = store.leases();
        this.pawl = InMemoryPawl.over(store, JsonCodec.none());
    }

    public OpenTransaction begin() {
        return new Open(pawl.begin());
    }

    private final class Open implements OpenTransaction {
        private final InMemoryTransaction transaction;
        private final Set<String> inserted = new LinkedHashSet<>();
        private final Set<String> heldLeases = new LinkedHashSet<>();

        Open(InMemoryTransaction transaction) {
            this.transaction = transaction;
        }

        @Override
        public JobTransaction jobs() {
            return transaction.jobs();
        }

        @Override
        public Optional<ScanStore> scans() {
            return Optional.of(transaction.scans());
        }

        @Override
        public void hold(JobId id) {
            transaction.hold(id);
        }

        @Override
        public void holdLease(String name) {
            leases.lock(name);
            heldLeases.add(name);
        }

        @Override
        public void insert(String row) {
            inserted.add(row);
        }

        @Override
        public Set<String> rows() {
            Set<String> seen = new LinkedHashSet<>(committed);
            seen.addAll(inserted);
            return seen;
        }

        @Override
        public void commit() {
            heldLeases.forEach(leases::unlock);
            transaction.commit();
            committed.addAll(inserted);
        }

        @Override
        public void close() {
            heldLeases.forEach(leases::unlock);
            transaction.rollback();
        }
    }
}
