package dev.pawl.testkit;

import dev.pawl.Json;
import dev.pawl.scan.FailedPage;
import dev.pawl.scan.Lap;
import dev.pawl.scan.ScanState;
import dev.pawl.store.ScanTransition;
import dev.pawl.store.ScanWrite;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What stores make of laps, of failed pages and of nudges that break a rule, each one thing only. */
final class BrokenLaps {
    private BrokenLaps() {}

    static ScanTransition page(ScanTransition transition, UnaryOperator<FailedPage> change) {
        return ScanStates.after(
                transition, state -> ScanStates.failed(state, state.failed().map(change)));
    }

    /** S2, S4: every third page is stepped back from, so that its rows come again. */
    static ScanTransition keepsTheCursor(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return write instanceof ScanWrite.Move
                        && scan.isPresent()
                        && scan.get().lap().pages() % 3 == 1
                ? ScanStates.after(
                        write.on(scan, now),
                        state -> ScanStates.cursor(state, scan.get().lap().cursor()))
                : write.on(scan, now);
    }

    /** S3, incident E: the cursor is set back only if the last page had processed something. */
    static ScanTransition wrapsOnlyAfterWork(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return write instanceof ScanWrite.Move move && !move.hasSuccessor() && move.rows() == 0 && scan.isPresent()
                ? ScanStates.after(write.on(scan, now), state -> ScanStates.step(scan.get(), state.step()))
                : write.on(scan, now);
    }

    /** S3: a lap ends where the cursor reaches its end, whatever the page says. */
    static ScanTransition wrapsAtTheEndKey(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return write instanceof ScanWrite.Move move
                        && scan.isPresent()
                        && move.last().equals(scan.get().lap().end())
                ? new ScanWrite.Move(move.scan(), move.fence(), move.step(), move.last(), move.rows(), false)
                        .on(scan, now)
                : write.on(scan, now);
    }

    /** S3: a lap goes on where the last one ended. */
    static ScanTransition beginsAtTheEnd(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return write instanceof ScanWrite.Begin begin
                ? ScanStates.after(write.on(scan, now), state -> ScanStates.cursor(state, begin.end()))
                : write.on(scan, now);
    }

    /** S3: a page may come before its lap. */
    static ScanTransition movesBeforeTheLap(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return write instanceof ScanWrite.Move move
                        && scan.filter(state -> !state.lap().hasBegun()).isPresent()
                ? write.on(
                        scan.map(
                                state -> underWay(state, Optional.of(move.last().orElse(Json.NULL)), now)),
                        now)
                : write.on(scan, now);
    }

    private static ScanState underWay(ScanState scan, Optional<Json> end, Instant now) {
        return ScanStates.lap(scan, new Lap(scan.lap().number(), Optional.empty(), end, 0, 0, Optional.of(now)));
    }

    /** S3: a lap may begin while it is under way. */
    static ScanTransition beginsTwice(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return write instanceof ScanWrite.Begin begin
                        && scan.filter(state -> state.isHeldBy(begin.fence()) && state.step() == begin.step())
                                .isPresent()
                ? write.on(
                        scan.map(state ->
                                ScanStates.lap(state, Lap.next(state.lap().number()))),
                        now)
                : write.on(scan, now);
    }

    /** S7: a page that fails often is left alone. */
    static ScanTransition stepsOverWhatFails(ScanWrite write, Optional<ScanState> scan, Instant now) {
        boolean often = write instanceof ScanWrite.Fail
                && scan.flatMap(ScanState::failed)
                        .filter(page -> page.attempts() >= 5)
                        .isPresent();
        return often
                ? ScanStates.after(
                        write.on(scan, now),
                        state -> ScanStates.cursor(
                                state,
                                state.failed().flatMap(FailedPage::bounds).map(FailedPage.Bounds::last)))
                : write.on(scan, now);
    }

    /** S7: each failure is the first. */
    static ScanTransition forgetsFailures(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return write instanceof ScanWrite.Fail
                ? write.on(scan.map(state -> ScanStates.failed(state, Optional.empty())), now)
                : write.on(scan, now);
    }

    /** S7: what failed once has failed for ever. */
    static ScanTransition keepsFailures(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return write instanceof ScanWrite.Move || write instanceof ScanWrite.Begin
                ? ScanStates.after(
                        write.on(scan, now), state -> ScanStates.failed(state, scan.flatMap(ScanState::failed)))
                : write.on(scan, now);
    }

    /** S7: the first page that fails is the one that is shown. */
    static ScanTransition keepsTheFirstBounds(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return write instanceof ScanWrite.Fail
                ? ScanStates.after(
                        write.on(scan, now),
                        state -> ScanStates.failed(
                                state, scan.flatMap(ScanState::failed).or(state::failed)))
                : write.on(scan, now);
    }

    /** S7: bounds are taken down where there is no page yet. */
    static ScanTransition failsPagesBeforeTheLap(ScanWrite write, Optional<ScanState> scan, Instant now) {
        if (!(write instanceof ScanWrite.Fail fail) || fail.bounds().isEmpty()) {
            return write.on(scan, now);
        }
        ScanWrite unread = new ScanWrite.Fail(
                fail.scan(), fail.fence(), fail.step(), Optional.empty(), fail.error(), fail.retryIn(), fail.failing());
        return page(unread.on(scan, now), page -> ScanStates.bounds(page, fail.bounds()));
    }

