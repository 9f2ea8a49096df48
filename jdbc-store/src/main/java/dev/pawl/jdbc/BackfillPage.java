package dev.pawl.jdbc;

import dev.pawl.job.Attempt;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.LeaseLostException;
import dev.pawl.scan.Page;
import org.jdbi.v3.core.Handle;

/**
 * What a {@linkplain JdbiPawl#backfill backfill} does with a page, in the transaction that saves its place beyond it.
 *
 * @param <P> the payload
 * @param <T> a row
 */
@FunctionalInterface
public interface BackfillPage<P, T> {
    /**
     * Handles a page.
     *
     * @param attempt the job, its payload and earlier results; it can't save progress
     * @param page its rows; there is one lap
     * @param handle in the transaction
     * @throws LeaseLostException if another has the job; to be let through
     * @throws BusyException if the job's row is held by another transaction; to be let through
     * @throws Exception if it failed: the transaction is rolled back, and the stage's retry policy decides what then
     */
    void handle(Attempt<P> attempt, Page<T> page, Handle handle) throws Exception;

    /**
     * What a {@linkplain JdbiPawl#backfillAtLeastOnce backfill without a transaction} does with a page, before its place is saved.
     *
     * @param <P> the payload
     * @param <T> a row
     */
    @FunctionalInterface
    interface Repeated<P, T> {
        /**
         * Handles a page, maybe not for the first time.
         *
         * @param attempt the job, its payload and earlier results; it can't save progress
         * @param page its rows; there is one lap
         * @throws Exception if it failed: the stage's retry policy decides what then
         */
        void handle(Attempt<P> attempt, Page<T> page) throws Exception;
    }
}
