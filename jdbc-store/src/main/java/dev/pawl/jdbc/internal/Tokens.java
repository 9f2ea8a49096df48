package dev.pawl.jdbc.internal;

import dev.pawl.jdbc.SchemaException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves the sequence of tokens on, and never back. */
public final class Tokens {
    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
    private static final long MARGIN = 1_000_000;

    private Tokens() {}

    /**
     * Beyond every token that a row bears.
     *
     * @return the last token that can't be issued any more
     */
    public static long advance(DataSource dataSource, SchemaName schema) {
        return new OwnersTransaction(dataSource, schema)
                .run("advance the tokens of schema " + schema, connection -> advance(connection, schema));
    }

    private static long advance(Connection connection, SchemaName schema) throws SQLException {
        long highest = highest(connection, schema); // before the lock, since it takes long and waiting claims do not
        return moved(connection, schema, last -> Math.max(last, sum(schema, highest, MARGIN)));
    }

    /**
     * By a number, whatever rows bear.
     *
     * @param by at least 1
     * @return the last token that can't be issued any more
     */
    public static long advance(DataSource dataSource, SchemaName schema, long by) {
        if (by < 1) {
            throw new IllegalArgumentException("tokens are advanced by 1 or more, never back, but were to be by " + by);
        }
        return new OwnersTransaction(dataSource, schema)
                .run(
                        "advance the tokens of schema " + schema,
                        connection -> moved(connection, schema, last -> sum(schema, last, by)));
    }

    private interface Move {
        long from(long last);
    }

    /** No token is drawn meanwhile: to alter a sequence locks it, and drawing from it as well, until the transaction's end. */
    private static long moved(Connection connection, SchemaName schema, Move move) throws SQLException {
        String sequence = schema.quoted() + ".fencing_token";
        try (Statement statement = connection.createStatement()) {
            statement.execute("set local lock_timeout = '5s'");
            statement.execute("alter sequence " + sequence + " no cycle");
            long last = lastIssued(statement, sequence);
            long target = move.from(last);
            if (target > last) {
                setLastIssued(connection, sequence, target);
                LOG.info("advanced the tokens of schema {} from {} to {}", schema, last, target);
            }
            return target;
        }
    }

    private static long lastIssued(Statement statement, String sequence) throws SQLException {
        try (ResultSet row =
                statement.executeQuery("select case when is_called then last_value else 0 end from " + sequence)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void setLastIssued(Connection connection, String sequence, long target) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select setval(cast(? as regclass), ?)")) {
            statement.setString(1, sequence);
            statement.setLong(2, target);
            statement.execute();
        }
    }

    private static long highest(Connection connection, SchemaName schema) throws SQLException {
        String sql = """
                select coalesce(greatest(
                         (select max(token) from <schema>.job),
                         (select max(token) from <schema>.checkpoint),
                         (select max(token) from <schema>.failure),
                         (select max(token) from <schema>.lease),
                         (select max(token) from <schema>.scan)), 0)\
                """.replace("<schema>", schema.quoted());
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static long sum(SchemaName schema, long token, long more) {
        if (token > Long.MAX_VALUE - more) {
            throw new SchemaException(
                    schema.value(),
                    "tokens of schema " + schema + " are at " + token + " and can't be advanced by " + more
                            + ": they end at " + Long.MAX_VALUE
                            + ". Nothing was changed. Look for the row that bears such a"
                            + " token: a sequence does not get there");
        }
        return token + more;
    }
}
