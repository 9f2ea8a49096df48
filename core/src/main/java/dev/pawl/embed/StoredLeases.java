package dev.pawl.embed;

import dev.pawl.internal.Checks;
import dev.pawl.lease.HeldLease;
import dev.pawl.lease.Lease;
import dev.pawl.lease.Leases;
import dev.pawl.store.NamedLease;
import dev.pawl.worker.WorkerContext;
import java.time.Duration;
import java.util.Optional;

/** Named leases over a store. */
final class StoredLeases implements Leases {
    private final WorkerContext context;

    StoredLeases(WorkerContext context) {
        this.context = context;
    }

    @Override
    public Optional<HeldLease> acquire(String name, Duration length) {
        return NamedLease.acquire(context.leases(), name, context.newHolder(), length, context::checkOpen)
                .map(HeldLease.class::cast);
    }

    @Override
    public Optional<Lease> find(String name) {
        context.checkOpen();
        return context.leases().find(Checks.printable("name of a lease", name));
    }

    @Override
    public Leader lead(String name, Duration length, Duty duty) {
        return context.lead(name, length, duty);
    }
}
