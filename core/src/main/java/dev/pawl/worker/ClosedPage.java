package dev.pawl.worker;

import dev.pawl.scan.Page;
import dev.pawl.store.ScanAnswer;
import dev.pawl.store.ScanWrite;
import dev.pawl.store.Slice;

/**
 * A page whose reading has left nothing open.
 *
 * @param slice what was read
 * @param handling what is done with it
 */
record ClosedPage<T>(Slice<T> slice, PageHandling<T> handling) implements ReadPage<T> {
    @Override
    public ScanAnswer handle(Page<T> page, ScanWrite.Move move) throws Exception {
        return handling.handle(page, move);
    }

    @Override
    public void close() {
        // nothing is
    }
}
