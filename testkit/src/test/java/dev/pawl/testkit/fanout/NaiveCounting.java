package dev.pawl.testkit.fanout;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** What ordinary job tables do: whoever ends a child looks whether it was the last, and ends the parent if it was. */
final class NaiveCounting {
    private static final String END = "update naive_child set ended = true where parent = ? and number = ?";
    private static final String UNFINISHED = "select count(*) from naive_child where parent = ? and not ended";
    private static final String END_PARENT = "update naive_parent set ended = true where id = ?";

    private NaiveCounting() {}

    static void prepare(Jdbi jdbi, int parents, int children) {
        jdbi.useHandle(handle -> {
            handle.execute("create table naive_parent (id int primary key, ended boolean not null)");
            handle.execute("create table naive_child"
                    + " (parent int, number int, ended boolean not null, primary key (parent, number))");
            handle.execute("insert into naive_parent select id, false from generate_series(0, ?) id", parents - 1);
            handle.execute(
                    "insert into naive_child select p, c, false from generate_series(0, ?) p, generate_series(0, ?) c",
                    parents - 1,
                    children - 1);
        });
    }

    /** One transaction, under READ COMMITTED: it sees none of its siblings' that have not committed. */
    static void end(DataSource source, int parent, int child) throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            execute(connection, END, parent, child);
            if (unfinished(connection, parent) == 0) {
                execute(connection, END_PARENT, parent);
            }
            connection.commit();
        }
    }

    /** Parents all of whose children have ended, and which run for ever. */
    static int lost(Jdbi jdbi) {
        return jdbi.withHandle(
                handle -> handle.createQuery("""
                        select count(*)
                          from naive_parent p
                         where not p.ended
                           and not exists (select 1 from naive_child c where c.parent = p.id and not c.ended)
                        """).mapTo(int.class).one());
    }

    private static void execute(Connection connection, String sql, int... arguments) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setInt(i + 1, arguments[i]);
            }
            statement.executeUpdate();
        }
    }

    private static int unfinished(Connection connection, int parent) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(UNFINISHED)) {
            statement.setInt(1, parent);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }
}
