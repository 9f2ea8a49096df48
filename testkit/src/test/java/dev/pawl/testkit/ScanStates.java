package dev.pawl.testkit;

import dev.pawl.Json;
import dev.pawl.lease.Fence;
import dev.pawl.lease.FencingToken;
import dev.pawl.scan.FailedPage;
import dev.pawl.scan.Lap;
import dev.pawl.scan.ScanState;
import dev.pawl.store.ScanTransition;
import dev.pawl.store.ScanWrite;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Changed copies of scans and their writes, past all rules: what broken stores are made of. */
final class ScanStates {
    private ScanStates() {}

    /** What becomes of the scan, with a change to it; a refusal stays one. */
    static ScanTransition after(ScanTransition transition, UnaryOperator<ScanState> change) {
        return transition instanceof ScanTransition.Moved moved
                ? new ScanTransition.Moved(change.apply(moved.scan()), moved.skipped())
                : transition;
    }

    static ScanState held(ScanState scan, FencingToken token, Optional<String> holder) {
        return new ScanState(
                scan.name(),
                scan.keyset(),
                scan.step(),
                token,
                holder,
                scan.since(),
                scan.lap(),
                scan.lastPageAt(),
                scan.lastWrapAt(),
                scan.lastLapRows(),
                scan.nudgedAt(),
                scan.failed());
    }

    static ScanState lap(ScanState scan, Lap lap) {
        return new ScanState(
                scan.name(),
                scan.keyset(),
                scan.step(),
                scan.token(),
                scan.holder(),
                scan.since(),
                lap,
                scan.lastPageAt(),
                scan.lastWrapAt(),
                scan.lastLapRows(),
                scan.nudgedAt(),
                scan.failed());
    }

    /** With another cursor, if its lap is under way. */
    static ScanState cursor(ScanState scan, Optional<Json> cursor) {
        Lap lap = scan.lap();
        return lap.hasBegun()
                ? lap(scan, new Lap(lap.number(), cursor, lap.end(), lap.rows(), lap.pages(), lap.startedAt()))
                : scan;
    }

    static ScanState lastLapRows(ScanState scan, long rows) {
        return new ScanState(
                scan.name(),
                scan.keyset(),
                scan.step(),
                scan.token(),
                scan.holder(),
                scan.since(),
                scan.lap(),
                scan.lastPageAt(),
                scan.lastWrapAt(),
                rows,
                scan.nudgedAt(),
                scan.failed());
    }

    static ScanState keyset(ScanState scan, String keyset) {
        return new ScanState(
                scan.name(),
                keyset,
                scan.step(),
                scan.token(),
                scan.holder(),
                scan.since(),
                scan.lap(),
                scan.lastPageAt(),
                scan.lastWrapAt(),
                scan.lastLapRows(),
                scan.nudgedAt(),
                scan.failed());
    }

    static ScanState nudged(ScanState scan, Optional<Instant> at) {
        return marked(scan, scan.step(), at, scan.failed());
    }

    static ScanState failed(ScanState scan, Optional<FailedPage> page) {
        return marked(scan, scan.step(), scan.nudgedAt(), page);
    }

    static ScanState step(ScanState scan, long step) {
        return marked(scan, step, scan.nudgedAt(), scan.failed());
    }

    private static ScanState marked(
            ScanState scan, long step, Optional<Instant> nudgedAt, Optional<FailedPage> failed) {
        return new ScanState(
                scan.name(),
                scan.keyset(),
                step,
                scan.token(),
                scan.holder(),
                scan.since(),
                scan.lap(),
                scan.lastPageAt(),
                scan.lastWrapAt(),
                scan.lastLapRows(),
                nudgedAt,
                failed);
    }

    static FailedPage page(FailedPage page, int attempts, Instant since, Instant retryAt) {
        return page(page, page.bounds(), attempts, since, retryAt);
    }

    static FailedPage bounds(FailedPage page, Optional<FailedPage.Bounds> bounds) {
        return page(page, bounds, page.attempts(), page.since(), page.retryAt());
    }

    private static FailedPage page(
            FailedPage page, Optional<FailedPage.Bounds> bounds, int attempts, Instant since, Instant retryAt) {
        return new FailedPage(
                page.scan(),
                page.step(),
                page.lap(),
                page.after(),
                bounds,
                attempts,
                page.error(),
                page.token(),
                since,
                retryAt,
                page.failing());
    }

    /** The write as if it were of another walker, at another step. */
    static ScanWrite.Fenced by(ScanWrite.Fenced write, Fence fence, long step) {
        if (write instanceof ScanWrite.Begin w) {
            return new ScanWrite.Begin(w.scan(), fence, step, w.end(), w.nudgedAt());
        }
        if (write instanceof ScanWrite.Move w) {
            return new ScanWrite.Move(w.scan(), fence, step, w.last(), w.rows(), w.hasSuccessor());
        }
        ScanWrite.Fail w = (ScanWrite.Fail) write;
        return new ScanWrite.Fail(w.scan(), fence, step, w.bounds(), w.error(), w.retryIn(), w.failing());
    }
}
