package dev.pawl.testkit.model;

import dev.pawl.scan.ScanState;
import dev.pawl.scan.SkippedPage;
import dev.pawl.store.ScanAnswer;
import dev.pawl.store.ScanStore;
import dev.pawl.store.ScanWrite;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Tries a failed page again at once, instead of after a while. */
record HastyScans(ScanStore real) implements ScanStore {
    @Override
    public ScanAnswer write(ScanWrite write) {
        return real.write(
                write instanceof ScanWrite.Fail fail
                        ? new ScanWrite.Fail(
                                fail.scan(),
                                fail.fence(),
                                fail.step(),
                                fail.bounds(),
                                fail.error(),
                                Duration.ZERO,
                                fail.failing())
                        : write);
    }

    @Override
    public Optional<Seen> find(String scan) {
        return real.find(scan);
    }

    @Override
    public List<ScanState> all() {
        return real.all();
    }

    @Override
    public List<SkippedPage> skipped(String scan, int max) {
        return real.skipped(scan, max);
    }
}
