package dev.pawl.jdbc.internal;

import java.sql.Connection;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.postgresql.PGStatement;

/**
 * A transaction that the caller began and will end. Nothing of it is changed: no setting, no savepoint. A failed statement
 * is not tried again, since the transaction is over with it.
 */
final class CallersTransaction implements Transactions {
    private final Database database;
    private final Connection connection;

    CallersTransaction(Database database, Connection connection) {
        this.database = database;
        this.connection = connection;
    }

    /**
     * Refuses a connection on which nothing could be part of anything.
     *
     * @throws IllegalStateException if it is closed, commits by itself, or can't write
     */
    void check() {
        try {
            if (connection.isClosed()) {
                throw new IllegalStateException("the connection is closed: begin a transaction on an open one");
            }
            if (connection.getAutoCommit()) {
                throw new IllegalStateException(
                        "the connection is in auto-commit mode, so there is no transaction to take part"
                                + " in: begin one (setAutoCommit(false), or the framework's way), or use jobs() for one of Pawl's own");
            }
            if (connection.isReadOnly()) {
                throw new IllegalStateException("the connection is read-only: begin a transaction that may write");
            }
        } catch (SQLException failure) {
            throw SqlFailures.notWritten("take part in the caller's transaction", failure);
        }
    }

    @Override
    public <T> T run(String what, Work<T> work) {
        check();
        try (Handle handle = database.over(connection)) {
            handle.getConfig(SqlStatements.class).addCustomizer(new PlannedEachTime());
            return work.on(handle);
        } catch (JdbiException failure) {
            if (SqlFailures.has(failure, SqlFailures.READ_ONLY)) {
                throw new IllegalStateException("the transaction is read-only: begin one that may write", failure);
            }
            throw SqlFailures.notWritten(what, failure);
        }
    }

    @Override
    public Locks locks() {
        return Locks.AWAITED;
    }

    /** A plan that is kept could come from a moment at which the tables were empty. */
    private static final class PlannedEachTime implements org.jdbi.v3.core.statement.StatementCustomizer {
        @Override
        public void beforeExecution(
                java.sql.PreparedStatement statement, org.jdbi.v3.core.statement.StatementContext context)
                throws SQLException {
            if (statement.isWrapperFor(PGStatement.class)) {
                statement.unwrap(PGStatement.class).setPrepareThreshold(0);
            }
        }
    }
}
