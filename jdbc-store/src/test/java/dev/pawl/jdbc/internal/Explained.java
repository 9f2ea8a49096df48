package dev.pawl.jdbc.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;

/**
 * Pawl's own transactions on one connection, whose plans are kept as they were executed: by auto_explain, so that they are
 * the plans of these very statements, prepared ones included.
 */
final class Explained implements Transactions, StatementCustomizer {
    private static final Pattern BUFFERS = Pattern.compile("Buffers: shared hit=(\\d+)");
    private static final Pattern INDEX_ROWS =
            Pattern.compile("Index[^\\n]* on (?:\\w+\\.)?job[^\\n]*actual rows=(\\d+)(?:\\.\\d+)? loops=(\\d+)");
    private static final Pattern REMOVED = Pattern.compile("Rows Removed by (?:Join )?Filter: (\\d+)");

    private final Database database;
    private final Connection connection;
    private final boolean settings;
    private final List<String> plans = new ArrayList<>();

    Explained(Database database, Connection connection, boolean settings) throws SQLException {
        this.database = database;
        this.connection = connection;
        this.settings = settings;
        Postgres.execute(
                connection,
                "load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_analyze = on;"
                        + " set auto_explain.log_buffers = on; set auto_explain.log_timing = off;"
                        + " set auto_explain.log_level = notice");
        connection.setAutoCommit(false);
    }

    @Override
    public <T> T run(String what, Work<T> work) {
        plans.clear();
        try (Handle handle = database.over(connection)) {
            if (settings) {
                Postgres.execute(connection, OwnTransactions.SETTINGS);
            }
            handle.getConfig(SqlStatements.class).addCustomizer(this);
            T result = work.on(handle);
            handle.select("select 1").mapTo(int.class).one(); // a select's plan is told with the next statement
            connection.commit();
            return result;
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public Locks locks() {
        return Locks.AWAITED_BY_HOT_KINDS;
    }

    @Override
    public void afterExecution(PreparedStatement statement, StatementContext context) throws SQLException {
        for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
            if (!warning.getMessage().contains("Query Text: select 1")) {
                plans.add(warning.getMessage());
            }
        }
    }

    /** The plan of the last transaction's only, or first, statement. */
    String plan() {
        return plans.get(0);
    }

    List<String> plans() {
        return List.copyOf(plans);
    }

    /** How many pages the statements looked at. */
    int pages() {
        Matcher matcher = BUFFERS.matcher("");
        return plans.stream()
                .map(matcher::reset)
                .mapToInt(plan -> plan.find() ? Integer.parseInt(plan.group(1)) : 0)
                .sum();
    }

    /** How many rows of the job table the index scans gave or threw away. */
    long rowsRead() {
        long rows = 0;
        Matcher given = INDEX_ROWS.matcher(String.join("", plans));
        while (given.find()) {
            rows += Long.parseLong(given.group(1)) * Long.parseLong(given.group(2));
        }
        Matcher removed = REMOVED.matcher(String.join("", plans));
        while (removed.find()) {
            rows += Long.parseLong(removed.group(1));
        }
        return rows;
    }
}