    /** S7: a skip is for whatever stands there now. */
    static ScanTransition skipsWhateverFailed(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return write instanceof ScanWrite.Skip skip
                        && scan.flatMap(ScanState::failed).isPresent()
                ? new ScanWrite.Skip(scan.get().failed().orElseThrow(), skip.by()).on(scan, now)
                : write.on(scan, now);
    }

    /** S7: a page is skipped by the rows that somebody saw. */
    static ScanTransition skipsWhatWasSeen(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return write instanceof ScanWrite.Skip skip
                        && scan.flatMap(ScanState::failed)
                                .filter(page -> page.step() == skip.page().step())
                                .isPresent()
                ? write.on(scan.map(state -> ScanStates.failed(state, Optional.of(skip.page()))), now)
                : write.on(scan, now);
    }

    /** S7: who handles the page that is skipped may move the cursor after all. */
    static ScanTransition skipsUnderTheWalker(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return write instanceof ScanWrite.Skip && scan.isPresent()
                ? ScanStates.after(
                        write.on(scan, now),
                        state ->
                                ScanStates.held(state, state.token(), scan.get().holder()))
                : write.on(scan, now);
    }

    /** S7: the rows of a skipped page count as handled. */
    static ScanTransition countsTheSkipped(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return write instanceof ScanWrite.Skip skip
                        && scan.isPresent()
                        && scan.get().lap().hasBegun()
                ? ScanStates.after(write.on(scan, now), state -> counted(state, skip))
                : write.on(scan, now);
    }

    private static ScanState counted(ScanState state, ScanWrite.Skip skip) {
        int rows = skip.page().bounds().orElseThrow().rows();
        Lap lap = state.lap();
        return lap.hasBegun()
                ? ScanStates.lap(
                        state,
                        new Lap(lap.number(), lap.cursor(), lap.end(), lap.rows() + rows, lap.pages(), lap.startedAt()))
                : ScanStates.lastLapRows(state, state.lastLapRows() + rows);
    }

    /** S8: a cursor is read under whatever order. */
    static ScanTransition takesAnyKeyset(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return write instanceof ScanWrite.Open open
                ? write.on(scan.map(state -> ScanStates.keyset(state, open.keyset())), now)
                : write.on(scan, now);
    }

    /** S8: whoever may start over does. */
    static ScanTransition startsOverAlways(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return write instanceof ScanWrite.Open open && open.startOver()
                ? write.on(scan.map(state -> ScanStates.keyset(state, "?")), now)
                : write.on(scan, now);
    }

    /** S8: another order is refused, whatever the caller wants. */
    static ScanTransition neverStartsOver(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return write instanceof ScanWrite.Open open
                ? new ScanWrite.Open(open.scan(), open.fence(), open.keyset(), false).on(scan, now)
                : write.on(scan, now);
    }

    /** S8: who could not read the order has it forgotten. */
    static ScanTransition forgetsAKeysetUnread(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return write instanceof ScanWrite.Open open && open.keyset().equals(ScanWrite.Open.UNREAD)
                ? ScanStates.after(write.on(scan, now), state -> ScanStates.keyset(state, open.keyset()))
                : write.on(scan, now);
    }

    /** S8: a lap may begin whose keys nobody has read. */
    static ScanTransition beginsWithAKeysetUnread(ScanWrite write, Optional<ScanState> scan, Instant now) {
        boolean unread = scan.filter(state -> state.keyset().equals(ScanWrite.Open.UNREAD))
                .isPresent();
        return unread && write instanceof ScanWrite.Begin
                ? write.on(scan.map(state -> ScanStates.keyset(state, "?")), now)
                : write.on(scan, now);
    }

    /** S8: where there is nothing, no lap ends. */
    static ScanTransition spinsOnNothing(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return write instanceof ScanWrite.Begin begin && begin.end().isEmpty()
                ? ScanStates.after(
                        write.on(scan, now),
                        state -> ScanStates.step(scan.orElseThrow(), scan.get().step()))
                : write.on(scan, now);
    }

    /** S9: the lap that is under way answers. */
    static ScanTransition forgetsNudgesAtTheEnd(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return write instanceof ScanWrite.Move
                ? ScanStates.after(write.on(scan, now), state -> ScanStates.nudged(state, Optional.empty()))
                : write.on(scan, now);
    }

    /** S9: the next beginning answers whatever has come before it. */
    static ScanTransition answersEveryNudge(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return write instanceof ScanWrite.Begin
                ? ScanStates.after(write.on(scan, now), state -> ScanStates.nudged(state, Optional.empty()))
                : write.on(scan, now);
    }

    /** S9: one nudge is enough, so that the second is none. */
    static ScanTransition keepsTheFirstNudge(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return write instanceof ScanWrite.Nudge
                        && scan.flatMap(ScanState::nudgedAt).isPresent()
                ? new ScanTransition.Repeated(scan.orElseThrow())
                : write.on(scan, now);
    }

    /** S9: a nudge is never answered. */
    static ScanTransition keepsNudging(ScanWrite write, Optional<ScanState> scan, Instant now) {
        return write instanceof ScanWrite.Begin
                ? ScanStates.after(
                        write.on(scan, now), state -> ScanStates.nudged(state, scan.flatMap(ScanState::nudgedAt)))
                : write.on(scan, now);
    }
}
