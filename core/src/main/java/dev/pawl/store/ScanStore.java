package dev.pawl.store;

import dev.pawl.scan.ScanState;
import dev.pawl.scan.SkippedPage;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Scans, for implementers: what {@link ScanWrite} decides, kept durably. Safe for use by many threads. */
public interface ScanStore {
    /**
     * Applies a write: one transaction of the store's own, or the caller's.
     *
     * <p>In the caller's, whatever is not done makes that transaction unable to commit, and a walker's repeat is refused as already
     * done: the rows of the first time stand, and those of this time must not (rules S5, S6).
     *
     * @param write what to do
     * @return what became of it
     */
    ScanAnswer write(ScanWrite write);

    /**
     * Where a scan is, and what time it is there.
     *
     * @param scan its name
     * @return empty if it was never opened
     */
    Optional<Seen> find(String scan);

    /**
     * All that were ever opened.
     *
     * @return by name
     */
    List<ScanState> all();

    /**
     * The pages that were stepped over.
     *
     * @param scan its name
     * @param max most records
     * @return latest first
     */
    List<SkippedPage> skipped(String scan, int max);

    /**
     * A scan at a time.
     *
     * @param scan as it is
     * @param at the store's time
     */
    record Seen(ScanState scan, Instant at) {
        /** Checks that nothing is missing. */
        public Seen {
            Objects.requireNonNull(scan, "scan");
            Objects.requireNonNull(at, "at");
        }
    }
}
