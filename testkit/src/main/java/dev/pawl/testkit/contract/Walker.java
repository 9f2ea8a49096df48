package dev.pawl.testkit.contract;

import dev.pawl.Json;
import dev.pawl.lease.Fence;
import dev.pawl.lease.FencingToken;
import dev.pawl.scan.FailedPage;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.ScanWrite;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a walker believes to hold, and the writes that it would make.
 *
 * @param scan the scan's name
 * @param fence what its writes carry
 * @param step the scan's, which they name
 */
record Walker(String scan, Fence fence, long step) {
    static final String KEYSET = "created_at timestamptz desc nulls first, id uuid desc nulls first";
    static final Json END = key(1_000);
    static final int ROWS = 10;
    static final Duration DELAY = Duration.ofSeconds(5);

    /** Every kind that bears a fence. */
    static final List<Function<Walker, ScanWrite>> WRITES =
            List.of(Walker::begin, walker -> walker.move(key(900)), Walker::wrap, Walker::failToRead);

    static Json key(int number) {
        return Json.of("[\"2026-02-16T06:00:00.000001+00:00\", " + number + "]");
    }

    FencingToken token() {
        return fence.token();
    }

    /** The same walker, believing the scan at another step. */
    Walker at(long other) {
        return new Walker(scan, fence, other);
    }

    /** The same token under another name. */
    Walker named(String holder) {
        return new Walker(scan, new Fence(fence.token(), holder), step);
    }

    /** The same name with another token. */
    Walker numbered(long token) {
        return new Walker(scan, new Fence(new FencingToken(token), fence.holder()), step);
    }

    /** The same walker of another scan. */
    Walker of(String other) {
        return new Walker(other, fence, step);
    }

    ScanWrite open() {
        return open(KEYSET, false);
    }

    ScanWrite open(String keyset, boolean startOver) {
        return new ScanWrite.Open(scan, fence, keyset, startOver);
    }

    ScanWrite begin() {
        return begin(END);
    }

    ScanWrite begin(Json end) {
        return begin(Optional.of(end), Optional.empty());
    }

    ScanWrite begin(Optional<Json> end, Optional<Instant> nudgedAt) {
        return new ScanWrite.Begin(scan, fence, step, end, nudgedAt);
    }

    /** Beyond a page that has a successor. */
    ScanWrite move(Json last) {
        return move(last, ROWS);
    }

    ScanWrite move(Json last, int rows) {
        return new ScanWrite.Move(scan, fence, step, Optional.of(last), rows, true);
    }

    /** Beyond the lap's last page. */
    ScanWrite wrap() {
        return new ScanWrite.Move(scan, fence, step, Optional.of(END), ROWS, false);
    }

    /** Beyond a page on which nothing was left. */
    ScanWrite wrapWithoutRows() {
        return new ScanWrite.Move(scan, fence, step, Optional.empty(), 0, false);
    }

    ScanWrite fail(FailedPage.Bounds bounds) {
        return fail(Optional.of(bounds), ErrorInfo.of("no summary"), DELAY, false);
    }

    ScanWrite failToRead() {
        return fail(Optional.empty(), ErrorInfo.of("no such column"), DELAY, false);
    }

    ScanWrite fail(Optional<FailedPage.Bounds> bounds, ErrorInfo error, Duration retryIn, boolean failing) {
        return new ScanWrite.Fail(scan, fence, step, bounds, error, retryIn, failing);
    }

    /** One of each kind. */
    List<ScanWrite> everyWrite() {
        return WRITES.stream().map(kind -> kind.apply(this)).toList();
    }
}
