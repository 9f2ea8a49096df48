package dev.pawl.testkit;

import dev.pawl.job.JobId;
import dev.pawl.job.JobTransaction;
import dev.pawl.lease.BusyException;
import dev.pawl.store.Answer;
import dev.pawl.store.JobWrite;
import dev.pawl.store.ScanStore;
import dev.pawl.store.TransactionalJobs;
import dev.pawl.worker.WorkerContext;

/**
 * A transaction on an {@link InMemoryPawl}, as an application has one on its database: what {@link #jobs} writes happens if and
 * when it commits, is seen by nobody before, and keeps the job's row locked until then. Where PostgreSQL would wait for another
 * transaction, this says busy, as no other thread could end it.
 *
 * <p>To be used by one thread.
 */
public final class InMemoryTransaction implements AutoCloseable {
    private final InMemoryJobStore store;
    private final OpenTransactions transactions;
    private final Uncommitted written;
    private final Part part;

    InMemoryTransaction(InMemoryJobStore store, WorkerContext context) {
        this.store = store;
        this.transactions = store.transactions();
        this.written = transactions.begin();
        this.part = new Part(context);
    }

    /**
     * Pawl's part in this transaction.
     *
     * @return the same for every call; throws IllegalStateException once the transaction is over
     */
    public JobTransaction jobs() {
        return part;
    }

    /** The scans as this transaction sees them, and writes to them. */
    ScanStore scans() {
        return new PartOfScans(store.scans(), transactions, written);
    }

    /**
     * Locks a job's row until the end of this transaction, as an application may by SQL of its own.
     *
     * @param id the job's; one that there is not is no error
     * @throws IllegalStateException if the transaction is over
     * @throws BusyException if another open transaction has it locked
     */
    public void hold(JobId id) {
        transactions.within(written, () -> {
            transactions.lock(id);
            return id;
        });
    }

    /**
     * Makes everything seen that was written in it.
     *
     * @throws IllegalStateException if the transaction is over, or can't commit since a write in it was refused; nothing of it
     *     remains, and it is over
     */
    public void commit() {
        store.commit(written);
    }

    /** Ends it without a trace. Does nothing if it is over. */
    public void rollback() {
        transactions.rollBack(written);
    }

    /** Rolls back, unless it is over. */
    @Override
    public void close() {
        rollback();
    }

    private final class Part extends TransactionalJobs {
        Part(WorkerContext context) {
            super(new PartOfAStore(store, written), context.rows(), context.refusals());
        }

        @Override
        protected void check() {
            transactions.within(written, () -> true);
        }

        @Override
        protected Answer hold(JobWrite.Renew fence, int stage) {
            return transactions.within(written, () -> store.fence(fence, stage));
        }

        @Override
        protected void poison(String why, Throwable failure) {
            written.poison(why);
        }
    }
}
