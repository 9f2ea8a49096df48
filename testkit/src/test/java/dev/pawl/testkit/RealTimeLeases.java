package dev.pawl.testkit;

import dev.pawl.lease.FencingToken;
import dev.pawl.store.LeaseStore;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** Named leases in memory, for the tests of others, which sleep. */
public final class RealTimeLeases {
    private RealTimeLeases() {}

    public static LeaseStore create() {
        return create(InMemoryLeaseStore::new);
    }

    static LeaseStore create(BiFunction<TestTime, Supplier<FencingToken>, InMemoryLeaseStore> leases) {
        AtomicLong token = new AtomicLong();
        return leases.apply(new RealTime(), () -> new FencingToken(token.incrementAndGet()));
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
