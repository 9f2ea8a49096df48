package dev.pawl.jdbc.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementBuilder;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;

/**
 * Several statements that go to the database together, one of which is a query of Jdbi's: what stands before and after it costs no
 * round trip of its own. Neither has parameters. The query's result can be gone back in; the driver keeps all of it in memory in any
 * case.
 *
 * @param before whole statements, each with its semicolon; empty if there is none
 * @param results how many statements those are
 * @param after what follows, beginning with a semicolon; empty if there is nothing
 */
record Request(String before, int results, String after) {
    /** What is asked by it. */
    @FunctionalInterface
    interface Asking<T> {
        T ask();
    }

    /** Statements that are made on the handle meanwhile are of this request. */
    <T> T on(Handle handle, Asking<T> asking) {
        StatementBuilder builder = handle.getStatementBuilder();
        handle.setStatementBuilder(new Builder(this));
        try {
            return asking.ask();
        } finally {
            handle.setStatementBuilder(builder);
        }
    }

    /** A query that was made meanwhile: its result is its own, and not that of what stands before. */
    Query of(Query query) {
        return query.addCustomizer(new Skipping(results));
    }

    private static final class Builder extends DefaultStatementBuilder {
        private final Request request;

        Builder(Request request) {
            this.request = request;
        }

        @Override
        public PreparedStatement create(Connection connection, String sql, StatementContext context)
                throws SQLException {
            return connection.prepareStatement(
                    request.before + sql + request.after,
                    ResultSet.TYPE_SCROLL_INSENSITIVE,
                    ResultSet.CONCUR_READ_ONLY);
        }
    }

    private record Skipping(int results) implements StatementCustomizer {
        @Override
        public void afterExecution(PreparedStatement statement, StatementContext context) throws SQLException {
            for (int i = 0; i < results; i++) {
                statement.getMoreResults();
            }
        }
    }
}
