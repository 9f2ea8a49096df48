package dev.pawl.jdbc.internal;

import dev.pawl.store.OpenTransactionException;
import java.sql.SQLException;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Handles;

/**
 * Handles of the application's, on the calling thread, for transactions that Pawl begins and ends around the application's code.
 * One that is in the thread's own transaction is refused: it would end with the first of Pawl's (rule J10).
 */
public final class LentHandles implements Supplier<Handle> {
    private final Database database;
    private final Supplier<Handle> source;

    /**
     * From the same place as the database's connections.
     *
     * @param source opens one
     */
    public LentHandles(Database database, Supplier<Handle> source) {
        this.database = database;
        this.source = source;
    }

    /**
     * Opens one.
     *
     * @throws IllegalStateException if this thread has begun a transaction; nothing of it was changed
     */
    @Override
    public Handle get() {
        Handle handle = source.get();
        try {
            if (handle.getConnection().getAutoCommit() || isEmptyByDefault(handle)) {
                return handle;
            }
        } catch (SQLException failure) {
            handle.close();
            throw SqlFailures.notConnected("look at a connection", failure);
        }
        handle.getConfig(Handles.class).setForceEndTransactions(false);
        handle.close();
        throw new OpenTransactionException(
                "this thread has a transaction open on the connection that the data source gives, which Pawl would end with the first"
                        + " page or stage: call this outside of the transaction, or on another thread");
    }

    private boolean isEmptyByDefault(Handle handle) {
        return !DriversTransaction.mayBeOpen(handle.getConnection()) && comeWithoutAutoCommit();
    }

    /** Known once one was seen by a thread that has begun nothing. */
    private boolean comeWithoutAutoCommit() {
        if (!database.callerCommits().get()) {
            OwnThread.call(() -> new OwnConnections(database, database.connections())
                    .use("look at how connections come", opened -> true));
        }
        return database.callerCommits().get();
    }
}
