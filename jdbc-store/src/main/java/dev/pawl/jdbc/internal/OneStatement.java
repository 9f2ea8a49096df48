package dev.pawl.jdbc.internal;

import dev.pawl.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Each request is a transaction by itself: one round trip, where {@link OwnTransactions} takes three. {@link #SETTINGS} stand before
 * the statement in the same request, which the database takes for one transaction. Requests must step over rows that are locked, and
 * bear repetition: one whose answer is lost may have been committed.
 */
final class OneStatement {
    /** Durable whatever the role's default is, and no longer behind a lock on the table than any other transaction of Pawl's. */
    static final String SETTINGS =
            "select set_config('synchronous_commit', 'on', true), set_config('lock_timeout', '200ms', true);\n";

    private static final Logger LOG = LoggerFactory.getLogger(OneStatement.class);
    private static final int TRIES = 8;

    private final OwnConnections connections;

    OneStatement(Database database, Connections connections) {
        this.connections = new OwnConnections(database, connections);
    }

    /** Requests on a connection that commits each. */
    @FunctionalInterface
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /**
     * Runs them.
     *
     * @param what the work in words, for messages
     * @param work may run more than once
     */
    <T> T run(String what, Work<T> work) {
        return run(what, false, work);
    }

    /** The same of work that tells nothing else when it is done again: a connection that died while nobody used it costs nothing. */
    <T> T runRepeatable(String what, Work<T> work) {
        return run(what, true, work);
    }

    private <T> T run(String what, boolean repeatable, Work<T> work) {
        for (int attempt = 1; ; attempt++) {
            AtomicBoolean diedIdle = new AtomicBoolean();
            try {
                return connections.use(what, opened -> once(opened, what, work, diedIdle));
            } catch (StoreException failure) {
                if (attempt == TRIES || !(SqlFailures.isTransient(failure) || (repeatable && diedIdle.get()))) {
                    throw failure;
                } // it gave way to another transaction, say, under a role whose transactions are serializable by
                // default
                LOG.debug("try {} to {} failed", attempt, what, failure);
                LockSupport.parkNanos(
                        ThreadLocalRandom.current().nextLong(TimeUnit.MILLISECONDS.toNanos(1) << attempt));
            }
        }
    }

    private static <T> T once(Connections.Opened opened, String what, Work<T> work, AtomicBoolean diedIdle) {
        try {
            opened.connection().setAutoCommit(true);
            return work.on(opened.connection());
        } catch (SQLException failure) {
            if (!SqlFailures.isConnectionLost(failure)) {
                throw SqlFailures.notWritten(what, failure);
            }
            diedIdle.set(opened.isUnasked());
            throw SqlFailures.unknown(what, failure);
        }
    }
}
