package dev.pawl.worker;

import dev.pawl.Running;
import dev.pawl.internal.Checks;
import dev.pawl.scan.Page;
import dev.pawl.scan.Scan;
import dev.pawl.scan.ScanState;
import dev.pawl.scan.Walked;
import dev.pawl.store.NamedLease;
import dev.pawl.store.RowSource;
import dev.pawl.store.ScanStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A scan over any rows: each walk is under the named lease {@code scan/…}, which is kept renewed. For implementers of stores.
 *
 * @param <T> a row
 */
public final class LeasedScan<T> implements Scan {
    private static final Logger LOG = LoggerFactory.getLogger(LeasedScan.class);

    private final WorkerContext context;
    private final ScanStore scans;
    private final ScanSettings settings;
    private final RowSource<T> rows;
    private final PageHandling<T> handling;

    /**
     * A scan.
     *
     * @param context of the Pawl that it belongs to
     * @param settings its name, and how it is walked
     * @param rows what it walks over
     * @param handling what is done with each page
     */
    public LeasedScan(WorkerContext context, ScanSettings settings, RowSource<T> rows, PageHandling<T> handling) {
        this.context = Objects.requireNonNull(context, "context");
        this.scans = context.repeatedScans();
        this.settings = Objects.requireNonNull(settings, "settings");
        this.rows = Objects.requireNonNull(rows, "rows");
        this.handling = Objects.requireNonNull(handling, "handling");
    }

    /**
     * What is done to a page, where the cursor moves after it.
     *
     * @param <T> a row
     */
    @FunctionalInterface
    public interface AtLeastOnce<T> {
        /**
         * Handles a page.
         *
         * @param page its rows
         * @throws Exception if it failed; nothing was moved
         */
        void handle(Page<T> page) throws Exception;
    }

    /**
     * A scan whose cursor moves once the page was handled: a crash in between repeats the page (rule S6).
     *
     * @param <T> a row
     * @param context of the Pawl that it belongs to
     * @param settings its name, and how it is walked
     * @param rows what it walks over
     * @param handling what is done with each page
     * @return the scan
     */
    public static <T> Scan atLeastOnce(
            WorkerContext context, ScanSettings settings, RowSource<T> rows, AtLeastOnce<T> handling) {
        Objects.requireNonNull(handling, "handling");
        ScanStore scans = context.repeatedScans();
        return new LeasedScan<>(context, settings, rows, (page, move) -> {
            handling.handle(page);
            return scans.write(move);
        });
    }

    @Override
    public String name() {
        return settings.name();
    }

    /** Also under which name nudges wake its thread: no queue can have it. */
    String leaseName() {
        return settings.leaseName();
    }

    @Override
    public Walked page() {
        return walk(1, (scan, now) -> true, () -> true);
    }

    @Override
    public Walked lap() {
        return walk(Integer.MAX_VALUE, (scan, now) -> true, () -> true);
    }

    @Override
    public Running every(Duration interval) {
        context.checkOpen();
        Checks.atLeast("interval of scan " + name(), Checks.positive("interval", interval), Duration.ofMillis(1));
        return ScanThread.start(context, this, scans, interval);
    }

    /**
     * Whoever walks is interrupted once the lease is lost, while he handles a page, and is told so by where the walk stopped; his
     * thread's flag is as he left it then.
     */
    Walked walk(int pages, BiPredicate<ScanState, Instant> isDue, BooleanSupplier goesOn) {
        context.checkOpen();
        if (Thread.currentThread().isInterrupted()) {
            return new Walked(0, 0, Walked.Stop.INTERRUPTED, Optional.empty());
        }
        Runnable alsoAtTheEnd =
                () -> {}; // the page in hand is finished, and the lease given back, when Pawl is closed meanwhile
        Optional<NamedLease> acquired = NamedLease.acquire(
                context.leases(), settings.leaseName(), context.newHolder(), settings.lease(), alsoAtTheEnd);
        if (acquired.isEmpty()) {
            return new Walked(0, 0, Walked.Stop.TAKEN, Optional.empty());
        }
        ScheduledExecutorService timer = KeptLease.timer(settings.leaseName());
        try {
            return walk(acquired.get(), timer, pages, isDue, goesOn);
        } finally {
            timer.shutdownNow();
            var unused = WalkingThread.uninterrupted(() -> released(acquired.get()));
        }
    }

    private Walked walk(
            NamedLease lease,
            ScheduledExecutorService timer,
            int pages,
            BiPredicate<ScanState, Instant> isDue,
            BooleanSupplier goesOn) {
        WalkingThread walking = new WalkingThread();
        try (KeptLease kept = KeptLease.keep(lease, timer, new Outage(toString()), why -> {
            LOG.warn("{} is walked here no longer: its lease is lost, {}", this, why);
            walking.lost();
        })) {
            return new ScanWalk<>(
                            scans,
                            settings,
                            rows,
                            handling,
                            lease.lease().fence(),
                            walking,
                            isDue,
                            () -> kept.isCurrent() && !context.closed().getAsBoolean() && goesOn.getAsBoolean())
                    .walk(pages);
        }
    }

    /** What was walked stands, whatever becomes of the lease. */
    private boolean released(NamedLease lease) {
        try {
            lease.release().ifPresent(refusal -> LOG.debug("{}: its lease {}", this, refusal.describe()));
            return true;
        } catch (RuntimeException failure) { // whatever it is, also the end of Pawl
            LOG.info("{} could not give {} back, so it will expire: {}", this, lease, failure.toString());
            return false;
        }
    }

    /** {@code scan articles}. */
    @Override
    public String toString() {
        return "scan " + name();
    }
}
