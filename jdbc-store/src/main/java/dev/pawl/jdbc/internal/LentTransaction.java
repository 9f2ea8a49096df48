package dev.pawl.jdbc.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A transaction that Pawl opens on a handle of the application's, and lends to its code: READ COMMITTED, durable, and ended by the
 * database if it is left idle. The code's statements wait as long as its driver does; Pawl's own wait a bounded time. To be used
 * by one thread, and closed, which gives the handle back.
 */
final class LentTransaction implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LentTransaction.class);
    private static final Duration SHORTEST_IDLE = Duration.ofSeconds(10);
    private static final Duration IDLE_WITH_THE_ROW = Duration.ofSeconds(5);
    private static final String DURABLE = "set local synchronous_commit = on; ";

    private final String what;
    private final Handle handle;
    private final SocketTimeout socketTimeout;
    private final int timeout;

    /**
     * Begins one.
     *
     * @param what the work in words, for messages
     * @param handles opens a handle
     * @param lease how long the code may leave it idle, and at least 10 s
     */
    LentTransaction(String what, Supplier<Handle> handles, SocketTimeout socketTimeout, Duration lease) {
        this.what = what;
        this.socketTimeout = socketTimeout;
        this.handle = open(handles);
        this.timeout = begin(lease);
    }

    /**
     * One that has been begun by {@link #beginning}.
     *
     * @param timeout the connection's socket timeout, which holds now
     */
    LentTransaction(String what, Handle handle, SocketTimeout socketTimeout, int timeout) {
        this.what = what;
        this.socketTimeout = socketTimeout;
        this.handle = handle;
        this.timeout = timeout;
    }

    /**
     * Statements that begin one on a connection that has none, for whoever has something to ask before. What is durable about it is
     * to be said with its commit.
     *
     * @param lease how long the code may leave it idle, and at least 10 s
     * @param more how much longer it may be idle, before the code gets it
     */
    static String beginning(Duration lease, Duration more) {
        return "begin isolation level read committed read write;\n"
                + idleFor(idle(lease).plus(more));
    }

    private Handle open(Supplier<Handle> handles) {
        try {
            return handles.get();
        } catch (JdbiException failure) {
            throw SqlFailures.notConnected(what, failure);
        }
    }

    /** Returns the connection's socket timeout, which then holds again for the code. */
    private int begin(Duration lease) {
        try {
            int before = socketTimeout.shorten(handle.getConnection());
            handle.begin();
            execute("set transaction isolation level read committed read write; " + DURABLE + idleFor(idle(lease)));
            socketTimeout.restore(handle.getConnection(), before);
            return before;
        } catch (JdbiException | SQLException failure) {
            try {
                handle.close();
            } catch (JdbiException alsoFailed) {
                failure.addSuppressed(alsoFailed);
            }
            throw SqlFailures.notWritten(what, failure);
        }
    }

    Handle handle() {
        return handle;
    }

    Connection connection() {
        return handle.getConnection();
    }

    /** From here on the statements are Pawl's own. */
    void takenBack() {
        try {
            socketTimeout.shorten(connection());
        } catch (SQLException failure) {
            throw SqlFailures.notWritten(what, failure);
        }
    }

    /** From here on a row of Pawl's is locked: a client that freezes must not hold it for long. */
    void holdsARow() {
        try {
            execute(DURABLE + idleFor(IDLE_WITH_THE_ROW));
        } catch (SQLException failure) {
            throw SqlFailures.notWritten(what, failure);
        }
    }

    /** Commits; the failure is the caller's to judge. */
    void commit() {
        handle.commit();
    }

    /** What failed first is what is told. */
    void rollBack(Throwable failure) {
        try {
            socketTimeout.shorten(connection());
            handle.rollback();
        } catch (JdbiException | SQLException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

    /** What the commit said stands, whatever becomes of the connection. */
    @Override
    public void close() {
        try (handle) {
            socketTimeout.restore(connection(), timeout);
        } catch (JdbiException | SQLException failure) {
            LOG.debug("could not give a connection back", failure);
        }
    }

    private static Duration idle(Duration lease) {
        return lease.compareTo(SHORTEST_IDLE) > 0 ? lease : SHORTEST_IDLE;
    }

    private static String idleFor(Duration idle) {
        return "set local idle_in_transaction_session_timeout = " + Math.min(Integer.MAX_VALUE, idle.toMillis());
    }

    /** Prepared, so that the driver need not parse it for each of many pages. */
    private void execute(String settings) throws SQLException {
        try (PreparedStatement statement = connection().prepareStatement(settings)) {
            statement.execute();
        }
    }
}
