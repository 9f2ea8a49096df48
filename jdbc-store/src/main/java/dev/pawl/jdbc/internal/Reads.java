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

    /** A read of one statement is one request with all of its transaction. */
    static final Request WHOLE = new Request(SETTINGS, 2, ";\ncommit", true);

    private static final Request NEXT = new Request("", 0, "", true);

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
     * The request for one of the statements of a read that {@linkplain #asking asks} for itself.
     *
     * @param index from 0
     * @param count how many there may be
     */
    static Request request(int index, int count) {
        if (index > 0) {
            return NEXT;
        }
        return count == 1 ? WHOLE : FIRST;
    }

    private static final Request FIRST = new Request(SETTINGS, 2, "", true);

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
        Handle handle;
        try {
            handle = handles.get();
        } catch (JdbiException failure) {
            throw SqlFailures.notConnected(what, failure);
        }
        int timeout;
        try {
            timeout = patience.shorten(handle.getConnection());
        } catch (SQLException failure) {
            giveBack(handle);
            throw SqlFailures.notWritten(what, failure);
        }
        try {
            handle.begin();
            T result = work.on(handle);
            handle.commit();
            return result;
        } catch (SQLException | JdbiException failure) {
            rollBack(handle, failure);
            throw SqlFailures.notWritten(what, failure);
        } catch (RuntimeException | Error failure) {
            rollBack(handle, failure);
            throw failure;
        } finally {
            restore(handle, timeout);
            giveBack(handle);
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
