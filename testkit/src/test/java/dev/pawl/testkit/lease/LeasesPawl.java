package dev.pawl.testkit.lease;

import dev.pawl.JsonCodec;
import dev.pawl.embed.Pawl;
import dev.pawl.store.JsonValues;
import dev.pawl.testkit.InMemoryJobStore;
import java.time.InstantSource;

/** A Pawl in memory, one of several over the same store, whose leases the test can hold up. */
final class LeasesPawl extends Pawl {
    private final HeldUpLeases door;

    private LeasesPawl(InMemoryJobStore memory, String name, HeldUpLeases door) {
        super(new Parts(
                memory,
                memory.queues(),
                door,
                memory.scans(),
                memory.views(),
                memory.audits(),
                JsonCodec.none(),
                JsonValues.STANDARD_LIMIT,
                name,
                InstantSource.system(),
                Runnable::run));
        this.door = door;
    }

    static LeasesPawl over(InMemoryJobStore memory, String name) {
        return new LeasesPawl(memory, name, new HeldUpLeases(memory.leases()));
    }

    HeldUpLeases door() {
        return door;
    }
}
