package dev.pawl.jdbc.internal;

import dev.pawl.store.ScanWrite;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The end of a page's transaction in one request: the cursor is moved, and all of it is committed. A move that its guard refused is a
 * statement that fails, behind which the database does not come to the commit.
 *
 * <p>By the driver alone: beside a page that an index serves, a layer above is seen.
 */
final class MoveSql {
    /** What the database answers where the move was refused, and maybe elsewhere: it says that somebody has to look. */
    static final String NOT_MOVED = "22P02";

    /** Durable whatever the role's default is, and whatever the application's code has set. */
    private static final String AND_COMMIT = """
            with moved as (
            <move>
            returning t.now
            )
            select max(now),
                   cast(case count(*) when 1 then '1' else 'the cursor was not moved' end as integer),
                   set_config('synchronous_commit', 'on', true) = 'on'
              from moved;
            commit\
            """;

    private final String moveAndCommit;

    MoveSql(SchemaName schema) {
        String move = Database.InSchema.render(ScanSql.MOVE, schema)
                .replaceAll(":[a-z]+", "?")
                .strip();
        this.moveAndCommit = AND_COMMIT.replace("<move>", move);
    }

    /**
     * What the pure transition makes of a page that was handled, and that others follow, for the walker who holds the scan at this
     * step; in any other case it fails, and the transaction with it.
     *
     * @param now the time that a test says it is, or null for the database's own
     * @return when that was; it is committed
     */
    Instant moveAndCommit(Connection connection, ScanWrite.Move move, @Nullable Instant now) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(moveAndCommit)) {
            statement.setString(1, move.last().orElseThrow().text());
            statement.setInt(2, move.rows());
            LeaseSql.time(statement, 3, now);
            statement.setString(4, move.scan());
            statement.setLong(5, move.fence().token().value());
            statement.setString(6, move.fence().holder());
            statement.setLong(7, move.step());
            statement.execute(); // the commit is another result
            try (ResultSet row = statement.getResultSet()) {
                if (!row.next()) {
                    throw new IllegalStateException("a move of scan " + move.scan() + " answered nothing");
                }
                return Objects.requireNonNull(ScanSql.time(row, 1));
            }
        }
    }
}
