package dev.pawl.jdbc.internal;

import org.jdbi.v3.core.Handle;

/** In whose transaction statements run: {@link OwnTransactions}, one for each call, or {@link CallersTransaction}. */
interface Transactions {
    /**
     * Runs work in a transaction.
     *
     * @param what the work in words, for messages: {@code enqueue 3 jobs}
     * @param work may run more than once, each time in a transaction of its own
     * @return what the work returned the last time
     */
    <T> T run(String what, Work<T> work);

    /** What becomes of rows that another transaction has locked. */
    Locks locks();

    /** Statements on a handle. */
    @FunctionalInterface
    interface Work<T> {
        T on(Handle handle);
    }
}
