package dev.pawl.worker;

import dev.pawl.scan.Page;
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
}
