package dev.pawl.scan;

import dev.pawl.Json;
import dev.pawl.internal.Checks;
import dev.pawl.lease.FencingToken;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The page at which a scan stands because its handling, or its reading, fails.
 *
 * @param scan the scan's name
 * @param step the scan's number of moves so far, by which a skip knows that nothing has changed since
 * @param lap the lap's number
 * @param after the cursor before the page; empty for a lap's first page
 * @param bounds its rows; empty if they could not even be read, so that it can't be stepped over
 * @param attempts how often it was tried
 * @param error what the last try failed with, in words
 * @param token of that try
 * @param since when it failed first
 * @param retryAt when it may be tried again
 * @param failing whether its retry policy is used up: somebody should look. It is still tried, at the longest delay
 */
public record FailedPage(
        String scan,
        long step,
        long lap,
        Optional<Json> after,
        Optional<Bounds> bounds,
        int attempts,
        String error,
        FencingToken token,
        Instant since,
        Instant retryAt,
        boolean failing) {
    /**
     * Which rows.
     *
     * @param last the key of the last
     * @param rows how many
     * @param hasSuccessor whether the lap goes on beyond them
     */
    public record Bounds(Json last, int rows, boolean hasSuccessor) {
        /** Checks that nothing is missing. */
        public Bounds {
            Objects.requireNonNull(last, "last");
            Checks.between("rows of a page", rows, 1, Integer.MAX_VALUE);
        }
    }

    /** Checks that nothing is missing. */
    public FailedPage {
        Objects.requireNonNull(scan, "scan");
        Objects.requireNonNull(after, "after");
        Objects.requireNonNull(bounds, "bounds");
        Checks.between("attempts at a page", attempts, 1, Integer.MAX_VALUE);
        Objects.requireNonNull(error, "error");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(retryAt, "retryAt");
    }

    /** {@code page of 200 rows after ["2026-…"] in lap 3 of scan articles, 5 attempts since …: …}. */
    @Override
    public String toString() {
        return "page" + bounds.map(b -> " of " + b.rows() + " rows").orElse("")
                + after.map(key -> " after " + key).orElse(" at the start") + " in lap " + lap + " of scan " + scan
                + ", "
                + attempts + (attempts == 1 ? " attempt" : " attempts") + " since " + since + ": " + error;
    }
}
