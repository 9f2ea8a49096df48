package dev.pawl.testkit.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every check of a storm's outcome notices what it is for, on rows that the schema's own constraints no longer protect. */
class InvariantTest {
    private static final String SOUND = """
            insert into pawl.job (queue, id, pipeline, version, stages, stage, status, priority, attempt, takeovers, due_at,
                                  token, since, progress, progress_no, key, payload, result, enqueued_at, started_at, ended_at)
            values ('q', '00000000-0000-7000-8000-000000000001', 'effects', 1, 3, 3, 'COMPLETED', 0, 1, 0, null,
                    5, now(), null, 0, 'a', '{}', '{"by": 5, "stage": 2}', now(), now(), now()),
                   ('q', '00000000-0000-7000-8000-000000000002', 'plain', 1, 4, 0, 'FAILED', 0, 3, 1, null,
                    6, now(), '{"by": 6, "number": 2}', 2, 'b', '{}', null, now(), now(), now()),
                   ('q', '00000000-0000-7000-8000-000000000003', 'plain', 1, 4, 0, 'CANCELLED', 0, 0, 0, null,
                    null, now(), null, 0, null, '{}', null, now(), null, now());
            insert into pawl.checkpoint (queue, job_id, stage, token, result, at)
            values ('q', '00000000-0000-7000-8000-000000000001', 0, 3, '{"by": 3, "stage": 0}', now()),
                   ('q', '00000000-0000-7000-8000-000000000001', 1, 5, '{"by": 5, "stage": 1}', now());
            insert into pawl.failure (queue, job_id, kind, stage, attempt, token, holder, at, message)
            values ('q', '00000000-0000-7000-8000-000000000002', 'TAKEN_OVER', 0, 1, 4, 'h#1', now(), 'expired'),
                   ('q', '00000000-0000-7000-8000-000000000002', 'FAILED', 0, 3, 6, 'h#2', now(), 'no');
            insert into pawl.operation (queue, job_id, kind, at)
            values ('q', '00000000-0000-7000-8000-000000000003', 'CANCEL', now());
            insert into effect values ('00000000-0000-7000-8000-000000000001', 2, 5);
            insert into acknowledged values ('ENQUEUE', '00000000-0000-7000-8000-000000000003', 0, 0, 0),
                                            ('CHECKPOINT', '00000000-0000-7000-8000-000000000001', 0, 3, 0),
                                            ('CHECKPOINT', '00000000-0000-7000-8000-000000000001', 2, 5, 0),
                                            ('PROGRESS', '00000000-0000-7000-8000-000000000002', 0, 4, 1),
                                            ('PROGRESS', '00000000-0000-7000-8000-000000000002', 0, 6, 2);
            select setval('pawl.fencing_token', 6)
            """;

    private static HikariDataSource database;

    @BeforeAll
    static void start() throws SQLException {
        database = LoggingServer.database("unprotected");
        LoggingServer.execute(database, SOUND); // while the constraints still hold it to be so
        for (String constraint : checks()) {
            LoggingServer.execute(database, "alter table pawl.job drop constraint " + constraint);
        }
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @Test
    void sound_rows_break_none() throws SQLException {
        try (Connection connection = database.getConnection()) {
            assertThat(Invariant.allBrokenBy(connection)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void each_notices_what_it_is_for(Invariant invariant) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(invariant.toBreak());

            assertThat(invariant.brokenBy(connection))
                    .isNotEmpty()
                    .allSatisfy(row -> assertThat(row).startsWith(invariant.toString()));

            connection.rollback();
            statement.execute("select setval('pawl.fencing_token', 6)"); // which no rollback sets back
        }
    }

    private static List<String> checks() throws SQLException {
        List<String> names = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select conname from pg_constraint where conrelid = 'pawl.job'::regclass and contype = 'c'")) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        assertThat(names).isNotEmpty();
        return names;
    }
}
