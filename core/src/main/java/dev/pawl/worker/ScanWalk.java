package dev.pawl.worker;

import dev.pawl.lease.BusyException;
import dev.pawl.lease.Fence;
import dev.pawl.lease.Refusal;
import dev.pawl.scan.FailedPage;
import dev.pawl.scan.KeysetChangedException;
import dev.pawl.scan.ScanState;
import dev.pawl.scan.Walked;
import dev.pawl.scan.Walked.Stop;
import dev.pawl.store.OpenTransactionException;
import dev.pawl.store.RowSource;
import dev.pawl.store.ScanAnswer;
import dev.pawl.store.ScanStore;
import dev.pawl.store.ScanWrite;
import dev.pawl.store.StoreException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One walk under one lease: the scan is opened, and then walked by {@link LapWalk}, unless a page that failed still waits.
 *
 * @param scans where it is
 * @param settings its name, and how it is walked
 * @param rows what it walks over
 * @param handling what is done with each page
 * @param fence its lease's
 * @param thread the one that walks
 * @param isDue whether to walk, by the scan as it was opened: what was seen of it before the lease was acquired may be over
 * @param goesOn asked before each page
 * @param <T> a row
 */
record ScanWalk<T>(
        ScanStore scans,
        ScanSettings settings,
        RowSource<T> rows,
        PageHandling<T> handling,
        Fence fence,
        WalkingThread thread,
        BiPredicate<ScanState, Instant> isDue,
        BooleanSupplier goesOn) {
    private static final Logger LOG = LoggerFactory.getLogger(ScanWalk.class);

    /**
     * Walks.
     *
     * @param most how many pages
     */
    Walked walk(int most) {
        String keyset;
        try {
            keyset = rows.keyset();
        } catch (RuntimeException | LinkageError | AssertionError failure) {
            return unread(whoseFault(failure));
        }
        ScanAnswer answer = opened(keyset);
        return answer instanceof ScanAnswer.Done done && !isWaiting(done)
                ? new LapWalk<>(this, done.scan()).walk(most)
                : stopped(answer, keyset);
    }

    /** The rows can't even be told the order of: a failure like any other page's. */
    private Walked unread(Throwable failure) {
        try {
            ScanAnswer answer = opened(ScanWrite.Open.UNREAD);
            return answer instanceof ScanAnswer.Done done && !isWaiting(done)
                    ? new LapWalk<>(this, done.scan()).failed(Optional.empty(), failure)
                    : stopped(answer, ScanWrite.Open.UNREAD);
        } catch (RuntimeException unrecorded) {
            throw withCause(unrecorded, failure);
        }
    }

    private ScanAnswer opened(String keyset) {
        return scans.write(new ScanWrite.Open(settings.name(), fence, keyset, settings.startOver()));
    }

    private boolean isWaiting(ScanAnswer.Done opened) {
        return opened.scan()
                        .failed()
                        .map(FailedPage::retryAt)
                        .filter(opened.at()::isBefore)
                        .isPresent()
                || !isDue.test(opened.scan(), opened.at());
    }

    private Walked stopped(ScanAnswer opened, String keyset) {
        if (opened instanceof ScanAnswer.Done) {
            return new Walked(0, 0, Stop.WAITING, Optional.empty());
        }
        if (opened instanceof ScanAnswer.Refused refused) {
            if (refused.refusal() instanceof Refusal.Conflict) {
                throw new KeysetChangedException(settings.name(), storedKeyset(), keyset);
            }
            refused(refused.refusal());
            return new Walked(0, 0, Stop.INTERRUPTED, Optional.empty());
        }
        throw busy();
    }

    private String storedKeyset() {
        return scans.find(settings.name()).map(seen -> seen.scan().keyset()).orElse("?");
    }

    /** Who is replaced, or has a page skipped before his eyes, stops: another walk goes on. */
    void refused(Refusal refusal) {
        LOG.info(
                "scan {}: the walk under {} {}; it goes on from where it is stored",
                settings.name(),
                fence,
                refusal.describe());
    }

    BusyException busy() {
        return new BusyException("scan " + settings.name());
    }

    /** A database that can't be reached is no page's fault, and neither is a caller who can't be walked for. */
    static Throwable whoseFault(Throwable failure) {
        if (failure instanceof OpenTransactionException callers) {
            throw callers;
        }
        if (failure instanceof StoreException store && store.kind() != StoreException.Kind.FAILED) {
            throw store;
        }
        return failure;
    }

    /** What a page failed with must not be lost where it can't be recorded. */
    static RuntimeException withCause(RuntimeException unrecorded, Throwable failure) {
        if (!unrecorded.equals(failure)) {
            unrecorded.addSuppressed(failure);
        }
        return unrecorded;
    }
}
