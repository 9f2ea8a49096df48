package dev.pawl.jdbc.internal;

import dev.pawl.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections for Pawl's own transactions: never one on which another's is open (rule J10).
 *
 * <p>Many data sources give a thread that has begun a transaction the very connection of that transaction. So a connection that
 * does not commit by itself is given back as it came, and another is taken on a {@linkplain OwnThread thread of Pawl's own}, which
 * has begun nothing. Where it is the pool's way to give such connections, that is found out there, and no other thread asks again.
 */
final class OwnConnections {
    private static final Logger LOG = LoggerFactory.getLogger(OwnConnections.class);

    private final Database database;
    private final Connections connections;

    OwnConnections(Database database, Connections connections) {
        this.database = database;
        this.connections = connections;
    }

    /** What is done on a connection, whose auto-commit mode may be changed, and whose transaction is over at the end. */
    @FunctionalInterface
    interface Use<T, X extends Exception> {
        T on(Connections.Opened opened) throws X;
    }

    /**
     * Uses one, on this thread or on another that it waits for.
     *
     * @param what the work in words, for messages
     * @throws StoreException of the use, or if none could be had
     */
    <T, X extends Exception> T use(String what, Use<T, X> use) throws X {
        if (!OwnThread.isCurrent() && !database.callerCommits().get()) {
            Connections.Opened opened = open(what);
            try {
                if (autoCommit(what, opened)) {
                    return on(opened, true, what, use);
                }
                opened.distrust(); // it may be this thread's, and is not to be kept
            } finally {
                giveBack(opened);
            }
        }
        return OwnThread.call(() -> onOwnThread(what, use));
    }

    private <T, X extends Exception> T onOwnThread(String what, Use<T, X> use) throws X {
        Connections.Opened opened = open(what);
        try {
            boolean autoCommit = autoCommit(what, opened);
            if (!autoCommit) {
                database.callerCommits().set(true);
                checkIdle(what, opened);
            }
            return on(opened, autoCommit, what, use);
        } finally {
            giveBack(opened);
        }
    }

    private static void checkIdle(String what, Connections.Opened opened) {
        if (!DriversTransaction.mayBeOpen(opened.connection())) {
            return;
        }
        opened.distrust();
        throw new StoreException(
                StoreException.Kind.FAILED,
                "could not " + what
                        + ": the data source gave a thread of Pawl's own a connection that is in a transaction, or whose"
                        + " driver does not tell. Give Pawl a data source whose connections begin in auto-commit mode. Nothing was"
                        + " written",
                new IllegalStateException("in a transaction"));
    }

    private <T, X extends Exception> T on(Connections.Opened opened, boolean autoCommit, String what, Use<T, X> use)
            throws X {
        Connection connection = opened.connection();
        int timeout;
        try {
            timeout = database.socketTimeout().shorten(connection);
        } catch (SQLException failure) {
            opened.distrust();
            throw SqlFailures.notWritten(what, failure);
        }
        try {
            return use.on(opened);
        } catch (StoreException failure) {
            if (!SqlFailures.has(failure, SqlFailures.LOCK_NOT_AVAILABLE)) {
                opened.distrust();
            }
            throw failure;
        } finally {
            restore(connection, autoCommit, timeout);
        }
    }

    private Connections.Opened open(String what) {
        try {
            return connections.open();
        } catch (SQLException | JdbiException failure) {
            throw SqlFailures.notConnected(what, failure);
        }
    }

    private static boolean autoCommit(String what, Connections.Opened opened) {
        try {
            return opened.connection().getAutoCommit();
        } catch (SQLException failure) {
            opened.distrust();
            throw SqlFailures.notWritten(what, failure);
        }
    }

    private void restore(Connection connection, boolean autoCommit, int timeout) {
        try {
            database.socketTimeout().restore(connection, timeout);
            if (connection.getAutoCommit() != autoCommit) {
                connection.setAutoCommit(autoCommit);
            }
        } catch (SQLException gone) { // the next user of the connection will be told by it
            LOG.debug("could not restore a connection", gone);
        }
    }

    /** What was done stands, whatever becomes of the connection. */
    private static void giveBack(Connections.Opened opened) {
        try {
            opened.close();
        } catch (SQLException | JdbiException failure) {
            LOG.debug("could not give a connection back", failure);
        }
    }
}
