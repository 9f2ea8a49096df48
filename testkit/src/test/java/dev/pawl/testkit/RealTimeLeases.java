package dev.pawl.testkit;

import dev.pawl.lease.FencingToken;
import dev.pawl.store.LeaseStore;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Named leases in memory, for the tests of others, which sleep. */
public final class RealTimeLeases {
    private RealTimeLeases() {}

    public static LeaseStore create() {
        AtomicLong token = new AtomicLong();
        return new InMemoryLeaseStore(new RealTime(), () -> new FencingToken(token.incrementAndGet()));
    }

    private static final class RealTime implements TestTime {
        private final long begin = System.nanoTime();

        @Override
        public Instant now() {
            return ManualTime.START.plusNanos(System.nanoTime() - begin).truncatedTo(ChronoUnit.MICROS);
        }

        @Override
        public void advance(Duration duration) {
            throw new IllegalStateException("it moves by itself");
        }

        @Override
        public void advanceToNextEvent() {
            throw new IllegalStateException("it moves by itself");
        }
    }
}
