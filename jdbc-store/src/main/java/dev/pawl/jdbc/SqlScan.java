package dev.pawl.jdbc;

import dev.pawl.job.RetryPolicy;
import dev.pawl.scan.Page;
import dev.pawl.scan.Scan;
import dev.pawl.scan.Scans;
import java.time.Duration;
import org.jdbi.v3.core.Handle;

/**
 * Describes a scan over rows of a query: how it is walked, and what is done to each page. Immutable; each method returns a
 * changed copy.
 *
 * @param <T> a row
 */
public interface SqlScan<T> {
    /**
     * How long a walker that dies keeps the others waiting; 30 s unless told otherwise. It is renewed while a page is handled.
     *
     * @param length 100 ms or more
     * @return a copy
     */
    SqlScan<T> lease(Duration length);

    /**
     * When a page that failed is tried again; {@link RetryPolicy#standard()} unless told otherwise. Once its attempts are used
     * up, the scan counts as failing: it is shown so, logged as an error, and tried at the longest delay, until it succeeds or
     * somebody {@linkplain Scans#skip skips} the page.
     *
     * @param policy of pages
     * @return a copy
     */
    SqlScan<T> retry(RetryPolicy policy);

    /**
     * Begins a new lap where the scan is stored under another order of keys, as after a deploy that changed it. Refused unless
     * this is said.
     *
     * @return a copy
     */
    SqlScan<T> startingOverIfChanged();

    /**
     * The page's handling and the cursor's move are one commit (rule S5). The transaction is READ COMMITTED and durable; the
     * database ends it if the handling leaves it idle for longer than the lease, and at least 10 s.
     *
     * @param handling must neither commit nor roll back
     * @return the scan, which nobody walks yet
     */
    Scan inTransaction(InTransaction<T> handling);

    /**
     * The cursor moves after the handling returned: a crash in between repeats the page (rule S6).
     *
     * @param handling bears to see a page twice
     * @return the scan, which nobody walks yet
     */
    Scan atLeastOnce(AtLeastOnce<T> handling);

    /**
     * What is done with a page, in the transaction that moves the cursor.
     *
     * @param <T> a row
     */
    @FunctionalInterface
    interface InTransaction<T> {
        /**
         * Handles a page.
         *
         * @param page its rows
         * @param handle in the transaction
         * @throws Exception if it failed: the transaction is rolled back, and the page is tried again later
         */
        void handle(Page<T> page, Handle handle) throws Exception;
    }

    /**
     * What is done with a page.
     *
     * @param <T> a row
     */
    @FunctionalInterface
    interface AtLeastOnce<T> {
        /**
         * Handles a page.
         *
         * @param page its rows
         * @throws Exception if it failed: the page is tried again later
         */
        void handle(Page<T> page) throws Exception;
    }
}
