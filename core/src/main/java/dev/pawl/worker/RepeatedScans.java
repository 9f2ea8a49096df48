package dev.pawl.worker;

import dev.pawl.scan.ScanState;
import dev.pawl.scan.SkippedPage;
import dev.pawl.store.ScanAnswer;
import dev.pawl.store.ScanStore;
import dev.pawl.store.ScanWrite;
import dev.pawl.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A store of scans, whose writes are repeated a few times where their answer was lost or their row was held: what was written is
 * not written twice, so that the page before is not handled twice either. Safe for use by many threads, as the store is.
 *
 * @param store where scans are kept
 */
record RepeatedScans(ScanStore store) implements ScanStore {
    private static final int TRIES = 5;
    private static final Duration PAUSE = Duration.ofMillis(50);

    @Override
    public ScanAnswer write(ScanWrite write) {
        if (write instanceof ScanWrite.Fail) {
            return store.write(write); // each one counts
        }
        for (int attempt = 1; attempt < TRIES; attempt++) {
            try {
                ScanAnswer answer = store.write(write);
                if (!(answer instanceof ScanAnswer.Busy)) {
                    return answer;
                }
            } catch (StoreException failure) {
                if (failure.kind() == StoreException.Kind.FAILED) {
                    throw failure;
                }
            }
            LockSupport.parkNanos(PAUSE.multipliedBy(attempt).toNanos());
        }
        return store.write(write);
    }

    @Override
    public Optional<Seen> find(String scan) {
        return store.find(scan);
    }

    @Override
    public List<ScanState> all() {
        return store.all();
    }

    @Override
    public List<SkippedPage> skipped(String scan, int max) {
        return store.skipped(scan, max);
    }
}
