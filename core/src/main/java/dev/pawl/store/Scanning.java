package dev.pawl.store;

import dev.pawl.Json;
import dev.pawl.lease.Fence;
import dev.pawl.lease.FencingToken;
import dev.pawl.lease.Refusal;
import dev.pawl.scan.FailedPage;
import dev.pawl.scan.Lap;
import dev.pawl.scan.ScanState;
import dev.pawl.scan.SkippedPage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The life of a scan, as pure functions: what each {@link ScanWrite} that is allowed makes of it. */
final class Scanning {
    private Scanning() {}

    static ScanState created(ScanWrite.Open open, Instant now) {
        return new ScanState(
                open.scan(),
                open.keyset(),
                0,
                open.fence().token(),
                Optional.of(open.fence().holder()),
                now,
                Lap.next(1),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty());
    }

    /** Tokens rise, so that a walker which comes late can't take the scan back. */
    static ScanTransition opened(ScanState scan, ScanWrite.Open open, Instant now) {
        int later = open.fence().token().compareTo(scan.token());
        boolean another = scan.holder()
                .filter(holder -> !holder.equals(open.fence().holder()))
                .isPresent();
        if (later < 0 || (later == 0 && another)) {
            return new ScanTransition.Refused(lost(open.fence(), scan));
        }
        boolean same = scan.keyset().equals(open.keyset()) || open.keyset().equals(ScanWrite.Open.UNREAD);
        if (scan.keyset().equals(ScanWrite.Open.UNREAD)) { // no lap has begun under it
            return moved(new Change(scan)
                    .holder(open.fence(), now)
                    .keyset(open.keyset())
                    .done());
        }
        if (!same && !open.startOver()) {
            return new ScanTransition.Refused(new Refusal.Conflict("its keys are (" + scan.keyset() + ")"));
        }
        Change change = new Change(scan).holder(open.fence(), now);
        return moved(
                same
                        ? change.done()
                        : change.keyset(open.keyset())
                                .lap(Lap.next(scan.lap().number() + 1))
                                .step());
    }

    /** A nudge that came after the end was read stays: it may be for a row that lies beyond. */
    static ScanState begun(ScanState scan, ScanWrite.Begin begin, Instant now) {
        Lap lap = scan.lap();
        Change change = new Change(scan);
        if (scan.nudgedAt().equals(begin.nudgedAt())) {
            change = change.notNudged();
        }
        return begin.end().isPresent()
                ? change.lap(new Lap(lap.number(), Optional.empty(), begin.end(), 0, 0, Optional.of(now)))
                        .step()
                : change.wrapped(0, now).step();
    }

    /** The decision of rule S3: whether there is a successor decides, and nothing else does. */
    static ScanState handled(ScanState scan, Optional<Json> last, int rows, boolean hasSuccessor, Instant now) {
        Lap lap = scan.lap();
        long all = lap.rows() + rows;
        Change change = rows > 0 ? new Change(scan).pageAt(now) : new Change(scan);
        return hasSuccessor
                ? change.lap(new Lap(lap.number(), last, lap.end(), all, lap.pages() + 1, lap.startedAt()))
                        .step()
                : change.wrapped(all, now).step();
    }

    static ScanState failed(ScanState scan, ScanWrite.Fail fail, Instant now) {
        Optional<FailedPage> before = scan.failed();
        FailedPage page = new FailedPage(
                scan.name(),
                scan.step(),
                scan.lap().number(),
                scan.lap().cursor(),
                fail.bounds(),
                before.map(FailedPage::attempts).orElse(0) + 1,
                words(fail.error()),
                fail.fence().token(),
                before.map(FailedPage::since).orElse(now),
                now.plus(fail.retryIn()).truncatedTo(ChronoUnit.MICROS), // as a database keeps it
                fail.failing());
        return new Change(scan).failed(page).done();
    }

    private static String words(ErrorInfo error) {
        return error.type().map(type -> type + ": " + error.message()).orElse(error.message());
    }

