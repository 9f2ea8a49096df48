package dev.pawl.testkit;

import dev.pawl.scan.ScanState;
import dev.pawl.scan.SkippedPage;
import dev.pawl.store.ScanAnswer;
import dev.pawl.store.ScanStore;
import dev.pawl.store.ScanWrite;
import java.util.List;
import java.util.Optional;

/** Scans in memory as one of the open transactions sees them, and writes to them. */
record PartOfScans(ScanStore store, OpenTransactions transactions, Uncommitted transaction) implements ScanStore {
    @Override
    public ScanAnswer write(ScanWrite write) {
        return transactions.within(transaction, () -> store.write(write));
    }

    @Override
    public Optional<Seen> find(String scan) {
        return transactions.within(transaction, () -> store.find(scan));
    }

    @Override
    public List<ScanState> all() {
        return transactions.within(transaction, store::all);
    }

    @Override
    public List<SkippedPage> skipped(String scan, int max) {
        return transactions.within(transaction, () -> store.skipped(scan, max));
    }
}
