package dev.pawl.worker;

import dev.pawl.Running;
import dev.pawl.internal.Checks;
import dev.pawl.scan.Page;
import dev.pawl.scan.Scan;
import dev.pawl.scan.Walked;
import dev.pawl.store.NamedLease;
import dev.pawl.store.RowSource;
import dev.pawl.store.ScanStore;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
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
        this.scans = new RepeatedScans(context.scans());
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
        ScanStore scans = new RepeatedScans(context.scans());
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

    /** Whoever walks is interrupted once the lease is lost, as a handler is, and is told so by where the walk stopped. */
    Walked walk(int pages, BooleanSupplier goesOn) {
        Optional<NamedLease> acquired = NamedLease.acquire(
                context.leases(), settings.leaseName(), context.newHolder(), settings.lease(), context::checkOpen);
        if (acquired.isEmpty()) {
            return new Walked(0, 0, Walked.Stop.TAKEN, Optional.empty());
        }
        ScheduledExecutorService timer = KeptLease.timer(settings.leaseName());
        AtomicBoolean interrupted = new AtomicBoolean();
        try {
            return walk(acquired.get(), timer, interrupted, pages, goesOn);
        } finally {
            timer.shutdownNow();
            if (interrupted.get()) {
                Thread.interrupted(); // it was meant for the walk, which is over
            }
            release(acquired.get());
        }
    }

    private Walked walk(
            NamedLease lease,
            ScheduledExecutorService timer,
            AtomicBoolean interrupted,
            int pages,
            BooleanSupplier goesOn) {
        Thread walking = Thread.currentThread();
        try (KeptLease kept = KeptLease.keep(lease, timer, new Outage(toString()), why -> {
            LOG.warn("{} is walked here no longer: its lease is lost, {}", this, why);
            interrupted.set(true);
            walking.interrupt();
        })) {
            return new ScanWalk<>(
                            scans,
                            settings,
                            rows,
                            handling,
                            lease.lease().fence(),
                            () -> kept.isCurrent() && !context.closed().getAsBoolean() && goesOn.getAsBoolean())
                    .walk(pages);
        }
    }

    /** What was walked stands, whatever becomes of the lease. */
    private void release(NamedLease lease) {
        try {
            lease.release().ifPresent(refusal -> LOG.debug("{}: its lease {}", this, refusal.describe()));
        } catch (RuntimeException failure) { // whatever it is, also the end of Pawl
            LOG.info("{} could not give {} back, so it will expire: {}", this, lease, failure.toString());
        }
    }

    /** {@code scan articles}. */
    @Override
    public String toString() {
        return "scan " + name();
    }
}
