package dev.pawl.embed;

import dev.pawl.internal.Checks;
import dev.pawl.lease.HeldLease;
import dev.pawl.lease.Lease;
import dev.pawl.lease.Leases;
import dev.pawl.store.NamedLease;
import dev.pawl.worker.ScanSettings;
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
        return NamedLease.acquire(context.leases(), applications(name), context.newHolder(), length, context::checkOpen)
                .map(HeldLease.class::cast);
    }

    @Override
    public Optional<Lease> find(String name) {
        context.checkOpen();
        return context.leases().find(Checks.printable("name of a lease", name));
    }

    @Override
    public Leader lead(String name, Duration length, Duty duty) {
        return context.lead(applications(name), length, duty);
    }

    /** Whoever took the lease of a scan by name would keep it from being walked, without a trace in the scan. */
    private static String applications(String name) {
        if (Checks.printable("name of a lease", name).startsWith(ScanSettings.LEASES)) {
            throw new IllegalArgumentException("name of a lease must not begin with '" + ScanSettings.LEASES
                    + "', since those are Pawl's own, for whoever walks a scan, but was '" + name
                    + "': give it another name");
        }
        return name;
    }
}
