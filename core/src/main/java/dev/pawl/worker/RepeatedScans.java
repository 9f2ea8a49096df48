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
import org.jspecify.annotations.Nullable;

/**
 * A store of scans, whose writes are repeated a few times where their answer was lost, the store was away or their row was held: what
 * was written is not written twice, so that the page before is not handled twice either. A {@link ScanWrite.Fail} whose answer was
 * lost is not repeated, since each one counts.
 *
 * <p>Where no repeat is answered either, it says that nothing was written only if that is so; else that it is not known. An
 * interrupt of the calling thread fails no write: it is kept for after it. Safe for use by many threads, as the store is.
 *
 * @param store where scans are kept
 */
record RepeatedScans(ScanStore store) implements ScanStore {
    private static final int TRIES = 5;
    private static final Duration PAUSE = Duration.ofMillis(50);

    @Override
    public ScanAnswer write(ScanWrite write) {
        return WalkingThread.uninterrupted(() -> repeated(write));
    }

    private ScanAnswer repeated(ScanWrite write) {
        StoreException lost = null;
        for (int tries = 1; ; tries++) {
            try {
                ScanAnswer answer = store.write(write);
                if (!(answer instanceof ScanAnswer.Busy)) {
                    return answer;
                }
                if (tries == TRIES) {
                    return known(answer, write, lost);
                }
            } catch (StoreException failure) {
                lost = failure.mayHaveHappened() ? failure : lost;
                if (tries == TRIES || !isRepeatable(write, failure)) {
                    throw known(failure, write, lost);
                }
            }
            LockSupport.parkNanos(PAUSE.multipliedBy(tries).toNanos());
        }
    }

    private static boolean isRepeatable(ScanWrite write, StoreException failure) {
        return failure.kind() != StoreException.Kind.FAILED
                && !(write instanceof ScanWrite.Fail && failure.mayHaveHappened());
    }

    private static ScanAnswer known(ScanAnswer busy, ScanWrite write, @Nullable StoreException lost) {
        if (lost != null) {
            throw StoreException.unknown(words(write), lost);
        }
        return busy;
    }

    private static StoreException known(StoreException last, ScanWrite write, @Nullable StoreException lost) {
        if (lost == null || last.mayHaveHappened()) {
            return last;
        }
        StoreException unknown = StoreException.unknown(words(write), lost);
        unknown.addSuppressed(last);
        return unknown;
    }

    private static String words(ScanWrite write) {
        return write.getClass().getSimpleName() + " of scan " + write.scan();
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
