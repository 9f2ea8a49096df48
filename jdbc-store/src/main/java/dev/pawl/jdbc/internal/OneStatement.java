package dev.pawl.jdbc.internal;

import dev.pawl.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Each statement is a transaction by itself: one round trip, where {@link OwnTransactions} takes three, for statements that need
 * nothing but durability, which they ask for themselves ({@code <durable>}). They must wait for no lock, and must bear repetition: a
 * statement whose answer is lost may have been committed.
 */
final class OneStatement implements Transactions {
    private static final Logger LOG = LoggerFactory.getLogger(OneStatement.class);
    private static final int TRIES = 8;

    private final Database database;
    private final Connections connections;

    OneStatement(Database database, Connections connections) {
        this.database = database;
        this.connections = connections;
    }

    @Override
    public Locks locks() {
        return Locks.SKIPPED;
    }

    @Override
    public <T> T run(String what, Work<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return once(what, work);
            } catch (StoreException failure) {
                if (attempt == TRIES || !isWorthAnother(failure)) {
                    throw failure;
                }
                LOG.debug("try {} to {} failed", attempt, what, failure);
                LockSupport.parkNanos(
                        ThreadLocalRandom.current().nextLong(TimeUnit.MILLISECONDS.toNanos(1) << attempt));
            }
        }
    }

    /** It gave way to another transaction, under a role whose transactions are serializable by default. */
    private static boolean isWorthAnother(StoreException failure) {
        return SqlFailures.isTransient(failure);
    }

    private <T> T once(String what, Work<T> work) {
        Connections.Opened opened = open(what);
        try {
            return on(opened, what, work);
        } finally {
            try {
                opened.close();
            } catch (SQLException | JdbiException failure) {
                LOG.debug("could not give a connection back", failure);
            }
        }
    }

    private <T> T on(Connections.Opened opened, String what, Work<T> work) {
        Connection connection = opened.connection();
        boolean autoCommit;
        int timeout;
        try {
            autoCommit = connection.getAutoCommit();
            timeout = database.socketTimeout().shorten(connection);
            connection.setAutoCommit(true);
        } catch (SQLException failure) {
            opened.distrust();
            throw SqlFailures.notWritten(what, failure);
        }
        try (Handle handle = database.over(connection)) {
            return work.on(handle);
        } catch (JdbiException failure) {
            opened.distrust();
            throw SqlFailures.isConnectionLost(failure)
                    ? SqlFailures.unknown(what, failure)
                    : SqlFailures.notWritten(what, failure);
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

    private void restore(Connection connection, boolean autoCommit, int timeout) {
        try {
            database.socketTimeout().restore(connection, timeout);
            connection.setAutoCommit(autoCommit);
        } catch (SQLException gone) { // the next user of the connection will be told by it
            LOG.debug("could not restore a connection", gone);
        }
    }
}
