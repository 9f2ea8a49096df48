package dev.pawl.jdbc.internal;

import dev.pawl.store.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One durable transaction for each call, on a connection of its own.
 *
 * <p>Everything that it relies on is set in the transaction, so that neither a role's defaults nor what a pooled connection
 * was used for before reach it, and a pooler that shares connections by transaction does no harm. What was rolled back by
 * the database for another transaction's sake is run again, a bounded number of times.
 */
final class OwnTransactions implements Transactions {
    private static final Logger LOG = LoggerFactory.getLogger(OwnTransactions.class);
    private static final int TRIES = 8;
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

    /**
     * One request. The planner is kept to key look-ups, since it can't know that a queue which was empty when it last looked
     * is full now, nor that a batch is far smaller than the table. A process that is frozen in the middle gives its locks
     * back after seconds.
     */
    static final String SETTINGS = """
            set transaction isolation level read committed read write;
            set local synchronous_commit = on;
            set local lock_timeout = '200ms';
            set local idle_in_transaction_session_timeout = '5s';
            set local enable_seqscan = off;
            set local enable_bitmapscan = off;
            set local enable_hashjoin = off;
            set local enable_mergejoin = off;
            set local enable_sort = off;
            set local enable_material = off;
            set local jit = off\
            """;

    private final Database database;
    private final OwnConnections connections;
    private final boolean sets;

    OwnTransactions(Database database) {
        this(database, database.connections());
    }

    /** By other connections than the database's. */
    OwnTransactions(Database database, Connections connections) {
        this(database, connections, true);
    }

    private OwnTransactions(Database database, Connections connections, boolean sets) {
        this.database = database;
        this.connections = new OwnConnections(database, connections);
        this.sets = sets;
    }

    /** For work whose first statement brings along what is to be set. */
    static OwnTransactions thatSetNothing(Database database) {
        return new OwnTransactions(database, database.connections(), false);
    }

    @Override
    public <T> T run(String what, Work<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return once(what, work);
            } catch (RolledBack failure) {
                if (attempt == TRIES) {
                    throw SqlFailures.notWritten(what, failure.why);
                }
                LOG.debug("try {} to {} was rolled back by the database", attempt, what, failure.why);
                pause(attempt);
            }
        }
    }

    @Override
    public Locks locks() {
        return Locks.AWAITED_BY_HOT_KINDS;
    }

    private <T> T once(String what, Work<T> work) throws RolledBack {
        return connections.<T, RolledBack>use(what, opened -> {
            try {
                return on(opened.connection(), what, work);
            } catch (StoreException failure) {
                if (opened.isUnasked() && !failure.mayHaveHappened() && SqlFailures.isConnectionLost(failure)) {
                    opened.distrust();
                    throw new RolledBack(failure); // it died while it was idle, perhaps: the next comes from the pool
                }
                throw failure;
            }
        });
    }

    private <T> T on(Connection connection, String what, Work<T> work) throws RolledBack {
        try {
            return commit(what, connection, work);
        } catch (RuntimeException | RolledBack | Error failure) {
            rollBack(connection, failure);
            throw failure;
        }
    }

    /** A connection that can't is not to be used again: the next setting of its auto-commit mode could commit. */
    private static void rollBack(Connection connection, Throwable failure) {
        try {
            connection.rollback();
        } catch (SQLException alsoFailed) {
            failure.addSuppressed(alsoFailed);
            try {
                connection.abort(Runnable::run);
            } catch (SQLException gone) {
                failure.addSuppressed(gone);
            }
        }
    }

    private <T> T commit(String what, Connection connection, Work<T> work) throws RolledBack {
        T result;
        try {
            connection.setAutoCommit(false);
            if (sets) {
                try (PreparedStatement settings = connection.prepareStatement(SETTINGS)) { // not parsed each time
                    settings.execute();
                }
            }
            try (Handle handle = database.over(connection)) {
                result = work.on(handle);
            }
        } catch (SQLException | JdbiException failure) {
            throw asked(what, failure);
        }
        try {
            connection.commit();
        } catch (SQLException failure) {
            if (SqlFailures.isConnectionLost(failure)) {
                throw SqlFailures.unknown(what, failure);
            }
            throw asked(what, failure);
        }
        return result;
    }

    /** Before the commit was sent, or after the database refused it: in both cases nothing was written. */
    private static RuntimeException asked(String what, Exception failure) throws RolledBack {
        if (SqlFailures.isTransient(failure)) {
            throw new RolledBack(failure);
        }
        return SqlFailures.notWritten(what, failure);
    }

    private static void pause(int attempt) {
        long most = Math.min(LONGEST_PAUSE.toNanos(), Duration.ofMillis(1).toNanos() << attempt);
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(most));
    }

    /** Nothing was written, and it may succeed at once: the transaction gave way to another one (40001, 40P01), for example. */
    private static final class RolledBack extends Exception {
        private static final long serialVersionUID = 1L;

        private final Exception why;

        RolledBack(Exception why) {
            super(why);
            this.why = why;
        }
    }
}
