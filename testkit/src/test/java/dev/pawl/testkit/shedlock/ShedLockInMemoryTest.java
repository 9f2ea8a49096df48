package dev.pawl.testkit.shedlock;

import dev.pawl.JsonCodec;
import dev.pawl.embed.Pawl;
import dev.pawl.store.JsonValues;
import dev.pawl.testkit.InMemoryJobStore;
import dev.pawl.testkit.RealTimeLeases;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;

class ShedLockInMemoryTest extends ShedLockContract {
    private final Pawl pawl = new InMemory(InMemoryJobStore.create());

    @AfterEach
    void close() {
        pawl.close();
    }

    @Override
    Pawl pawl() {
        return pawl;
    }

    private static final class InMemory extends Pawl {
        InMemory(InMemoryJobStore jobs) {
            super(new Parts(
                    jobs,
                    jobs.queues(),
                    RealTimeLeases.create(),
                    jobs.scans(),
                    JsonCodec.none(),
                    JsonValues.STANDARD_LIMIT,
                    "test",
                    InstantSource.system(),
                    Runnable::run));
        }
    }
}
