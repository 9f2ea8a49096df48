package dev.pawl.worker;

import dev.pawl.Json;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.Fence;
import dev.pawl.lease.Refusal;
import dev.pawl.lease.RefusedException;
import dev.pawl.scan.FailedPage;
import dev.pawl.scan.KeysetChangedException;
import dev.pawl.scan.Page;
import dev.pawl.scan.ScanState;
import dev.pawl.scan.Walked;
import dev.pawl.scan.Walked.Stop;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.RowSource;
import dev.pawl.store.ScanAnswer;
import dev.pawl.store.ScanStore;
import dev.pawl.store.ScanWrite;
import dev.pawl.store.Slice;
import dev.pawl.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One walk under one lease: pages, and the cursor's moves, until something stops it. To be used by one thread, once.
 *
 * @param <T> a row
 */
final class ScanWalk<T> {
    private static final Logger LOG = LoggerFactory.getLogger(ScanWalk.class);

    private final ScanStore scans;
    private final ScanSettings settings;
    private final RowSource<T> rows;
    private final PageHandling<T> handling;
    private final Fence fence;
    private final BooleanSupplier goesOn;

    private final Instant openedAt;
    private ScanState state;
    private int pages;
    private long handled;

    /**
     * Opens the scan.
     *
     * @param fence its lease's
     * @param goesOn asked before each page
     */
    ScanWalk(
            ScanStore scans,
            ScanSettings settings,
            RowSource<T> rows,
            PageHandling<T> handling,
            Fence fence,
            BooleanSupplier goesOn) {
        this.scans = scans;
        this.settings = settings;
        this.rows = rows;
        this.handling = handling;
        this.fence = fence;
        this.goesOn = goesOn;
        ScanAnswer.Done opened = opened();
        this.state = opened.scan();
        this.openedAt = opened.at();
    }

    private ScanAnswer.Done opened() {
        ScanAnswer answer =
                scans.write(new ScanWrite.Open(settings.name(), fence, rows.keyset(), settings.startOver()));
        if (answer instanceof ScanAnswer.Done done) {
            return done;
        }
        if (answer instanceof ScanAnswer.Refused refused) {
            throw refused.refusal() instanceof Refusal.Conflict
                    ? new KeysetChangedException(settings.name(), storedKeyset(), rows.keyset())
                    : new RefusedException(words(refused.refusal()), refused.refusal());
        }
        throw new BusyException("scan " + settings.name());
    }

    private String storedKeyset() {
        return scans.find(settings.name()).map(seen -> seen.scan().keyset()).orElse("?");
    }

    /**
     * Walks.
     *
     * @param most how many pages
     */
    Walked walk(int most) {
        if (state.failed().filter(page -> page.retryAt().isAfter(openedAt)).isPresent()) {
            return walked(Stop.WAITING);
        }
        Optional<Walked> stopped = state.lap().hasBegun() ? Optional.empty() : begin();
        while (stopped.isEmpty()) {
            stopped = goesOn.getAsBoolean() ? page() : Optional.of(walked(Stop.INTERRUPTED));
            if (stopped.isEmpty() && pages == most) {
                return walked(Stop.HAS_SUCCESSOR);
            }
        }
        return stopped.get();
    }

    private Optional<Walked> begin() {
        Optional<Json> end;
        try {
            end = rows.lastKey();
        } catch (StoreException failure) {
            return Optional.of(failed(Optional.empty(), whoseFault(failure)));
        } catch (RuntimeException failure) {
            return Optional.of(failed(Optional.empty(), failure));
        }
        return moved(scans.write(new ScanWrite.Begin(settings.name(), fence, state.step(), end, state.nudgedAt())));
    }

    /** Empty if the lap goes on. */
    private Optional<Walked> page() {
        Optional<FailedPage.Bounds> bounds = Optional.empty();
        Slice<T> slice;
        ScanAnswer answer;
        try {
            slice = rows.slice(state.lap().cursor(), state.lap().end().orElseThrow());
            int size = slice.rows().size();
            boolean goesOnAfter = slice.hasSuccessor();
            bounds = slice.last().map(last -> new FailedPage.Bounds(last, size, goesOnAfter));
            answer = handled(slice);
        } catch (StoreException failure) {
            return Optional.of(failed(bounds, whoseFault(failure)));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.of(walked(Stop.INTERRUPTED));
        } catch (Exception | LinkageError | AssertionError failure) {
            return Optional.of(failed(bounds, failure));
        }
        Optional<Walked> stopped = moved(answer);
        if (answer instanceof ScanAnswer.Done && !slice.rows().isEmpty()) {
            pages++;
            handled += slice.rows().size();
            stopped = stopped.map(walked -> walked(walked.stop()));
        }
        return stopped;
    }

    /** A database that can't be reached is no page's fault. */
    private static StoreException whoseFault(StoreException failure) {
        if (failure.kind() != StoreException.Kind.FAILED) {
            throw failure;
        }
        return failure;
    }

    private ScanAnswer handled(Slice<T> slice) throws Exception {
        ScanWrite.Move move = new ScanWrite.Move(
                settings.name(), fence, state.step(), slice.last(), slice.rows().size(), slice.hasSuccessor());
        if (slice.rows().isEmpty()) {
            return scans.write(move);
        }
        int attempt = state.failed().map(FailedPage::attempts).orElse(0) + 1;
        return handling.handle(
                new Page<>(slice.rows(), slice.hasSuccessor(), state.lap().number(), attempt, fence.token()), move);
    }

    /** Empty if the lap goes on. Who is replaced, or has a page skipped before his eyes, stops: another walk goes on. */
    private Optional<Walked> moved(ScanAnswer answer) {
        if (answer instanceof ScanAnswer.Done done) {
            long lap = state.lap().number();
            state = done.scan();
            return state.lap().number() == lap ? Optional.empty() : Optional.of(walked(Stop.WRAPPED));
        }
        if (answer instanceof ScanAnswer.Refused refused) {
            LOG.info("scan {}: {}; it goes on from where it is stored", settings.name(), words(refused.refusal()));
            return Optional.of(walked(Stop.INTERRUPTED));
        }
        throw new BusyException("scan " + settings.name());
    }

    private String words(Refusal refusal) {
        return "the walk under " + fence + " " + refusal.describe();
    }

    /** The page stays where it is, whatever becomes of this record. */
    private Walked failed(Optional<FailedPage.Bounds> bounds, Throwable failure) {
        int attempt = state.failed().map(FailedPage::attempts).orElse(0) + 1;
        Optional<Duration> retryIn = settings.retry().retryIn(attempt, failure, ThreadLocalRandom.current());
        Optional<Walked> stopped = moved(scans.write(new ScanWrite.Fail(
                settings.name(),
                fence,
                state.step(),
                bounds,
                ErrorInfo.of(failure),
                retryIn.orElse(settings.retry().longestDelay()),
                retryIn.isEmpty())));
        if (stopped.isPresent()) {
            return stopped.get();
        }
        FailedPage page = state.failed().orElseThrow();
        if (page.failing()) {
            LOG.error(
                    "scan {} is failing: {}; it is tried again at {}", settings.name(), page, page.retryAt(), failure);
        } else {
            LOG.warn("scan {}: {}; it is tried again at {}", settings.name(), page, page.retryAt(), failure);
        }
        return new Walked(pages, handled, Stop.FAILED, Optional.of(failure));
    }

    private Walked walked(Stop stop) {
        return new Walked(pages, handled, stop, Optional.empty());
    }
}
