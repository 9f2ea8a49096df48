package dev.pawl.testkit.scan;

import dev.pawl.JsonCodec;
import dev.pawl.embed.Pawl;
import dev.pawl.lease.Fence;
import dev.pawl.lease.Lease;
import dev.pawl.scan.Scan;
import dev.pawl.scan.ScanState;
import dev.pawl.scan.SkippedPage;
import dev.pawl.store.JsonValues;
import dev.pawl.store.LeaseAnswer;
import dev.pawl.store.LeaseStore;
import dev.pawl.store.RowSource;
import dev.pawl.store.ScanAnswer;
import dev.pawl.store.ScanStore;
import dev.pawl.store.ScanWrite;
import dev.pawl.store.StoreException;
import dev.pawl.testkit.Faults;
import dev.pawl.testkit.FaultyJobStore;
import dev.pawl.testkit.InMemoryJobStore;
import dev.pawl.worker.LeasedScan;
import dev.pawl.worker.ScanSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A Pawl in memory, one of several over the same store, with any rows to scan. It fails whatever is asked by a thread that is
 * interrupted, as pools of connections do.
 */
final class WalksPawl extends Pawl {
    private final FaultyJobStore store;
    private final Leases leases;

    private WalksPawl(InMemoryJobStore memory, FaultyJobStore store, Leases leases) {
        super(new Parts(
                store,
                memory.queues(),
                leases,
                new Scans(store.over(memory.scans())),
                memory.views(),
                memory.audits(),
                JsonCodec.none(),
                JsonValues.STANDARD_LIMIT,
                "walks",
                InstantSource.system(),
                Runnable::run));
        this.store = store;
        this.leases = leases;
    }

    static WalksPawl over(InMemoryJobStore memory) {
        FaultyJobStore store = FaultyJobStore.over(memory, memory.time());
        return new WalksPawl(memory, store, new Leases(store.over(memory.leases())));
    }

    Faults faults() {
        return store.faults();
    }

    /** What happens before a lease is asked for. */
    void beforeAcquire(Runnable first) {
        leases.beforeAcquire = first;
    }

    /** What happens right after a lease was acquired, and before whoever asked is told. */
    void afterAcquire(Runnable then) {
        leases.afterAcquire = then;
    }

    /** What happens before each renewal. */
    void beforeRenewal(Runnable first) {
        leases.beforeRenewal = first;
    }

    int renewals() {
        return leases.renewals.get();
    }

    <T> Scan scan(ScanSettings settings, RowSource<T> rows, LeasedScan.AtLeastOnce<T> handling) {
        return LeasedScan.atLeastOnce(context(), settings, rows, handling);
    }

    private static void checkNotInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new StoreException(
                    StoreException.Kind.UNREACHABLE, "interrupted while waiting for a connection", new Exception());
        }
    }

    private static final class Leases implements LeaseStore {
        private final LeaseStore real;
        private final AtomicInteger renewals = new AtomicInteger();
        private volatile Runnable beforeAcquire = () -> {};
        private volatile Runnable afterAcquire = () -> {};
        private volatile Runnable beforeRenewal = () -> {};

        Leases(LeaseStore real) {
            this.real = real;
        }

        @Override
        public Optional<Lease> acquire(String name, String holder, Duration length) {
            checkNotInterrupted();
            beforeAcquire.run();
            Optional<Lease> acquired = real.acquire(name, holder, length);
            afterAcquire.run();
            return acquired;
        }

        @Override
        public LeaseAnswer renew(String name, Fence fence, Duration length) {
            beforeRenewal.run();
            checkNotInterrupted();
            renewals.incrementAndGet();
            return real.renew(name, fence, length);
        }

        @Override
        public LeaseAnswer release(String name, Fence fence, Duration rest) {
            checkNotInterrupted();
            return real.release(name, fence, rest);
        }

        @Override
        public Optional<Lease> find(String name) {
            return real.find(name);
        }
    }

    private record Scans(ScanStore real) implements ScanStore {
        @Override
        public ScanAnswer write(ScanWrite write) {
            checkNotInterrupted();
            return real.write(write);
        }

        @Override
        public Optional<Seen> find(String scan) {
            return real.find(scan);
        }

        @Override
        public List<ScanState> all() {
            return real.all();
        }

        @Override
        public List<SkippedPage> skipped(String scan, int max) {
            return real.skipped(scan, max);
        }
    }
}
