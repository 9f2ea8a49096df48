package dev.pawl.jdbc.internal;

import dev.pawl.jdbc.SchemaException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * One transaction of the schema's owner, for what is done to a schema as a whole, now and then, by people. It may take long:
 * time-outs of the role for statements and for locks do not hold.
 *
 * @param dataSource connects as the owner
 * @param schema the schema
 */
record OwnersTransaction(DataSource dataSource, SchemaName schema) {
    /** Statements on a connection. */
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /**
     * Runs work, and commits.
     *
     * @param what the work in words, for messages: {@code migrate schema pawl}
     * @throws SchemaException if the database refused; rolled back
     */
    <T> T run(String what, Work<T> work) {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                T result = begun(connection, work);
                commit(what, connection);
                return result;
            } catch (SQLException | RuntimeException failure) {
                connection.rollback();
                throw failure;
            } finally {
                connection.setAutoCommit(autoCommit);
            }
        } catch (SQLException failure) {
            throw new SchemaException(
                    schema.value(),
                    "could not " + what + ": " + SqlFailures.message(failure) + SqlHints.ofOwner(failure)
                            + ". Nothing was changed",
                    failure);
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
