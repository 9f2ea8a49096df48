package dev.pawl.jdbc.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;

/** Handles on one connection, and what the statements on it read of the table article, by the plans as they were executed. */
public final class PlansOfRows implements StatementCustomizer, AutoCloseable {
    private static final Pattern SCAN =
            Pattern.compile("Scan[^\\n]* on (?:\\w+\\.)?article[^\\n]*\\(actual rows=(\\d+)(?:\\.\\d+)? loops=(\\d+)");
    private static final Pattern REMOVED = Pattern.compile("Rows Removed by (?:Filter|Index Recheck): (\\d+)");
    private static final Pattern BLOCKS = Pattern.compile("Buffers: shared(?: hit=(\\d+))?(?: read=(\\d+))?");

    private final Connection connection;
    private final Jdbi jdbi;
    private final List<String> plans = new ArrayList<>();

    /** Over the shared server. */
    public PlansOfRows(String schema) throws SQLException {
        connection = Postgres.dataSource().getConnection();
        Postgres.execute(
                connection,
                "set search_path = " + schema
                        + "; load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_analyze = on;"
                        + " set auto_explain.log_buffers = on; set auto_explain.log_timing = off;"
                        + " set auto_explain.log_level = notice");
        jdbi = Jdbi.create(connection);
    }

    /** A handle on the one connection, which stays open. */
    public Handle open() {
        Handle handle = jdbi.open();
        handle.getConfig(SqlStatements.class).addCustomizer(this);
        return handle;
    }

    /** Keeps the plans of what is done in it. */
    public <T> T explained(Supplier<T> work) {
        try {
            connection.clearWarnings();
            plans.clear();
            T result = work.get();
            keep(connection.getWarnings()); // those that were told with the commit
            return result;
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Runs a statement. */
    public int run(String sql) {
        try (Handle handle = open()) {
            return handle.inTransaction(
                    within -> within.createQuery(sql).mapToMap().list().size());
        }
    }

    @Override
    public void afterExecution(java.sql.PreparedStatement statement, StatementContext context) throws SQLException {
        keep(statement.getWarnings());
    }

    private void keep(SQLWarning first) {
        for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
            if (SCAN.matcher(warning.getMessage()).find()) { // and not one of the driver's, or of the catalog
                plans.add(warning.getMessage());
            }
        }
    }

    /** Rows that scans gave or threw away. */
    public long rowsRead() {
        long rows = 0;
        Matcher given = SCAN.matcher(text());
        while (given.find()) {
            rows += Long.parseLong(given.group(1)) * Long.parseLong(given.group(2));
        }
        Matcher removed = REMOVED.matcher(text());
        while (removed.find()) {
            rows += Long.parseLong(removed.group(1));
        }
        return rows;
    }

    /** Blocks that the statements looked at. */
    public long blocks() {
        long blocks = 0;
        for (String plan : plans) {
            Matcher all = BLOCKS.matcher(plan);
            if (all.find()) {
                blocks += number(all.group(1)) + number(all.group(2));
            }
        }
        return blocks;
    }

    private static long number(String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    /** The plans. */
    public String text() {
        return String.join("\n", plans);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
