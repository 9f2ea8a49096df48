package dev.pawl.testkit;

import dev.pawl.scan.ScanState;
import dev.pawl.scan.SkippedPage;
import dev.pawl.store.ScanAnswer;
import dev.pawl.store.ScanStore;
import dev.pawl.store.ScanWrite;
import java.util.List;
import java.util.Optional;

/** Scans that can be reached as long as the jobs beside them can, with faults of their own. */
record ScansBeside(FaultyJobStore jobs, ScanStore real) implements ScanStore {
    @Override
    public ScanAnswer write(ScanWrite write) {
        return jobs.writeOfScan(() -> real.write(write), ScanAnswer.Busy::new);
    }

    @Override
    public Optional<Seen> find(String scan) {
        jobs.checkReachable();
        return real.find(scan);
    }

    @Override
    public List<ScanState> all() {
        jobs.checkReachable();
        return real.all();
    }

    @Override
    public List<SkippedPage> skipped(String scan, int max) {
        jobs.checkReachable();
        return real.skipped(scan, max);
    }
}
