package dev.pawl.jdbc.internal;

import dev.pawl.jdbc.SchemaException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One transaction of the schema's owner, for what is done to a schema as a whole, now and then, by people. It may take long:
 * time-outs of the role for statements and for locks do not hold.
 *
 * @param dataSource connects as the owner
 * @param schema the schema
 */
record OwnersTransaction(DataSource dataSource, SchemaName schema) {
    private static final Logger LOG = LoggerFactory.getLogger(OwnersTransaction.class);

    /** Statements on a connection. */
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /**
     * Runs work, and commits.
     *
     * @param what the work in words, for messages: {@code migrate schema pawl}
     * @throws SchemaException if the database refused, and it was rolled back; or if the connection was lost at the commit, so
     *     that it is not known whether this happened
     */
    <T> T run(String what, Work<T> work) {
        return OwnThread.call(() -> onOwnThread(what, work)); // which has begun no transaction that could be ended here
    }

    private <T> T onOwnThread(String what, Work<T> work) {
        try {
            Connection connection = dataSource.getConnection();
            try {
                boolean autoCommit = connection.getAutoCommit();
                connection.setAutoCommit(false);
                return committed(what, connection, autoCommit, work);
            } finally {
                giveBack(connection);
            }
        } catch (SQLException failure) {
            throw new SchemaException(
                    schema.value(),
                    "could not " + what + ": " + SqlFailures.message(failure) + SqlHints.ofOwner(failure)
                            + ". Nothing was changed",
                    failure);
        }
    }

    private <T> T committed(String what, Connection connection, boolean autoCommit, Work<T> work) throws SQLException {
        try {
            T result = begun(connection, work);
            commit(what, connection);
            restore(connection, autoCommit);
            return result;
        } catch (SQLException | RuntimeException | Error failure) {
            rollBack(connection, autoCommit, failure);
            throw failure;
        }
    }

    /** What failed first is what is told: a connection that is dead can't be rolled back either. */
    private static void rollBack(Connection connection, boolean autoCommit, Throwable failure) {
        try {
            connection.rollback();
            connection.setAutoCommit(autoCommit);
        } catch (SQLException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

    /** What the commit said stands, whatever becomes of the connection. */
    private static void restore(Connection connection, boolean autoCommit) {
        try {
            connection.setAutoCommit(autoCommit);
        } catch (SQLException afterTheCommit) { // the next user of the connection will be told by it
            LOG.debug("could not restore a connection", afterTheCommit);
        }
    }

    private static void giveBack(Connection connection) {
        try {
            connection.close();
        } catch (SQLException failure) {
            LOG.debug("could not give a connection back", failure);
        }
    }

    private static <T> T begun(Connection connection, Work<T> work) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "set transaction isolation level read committed read write;"
                            + " set local synchronous_commit = on; set local statement_timeout = 0; set local lock_timeout = 0");
        }
        return work.on(connection);
    }

    private void commit(String what, Connection connection) throws SQLException {
        try {
            connection.commit();
        } catch (SQLException failure) {
            if (SqlFailures.isConnectionLost(failure)) {
                throw new SchemaException(
                        schema.value(),
                        "lost the connection while committing (" + SqlFailures.message(failure)
                                + "), so it is not known whether this happened: " + what + ". Run it again",
                        failure);
            }
            throw failure;
        }
    }
}
