package dev.pawl.worker;

import dev.pawl.Running;
import dev.pawl.internal.Checks;
import dev.pawl.lease.HeldLease;
import dev.pawl.lease.Leases;
import dev.pawl.scan.Page;
import dev.pawl.scan.Scan;
import dev.pawl.scan.Walked;
import dev.pawl.store.RowSource;
import dev.pawl.store.ScanStore;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A scan over any rows: each walk is under the named lease {@code scan/…}, which is kept renewed. For implementers of stores.
 *
 * @param <T> a row
 */
public final class LeasedScan<T> implements Scan {
    private final WorkerContext context;
    private final Leases leases;
    private final ScanStore scans;
    private final ScanSettings settings;
    private final RowSource<T> rows;
    private final PageHandling<T> handling;

    /**
     * A scan.
     *
     * @param context of the Pawl that it belongs to
     * @param leases the Pawl's
     * @param settings its name, and how it is walked
     * @param rows what it walks over
     * @param handling what is done with each page
     */
    public LeasedScan(
            WorkerContext context, Leases leases, ScanSettings settings, RowSource<T> rows, PageHandling<T> handling) {
        this.context = Objects.requireNonNull(context, "context");
        this.leases = Objects.requireNonNull(leases, "leases");
        this.scans = new RepeatedScans(context.scans());
        this.settings = Objects.requireNonNull(settings, "settings");
        this.rows = Objects.requireNonNull(rows, "rows");
        this.handling = Objects.requireNonNull(handling, "handling");
    }

    /** What is done to a page, where the cursor moves after it. */
    @FunctionalInterface
    public interface AtLeastOnce<T> {
        /** Handles a page. */
        void handle(Page<T> page) throws Exception;
    }

    /**
     * A scan whose cursor moves once the page was handled: a crash in between repeats the page (rule S6).
     *
     * @param <T> a row
     * @param context of the Pawl that it belongs to
     * @param leases the Pawl's
     * @param settings its name, and how it is walked
     * @param rows what it walks over
     * @param handling what is done with each page
     * @return the scan
     */
    public static <T> Scan atLeastOnce(
            WorkerContext context, Leases leases, ScanSettings settings, RowSource<T> rows, AtLeastOnce<T> handling) {
        Objects.requireNonNull(handling, "handling");
        ScanStore scans = new RepeatedScans(context.scans());
        return new LeasedScan<>(context, leases, settings, rows, (page, move) -> {
            handling.handle(page);
            return scans.write(move);
        });
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public Walked page() {
        return walk(1, () -> true);
    }

    @Override
    public Walked lap() {
        return walk(Integer.MAX_VALUE, () -> true);
    }

    @Override
    public Running every(Duration interval) {
        context.checkOpen();
        Checks.atLeast("interval of scan " + name(), Checks.positive("interval", interval), Duration.ofMillis(1));
        return ScanThread.start(context, this, scans, interval);
    }

    Walked walk(int pages, BooleanSupplier goesOn) {
        context.checkOpen();
        Optional<HeldLease> acquired = leases.acquire(settings.leaseName(), settings.lease());
        if (acquired.isEmpty()) {
            return new Walked(0, 0, Walked.Stop.TAKEN, Optional.empty());
        }
        try (KeptLease lease = KeptLease.of(acquired.get())) {
            return new ScanWalk<>(
                            scans,
                            settings,
                            rows,
                            handling,
                            lease.fence(),
                            () -> lease.isCurrent() && goesOn.getAsBoolean())
                    .walk(pages);
        }
    }

    /** {@code scan articles over created_at timestamptz desc nulls first, id uuid …}. */
    @Override
    public String toString() {
        return "scan " + name();
    }
}
