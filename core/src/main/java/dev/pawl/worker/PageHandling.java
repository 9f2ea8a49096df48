package dev.pawl.worker;

import dev.pawl.scan.Lap;
import dev.pawl.scan.Page;
import dev.pawl.scan.ScanState;
import dev.pawl.store.RowSource;
import dev.pawl.store.ScanAnswer;
import dev.pawl.store.ScanWrite;

/**
 * What is done with the pages of a scan, together with the move of its cursor: in one transaction, or one after the other. For
 * implementers of stores.
 *
 * @param <T> a row
 */
@FunctionalInterface
public interface PageHandling<T> {
    /**
     * Handles a page, and moves the cursor beyond it.
     *
     * @param page its rows
     * @param move to be written once the rows are handled
     * @return the answer to the move
     * @throws Exception if the page could not be handled; nothing was moved
     */
    ScanAnswer handle(Page<T> page, ScanWrite.Move move) throws Exception;

    /**
     * Reads the next page. What handles it may begin on the way, so it is handled at once or not at all, and closed in any case.
     *
     * @param rows to be read from
     * @param scan as it is, in a lap that has begun: the page lies beyond its cursor, and not beyond its end
     * @return the page; what it has begun holds nothing that others wait for
     * @throws RuntimeException as {@link RowSource#slice}, which leaves nothing open
     */
    default ReadPage<T> read(RowSource<T> rows, ScanState scan) {
        Lap lap = scan.lap();
        return new ClosedPage<>(rows.slice(lap.cursor(), lap.end().orElseThrow()), this);
    }
}