    /** Its walker is fenced off: else its late move would count for the page that was stepped over. */
    static ScanTransition skipped(ScanState scan, ScanWrite.Skip skip, Instant now) {
        FailedPage asked = skip.page();
        if (scan.step() != asked.step() || scan.failed().isEmpty()) {
            return conflict("scan " + scan.name() + " has moved on since: it is at step " + scan.step()
                    + (scan.failed().isEmpty() ? ", and no page has failed there" : ""));
        }
        FailedPage page = scan.failed().get();
        if (page.bounds().isEmpty()) {
            return conflict("the bounds of the page are not known, since its rows could not be read: " + page.error());
        }
        if (!page.bounds().equals(asked.bounds())) {
            return conflict("the page has other rows now: " + page);
        }
        FailedPage.Bounds bounds = page.bounds().get();
        Lap lap = scan.lap();
        Change change = new Change(scan).nobody(now);
        ScanState after = bounds.hasSuccessor()
                ? change.lap(new Lap(
                                lap.number(),
                                Optional.of(bounds.last()),
                                lap.end(),
                                lap.rows(),
                                lap.pages(),
                                lap.startedAt()))
                        .step()
                : change.wrapped(lap.rows(), now).step();
        return new ScanTransition.Moved(after, Optional.of(new SkippedPage(page, skip.by(), now)));
    }

    static ScanTransition nudged(ScanState scan, Instant now) {
        return scan.nudgedAt().equals(Optional.of(now))
                ? new ScanTransition.Repeated(scan)
                : moved(new Change(scan).nudgedAt(now).done());
    }

    static Refusal lost(Fence fence, ScanState scan) {
        return scan.token().equals(fence.token()) && scan.holder().isEmpty()
                ? new Refusal.Released(scan.since())
                : new Refusal.Superseded(scan.token(), scan.holder(), scan.since());
    }

    private static ScanTransition moved(ScanState scan) {
        return new ScanTransition.Moved(scan, Optional.empty());
    }

    private static ScanTransition conflict(String what) {
        return new ScanTransition.Refused(new Refusal.Conflict(what));
    }

    /** A copy in the making. */
    private static final class Change {
        private final String name;
        private String keyset;
        private final long step;
        private FencingToken token;
        private Optional<String> holder;
        private Instant since;
        private Lap lap;
        private Optional<Instant> lastPageAt;
        private Optional<Instant> lastWrapAt;
        private long lastLapRows;
        private Optional<Instant> nudgedAt;
        private Optional<FailedPage> failed;

        Change(ScanState scan) {
            name = scan.name();
            keyset = scan.keyset();
            step = scan.step();
            token = scan.token();
            holder = scan.holder();
            since = scan.since();
            lap = scan.lap();
            lastPageAt = scan.lastPageAt();
            lastWrapAt = scan.lastWrapAt();
            lastLapRows = scan.lastLapRows();
            nudgedAt = scan.nudgedAt();
            failed = scan.failed();
        }

        /** Who has it already has it since he opened it first. */
        Change holder(Fence fence, Instant now) {
            boolean again = token.equals(fence.token()) && holder.equals(Optional.of(fence.holder()));
            token = fence.token();
            holder = Optional.of(fence.holder());
            since = again ? since : now;
            return this;
        }

        Change nobody(Instant now) {
            holder = Optional.empty();
            since = now;
            return this;
        }

        Change keyset(String other) {
            keyset = other;
            return this;
        }

        Change lap(Lap other) {
            lap = other;
            return this;
        }

        Change pageAt(Instant now) {
            lastPageAt = Optional.of(now);
            return this;
        }

        Change wrapped(long rows, Instant now) {
            lap = Lap.next(lap.number() + 1);
            lastWrapAt = Optional.of(now);
            lastLapRows = rows;
            return this;
        }

        Change notNudged() {
            nudgedAt = Optional.empty();
            return this;
        }

        Change nudgedAt(Instant now) {
            nudgedAt = Optional.of(now);
            return this;
        }

        Change failed(FailedPage page) {
            failed = Optional.of(page);
            return this;
        }

        /** At the same step. */
        ScanState done() {
            return at(step);
        }

        /** At the next step, at which no page has failed yet. */
        ScanState step() {
            failed = Optional.empty();
            return at(step + 1);
        }

        private ScanState at(long now) {
            return new ScanState(
                    name,
                    keyset,
                    now,
                    token,
                    holder,
                    since,
                    lap,
                    lastPageAt,
                    lastWrapAt,
                    lastLapRows,
                    nudgedAt,
                    failed);
        }
    }
}
