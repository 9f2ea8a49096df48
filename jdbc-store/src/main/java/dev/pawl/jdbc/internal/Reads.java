package dev.pawl.jdbc.internal;

import java.sql.PreparedStatement;
import java.sql.SQLException;
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

    /**
     * One request. A plan that was kept from another cursor may be a bad one. A bitmap reads all rows of a range before the first
     * is given, and a page wants only the first. Numbers come with all their digits.
     */
    private static final String SETTINGS = """
            set transaction isolation level repeatable read read only;
            set local plan_cache_mode = force_custom_plan;
            set local enable_bitmapscan = off;
            set local jit = off;
            set local extra_float_digits = 3\
            """;

    private final Supplier<Handle> handles;

    Reads(Supplier<Handle> handles) {
        this.handles = handles;
    }

    /** What is read. */
    interface Work<T> {
        T on(Handle handle) throws SQLException;
    }

    <T> T read(String what, Work<T> work) {
        Handle handle;
        try {
            handle = handles.get();
        } catch (JdbiException failure) {
            throw SqlFailures.notConnected(what, failure);
        }
        try {
            T result = within(handle, work);
            handle.commit();
            return result;
        } catch (SQLException | JdbiException failure) {
            rollBack(handle, failure);
            throw SqlFailures.notWritten(what, failure);
        } catch (RuntimeException | Error failure) {
            rollBack(handle, failure);
            throw failure;
        } finally {
            giveBack(handle);
        }
    }

    private static <T> T within(Handle handle, Work<T> work) throws SQLException {
        handle.begin();
        try (PreparedStatement settings = handle.getConnection().prepareStatement(SETTINGS)) { // not parsed each time
            settings.execute();
        }
        return work.on(handle);
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
