package dev.pawl.jdbc.internal;

import dev.pawl.store.Answer;
import dev.pawl.store.JobWrite;
import dev.pawl.store.TransactionalJobs;
import dev.pawl.worker.WorkerContext;
import java.sql.Connection;

/** Pawl's part in a transaction on a connection of the caller's. */
public final class JdbiJobTransaction extends TransactionalJobs {
    private final Database database;
    private final CallersTransaction transaction;

    /**
     * In the connection's transaction.
     *
     * @param connection the caller's, which is never committed, rolled back or closed here
     */
    public JdbiJobTransaction(Database database, WorkerContext context, Connection connection) {
        this(database, context, new CallersTransaction(database, connection));
    }

    private JdbiJobTransaction(Database database, WorkerContext context, CallersTransaction transaction) {
        super(new JdbiJobStore(database, transaction), context.rows(), context.refusals());
        this.database = database;
        this.transaction = transaction;
    }

    /** Refuses a connection on which nothing could be part of anything. */
    public JdbiJobTransaction checked() {
        check();
        return this;
    }

    @Override
    protected void check() {
        transaction.check();
    }

    @Override
    protected Answer hold(JobWrite.Renew fence, int stage) {
        return new Fencing(database, transaction).fence(fence, stage);
    }

    @Override
    protected void poison(String why, Throwable failure) {
        Poison.into(transaction, why, failure);
    }
}
