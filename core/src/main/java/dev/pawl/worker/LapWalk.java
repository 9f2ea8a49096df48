package dev.pawl.worker;

import dev.pawl.Json;
import dev.pawl.scan.FailedPage;
import dev.pawl.scan.Page;
import dev.pawl.scan.ScanState;
import dev.pawl.scan.Walked;
import dev.pawl.scan.Walked.Stop;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.ScanAnswer;
import dev.pawl.store.ScanWrite;
import dev.pawl.store.Slice;
import dev.pawl.store.UnmappedPageException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pages of an opened scan, and the cursor's moves, until something stops it. To be used by one thread, once.
 *
 * @param <T> a row
 */
final class LapWalk<T> {
    private static final Logger LOG = LoggerFactory.getLogger(LapWalk.class);
    private static final int MOST_CAUSES = 20; // or a circle of them had no end

    private final ScanWalk<T> walk;
    private final String name;
    private ScanState state;
    private int pages;
    private long handled;

    /**
     * Of a scan that this walk has opened.
     *
     * @param opened as it is
     */
    LapWalk(ScanWalk<T> walk, ScanState opened) {
        this.walk = walk;
        this.name = opened.name();
        this.state = opened;
    }

    /**
     * Walks.
     *
     * @param most how many pages
     */
    Walked walk(int most) {
        Optional<Walked> stopped = state.lap().hasBegun() ? Optional.empty() : begin();
        while (stopped.isEmpty()) {
            stopped = goesOn() ? page() : Optional.of(walked(Stop.INTERRUPTED));
            if (stopped.isEmpty() && pages == most) {
                return walked(Stop.HAS_SUCCESSOR);
            }
        }
        return stopped.get();
    }

    private boolean goesOn() {
        return walk.goesOn().getAsBoolean() && !Thread.currentThread().isInterrupted();
    }

    private Optional<Walked> begin() {
        Optional<Json> end;
        try {
            end = walk.rows().lastKey();
        } catch (RuntimeException | LinkageError | AssertionError failure) {
            return Optional.of(failed(Optional.empty(), ScanWalk.whoseFault(failure)));
        }
        return moved(walk.scans().write(new ScanWrite.Begin(name, walk.fence(), state.step(), end, state.nudgedAt())));
    }

    /** Empty if the lap goes on. */
    private Optional<Walked> page() {
        Optional<FailedPage.Bounds> bounds = Optional.empty();
        Slice<T> slice;
        ScanAnswer answer;
        try (ReadPage<T> page = walk.handling().read(walk.rows(), state)) {
            slice = page.slice();
            int size = slice.rows().size();
            boolean goesOnAfter = slice.hasSuccessor();
            bounds = slice.last().map(last -> new FailedPage.Bounds(last, size, goesOnAfter));
            answer = handled(page);
        } catch (InterruptedException interrupted) {
            if (!walk.thread().wasInterrupted()) {
                Thread.currentThread().interrupt(); // by somebody else
            }
            return Optional.of(walked(Stop.INTERRUPTED));
        } catch (UnmappedPageException unmapped) {
            return Optional.of(failed(Optional.of(unmapped.bounds()), ScanWalk.whoseFault(unmapped.why())));
        } catch (Exception | LinkageError | AssertionError failure) {
            return Optional.of(
                    walk.thread().wasInterrupted() || wasStopped(failure)
                            ? new Walked(pages, handled, Stop.INTERRUPTED, Optional.of(failure))
                            : failed(bounds, ScanWalk.whoseFault(failure)));
        }
        Optional<Walked> stopped = moved(answer);
        if (answer instanceof ScanAnswer.Done && !slice.rows().isEmpty()) {
            pages++;
            handled += slice.rows().size();
            stopped = stopped.map(walked -> walked(walked.stop()));
        }
        return stopped;
    }

    /** The handling was interrupted by the end of what walks, and has told so in its own way: no failure of the page. */
    private boolean wasStopped(Throwable failure) {
        return !walk.goesOn().getAsBoolean()
                && Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                        .limit(MOST_CAUSES)
                        .anyMatch(InterruptedException.class::isInstance);
    }

    private ScanAnswer handled(ReadPage<T> read) throws Exception {
        Slice<T> slice = read.slice();
        ScanWrite.Move move = new ScanWrite.Move(
                name, walk.fence(), state.step(), slice.last(), slice.rows().size(), slice.hasSuccessor());
        if (slice.rows().isEmpty()) {
            return walk.scans().write(move);
        }
        Page<T> page = new Page<>(
                slice.rows(),
                slice.hasSuccessor(),
                state.lap().number(),
                attempt(),
                walk.fence().token());
        return walk.thread().handling(() -> read.handle(page, move));
    }

    private int attempt() {
        return state.failed().map(FailedPage::attempts).orElse(0) + 1;
    }

    /** Empty if the lap goes on. */
    private Optional<Walked> moved(ScanAnswer answer) {
        if (answer instanceof ScanAnswer.Done done) {
            long lap = state.lap().number();
            state = done.scan();
            return state.lap().number() == lap ? Optional.empty() : Optional.of(walked(Stop.WRAPPED));
        }
        if (answer instanceof ScanAnswer.Refused refused) {
            walk.refused(refused.refusal());
            return Optional.of(walked(Stop.INTERRUPTED));
        }
        throw walk.busy();
    }

    /** The page stays where it is, whatever becomes of this record. */
    Walked failed(Optional<FailedPage.Bounds> bounds, Throwable failure) {
        try {
            Stop stop = moved(walk.scans().write(fail(bounds, failure)))
                    .map(Walked::stop)
                    .orElse(Stop.FAILED);
            if (stop == Stop.FAILED) {
                log(state.failed().orElseThrow(), failure);
            }
            return new Walked(pages, handled, stop, Optional.of(failure));
        } catch (RuntimeException unrecorded) {
            throw ScanWalk.withCause(unrecorded, failure);
        }
    }

    private ScanWrite fail(Optional<FailedPage.Bounds> bounds, Throwable failure) {
        var retry = walk.settings().retry();
        Optional<Duration> retryIn = retry.retryIn(attempt(), failure, ThreadLocalRandom.current());
        return new ScanWrite.Fail(
                name,
                walk.fence(),
                state.step(),
                bounds,
                ErrorInfo.of(failure),
                retryIn.orElse(retry.longestDelay()),
                retryIn.isEmpty());
    }

    private void log(FailedPage page, Throwable failure) {
        if (page.failing()) {
            LOG.error("scan {} is failing: {}; it is tried again at {}", name, page, page.retryAt(), failure);
        } else {
            LOG.warn("scan {}: {}; it is tried again at {}", name, page, page.retryAt(), failure);
        }
    }

    private Walked walked(Stop stop) {
        return new Walked(pages, handled, stop, Optional.empty());
    }
}
