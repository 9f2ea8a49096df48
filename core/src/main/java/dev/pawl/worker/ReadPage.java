package dev.pawl.worker;

import dev.pawl.scan.Page;
import dev.pawl.store.ScanAnswer;
import dev.pawl.store.ScanWrite;
import dev.pawl.store.Slice;

/**
 * A page of a scan between its reading and its handling, to be used by one thread. For implementers of stores.
 *
 * @param <T> a row
 */
public interface ReadPage<T> extends AutoCloseable {
    /**
     * What was read.
     *
     * @return its rows, maybe none
     */
    Slice<T> slice();

    /**
     * Handles it, and moves the cursor beyond it; once, and not if it has no rows.
     *
     * @param page its rows
     * @param move to be written once the rows are handled
     * @return the answer to the move
     * @throws Exception if the page could not be handled; nothing was moved
     */
    ScanAnswer handle(Page<T> page, ScanWrite.Move move) throws Exception;

    /** Ends what is still open, without having had an effect. May be repeated, and does not throw. */
    @Override
    void close();
}
