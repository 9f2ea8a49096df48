package dev.pawl.store;

import dev.pawl.audit.AuditLimits;
import dev.pawl.audit.Invariant;
import dev.pawl.audit.Violation;
import dev.pawl.scan.FailedPage;
import dev.pawl.scan.ScanState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** Which invariants a scan breaks, the same for every store. */
public final class ScanDiagnosis {
    private ScanDiagnosis() {}

    /**
     * Looks at a scan.
     *
     * @param scan as it is
     * @param waiting how many rows wait, by the application's own count, if it has one; asked only where the last lap found none
     * @param limits what is too long
     * @param now the store's time
     * @return what is wrong; empty if nothing is
     */
    public static List<Violation> of(ScanState scan, Optional<LongSupplier> waiting, AuditLimits limits, Instant now) {
        List<Violation> found = new ArrayList<>();
        Optional<FailedPage> failing = scan.failed().filter(FailedPage::failing);
        if (failing.isPresent()) {
            found.add(of(Invariant.SCAN_FAILING, scan, failing.get().toString()));
        } else {
            lastMove(scan)
                    .filter(at -> at.plus(limits.still()).isBefore(now))
                    .map(at -> of(
                            Invariant.SCAN_STANDS_STILL,
                            scan,
                            (scan.lap().hasBegun() ? "in mid-lap" : "nudged") + ", and nothing since " + at))
                    .ifPresent(found::add);
        }
        if (waiting.isPresent() && scan.lastWrapAt().isPresent() && scan.lastLapRows() == 0) {
            long rows = waiting.get().getAsLong();
            if (rows > 0) {
                found.add(of(
                        Invariant.SCAN_FINDS_NOTHING,
                        scan,
                        "no rows in the lap that ended at " + scan.lastWrapAt().get() + ", and " + rows + " wait"));
            }
        }
        return List.copyOf(found);
    }

    /** Since when it has had something to do; empty if it hasn't. */
    private static Optional<Instant> lastMove(ScanState scan) {
        return scan.lap().hasBegun()
                ? Stream.concat(scan.lap().startedAt().stream(), scan.lastPageAt().stream())
                        .max(Instant::compareTo)
                : scan.nudgedAt();
    }

    private static Violation of(Invariant invariant, ScanState scan, String found) {
        return new Violation(invariant, "scan " + scan.name(), Optional.empty(), found);
    }
}
