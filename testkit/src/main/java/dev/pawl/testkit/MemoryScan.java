package dev.pawl.testkit;

import dev.pawl.job.RetryPolicy;
import dev.pawl.scan.Page;
import dev.pawl.scan.Scan;
import dev.pawl.worker.ScanSettings;
import java.time.Duration;
import java.util.Objects;

/**
 * Describes a scan over rows in memory: how it is walked, and what is done to each page. Immutable; each method returns a changed
 * copy.
 *
 * @param <T> a row
 */
public final class MemoryScan<T> {
    private final InMemoryPawl pawl;
    private final ScanSettings settings;
    private final MemoryRows<T> rows;

    MemoryScan(InMemoryPawl pawl, ScanSettings settings, MemoryRows<T> rows) {
        this.pawl = pawl;
        this.settings = settings;
        this.rows = rows;
    }

    /**
     * How long a walker that dies keeps the others waiting; 30 s unless told otherwise.
     *
     * @param length 100 ms or more
     * @return a copy
     */
    public MemoryScan<T> lease(Duration length) {
        return new MemoryScan<>(pawl, settings.withLease(length), rows);
    }

    /**
     * When a page that failed is tried again; {@link RetryPolicy#standard()} unless told otherwise.
     *
     * @param policy of pages
     * @return a copy
     */
    public MemoryScan<T> retry(RetryPolicy policy) {
        return new MemoryScan<>(pawl, settings.withRetry(policy), rows);
    }

    /**
     * Begins a new lap where the scan is stored under another order of keys.
     *
     * @return a copy
     */
    public MemoryScan<T> startingOverIfChanged() {
        return new MemoryScan<>(pawl, settings.startingOverIfChanged(), rows);
    }

    /**
     * The page's handling and the cursor's move are one commit (rule S5).
     *
     * @param handling must neither commit nor roll back
     * @return the scan, which nobody walks yet
     */
    public Scan inTransaction(InTransaction<T> handling) {
        return pawl.scan(settings, rows, Objects.requireNonNull(handling, "handling"));
    }

    /**
     * The cursor moves after the handling returned (rule S6).
     *
     * @param handling bears to see a page twice
     * @return the scan, which nobody walks yet
     */
    public Scan atLeastOnce(AtLeastOnce<T> handling) {
        return pawl.scan(settings, rows, Objects.requireNonNull(handling, "handling"));
    }

    /**
     * What is done with a page, in the transaction that moves the cursor.
     *
     * @param <T> a row
     */
    @FunctionalInterface
    public interface InTransaction<T> {
        /**
         * Handles a page.
         *
         * @param page its rows
         * @param transaction to enqueue in, say
         * @throws Exception if it failed: the transaction is rolled back, and the page is tried again later
         */
        void handle(Page<T> page, InMemoryTransaction transaction) throws Exception;
    }

    /**
     * What is done with a page.
     *
     * @param <T> a row
     */
    @FunctionalInterface
    public interface AtLeastOnce<T> {
        /**
         * Handles a page.
         *
         * @param page its rows
         * @throws Exception if it failed: the page is tried again later
         */
        void handle(Page<T> page) throws Exception;
    }
}
