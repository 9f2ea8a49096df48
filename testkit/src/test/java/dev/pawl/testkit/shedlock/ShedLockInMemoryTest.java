package dev.pawl.testkit.shedlock;

import dev.pawl.JsonCodec;
import dev.pawl.embed.Pawl;
import dev.pawl.store.JsonValues;
import dev.pawl.store.LeaseStore;
import dev.pawl.testkit.InMemoryJobStore;
import dev.pawl.testkit.lease.RightOrWrongLeases;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RightOrWrongLeases.class)
class ShedLockInMemoryTest extends ShedLockContract {
    private final Pawl pawl;

    /** Over leases that are as they should be, but where {@link ShedLockBitesTest} asks for others. */
    ShedLockInMemoryTest(LeaseStore leases) {
        this.pawl = new InMemory(InMemoryJobStore.create(), leases);
    }

    @AfterEach
    void close() {
        pawl.close();
    }

    @Override
    Pawl pawl() {
        return pawl;
    }

    private static final class InMemory extends Pawl {
        InMemory(InMemoryJobStore jobs, LeaseStore leases) {
            super(new Parts(
                    jobs,
                    jobs.queues(),
                    leases,
                    jobs.scans(),
                    jobs.views(),
                    jobs.audits(),
                    JsonCodec.none(),
                    JsonValues.STANDARD_LIMIT,
                    "test",
                    InstantSource.system(),
                    Runnable::run));
        }
    }
}
