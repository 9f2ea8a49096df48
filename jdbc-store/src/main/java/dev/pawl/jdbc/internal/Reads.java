package dev.pawl.jdbc.internal;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transactions that read an application's rows on handles of the application's: of one snapshot, whatever the defaults of the
 * role are, and without locks.
 */
final class Reads {
    private static final Logger LOG = LoggerFactory.getLogger(Reads.class);

    /** Far above what a page takes that an index serves: a half-open connection costs the scan this, and not for ever. */
    private static final SocketTimeout PATIENCE = new SocketTimeout(Duration.ofMinutes(1));

    /**
     * A plan that was kept from another cursor may be a bad one. A bitmap reads all rows of a range before the first is given, and
     * a page wants only the first. Numbers come with all their digits.
     */
    private static final String SETTINGS = """
            set transaction isolation level repeatable read read only;
            select set_config('plan_cache_mode', 'force_custom_plan', true),
                   set_config('enable_bitmapscan', 'off', true),
                   set_config('jit', 'off', true),
                   set_config('extra_float_digits', '3', true);
            """;

    private static final Request FIRST = new Request(SETTINGS, 2, "");
    private static final Request NEXT = new Request("", 0, "");

    private final Supplier<Handle> handles;
    private final SocketTimeout patience;

    Reads(Supplier<Handle> handles) {
        this(handles, PATIENCE);
    }

    Reads(Supplier<Handle> handles, SocketTimeout patience) {
        this.handles = handles;
        this.patience = patience;
    }

    /**
     * The request for one of the statements of a page: that of a page of one statement has all of its transaction.
     *
     * @param index from 0
     * @param count how many there may be
     * @param next what follows the end of the transaction
     */
    static Request request(int index, int count, String next) {
        if (index > 0) {
            return NEXT;
        }
        return count == 1 ? new Request(SETTINGS, 2, ";\n" + end(next)) : FIRST;
    }

    /** Ends the transaction of a page of several statements, with what follows. */
    static void end(Handle handle, String next) throws SQLException {
        try (PreparedStatement statement = handle.getConnection().prepareStatement(end(next))) {
            statement.execute();
        }
    }

    private static String end(String next) {
        return next.isEmpty() ? "commit" : "commit;\n" + next;
    }

    /** What is read. */
    interface Work<T> {
        T on(Handle handle) throws SQLException;
    }

    <T> T read(String what, Work<T> work) {
        return asking(what, handle -> {
            try (PreparedStatement settings =
                    handle.getConnection().prepareStatement(SETTINGS)) { // not parsed each time
                settings.execute();
            }
            return work.on(handle);
        });
    }

    /** Work whose first statement brings the settings along, as a {@link #request}. */
    <T> T asking(String what, Work<T> work) {
        Left<T> left = leaving(what, handle -> {
            T result = work.on(handle);
            handle.commit();
            return result;
        });
        giveBack(left.handle());
        return left.result();
    }

    /**
     * What was read, and the handle that it was read on, which is to be closed by whoever gets it.
     *
     * @param timeout the connection's socket timeout, which holds again
     */
    record Left<T>(T result, Handle handle, int timeout) {}

    /** {@linkplain #asking Such} work, behind which another transaction has begun. */
    <T> Left<T> leaving(String what, Work<T> work) {
        Handle handle = open(what);
        try {
            int timeout = patience.shorten(handle.getConnection());
            T result;
            try {
                handle.begin();
                result = work.on(handle);
            } catch (SQLException | RuntimeException | Error failure) {
                rollBack(handle, failure);
                restore(handle, timeout);
                throw failure;
            }
            restore(handle, timeout);
            return new Left<>(result, handle, timeout);
        } catch (SQLException | JdbiException failure) {
            giveBack(handle);
            throw SqlFailures.notWritten(what, failure);
        } catch (RuntimeException | Error failure) {
            giveBack(handle);
            throw failure;
        }
    }

    private Handle open(String what) {
        try {
            return handles.get();
        } catch (JdbiException failure) {
            throw SqlFailures.notConnected(what, failure);
        }
    }

    private void restore(Handle handle, int timeout) {
        try {
            patience.restore(handle.getConnection(), timeout);
        } catch (SQLException gone) { // the next user of the connection will be told by it
            LOG.debug("could not restore a connection", gone);
        }
    }

    private static void rollBack(Handle handle, Throwable failure) {
        try {
            handle.rollback();
        } catch (JdbiException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

    private static void giveBack(Handle handle) {
        try {
            handle.close();
        } catch (JdbiException failure) {
            LOG.debug("could not give a connection back", failure);
        }
    }
}
