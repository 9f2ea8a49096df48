package dev.pawl.testkit.process;

import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.JobId;
import dev.pawl.testkit.TestDatabase;
import dev.pawl.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** A database with the application's tables, and a Pawl here, beside the processes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ProcessScene {
    private TestDatabase database;
    private Jdbi sql;
    private JdbiPawl pawl;

    @BeforeAll
    final void open() {
        database = TestPostgres.shared().database();
        sql = Jdbi.create(database.dataSource());
        sql.useHandle(handle -> handle.createScript(Steps.TABLES).execute());
    }

    @BeforeEach
    final void clear() {
        database.clear();
        sql.useHandle(handle -> handle.execute("truncate effect, begun"));
        pawl = JdbiPawl.with(database.dataSource()).name("here").open();
    }

    @AfterEach
    final void closePawl() {
        pawl.close();
    }

    @AfterAll
    final void drop() {
        database.close();
    }

    final JdbiPawl pawl() {
        return pawl;
    }

    final Jdbi sql() {
        return sql;
    }

    final DataSource dataSource() {
        return database.dataSource();
    }

    /** How another process connects: this server's URL and user, who needs no password. */
    final String url() throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            String url = connection.getMetaData().getURL();
            return url + (url.contains("?") ? "&" : "?") + "user="
                    + connection.getMetaData().getUserName();
        }
    }

    /** {@code one #3, two #5}, in the order of the stages. */
    final String effects(JobId id) {
        return sql.withHandle(
                handle -> handle.select("""
                        select coalesce(string_agg(stage || ' #' || token, ', ' order by token, stage), '')
                          from effect
                         where job = ?
                        """, id.uuid()).mapTo(String.class).one());
    }

    /** Of these jobs, how often each stage took effect, where that isn't once. */
    final List<String> notOnce(List<JobId> jobs) {
        return sql.withHandle(handle -> handle.createQuery("""
                            select j.id || ' ' || s.stage || ': ' || count(e.job)
                              from unnest(:jobs) j (id)
                        cross join (values ('one'), ('two'), ('three')) s (stage)
                         left join effect e
                                on e.job = j.id
                               and e.stage = s.stage
                          group by j.id, s.stage
                            having count(e.job) <> 1
                        """)
                .bindArray("jobs", UUID.class, uuids(jobs))
                .mapTo(String.class)
                .list());
    }

    /** The jobs' rows, whole. */
    final List<String> rows(List<JobId> jobs) {
        return sql.withHandle(handle -> handle.createQuery(
                        "select cast(row_to_json(j) as text) from pawl.job j where id = any(:jobs) order by id")
                .bindArray("jobs", UUID.class, uuids(jobs))
                .mapTo(String.class)
                .list());
    }

    private static Object[] uuids(List<JobId> jobs) {
        return jobs.stream().map(JobId::uuid).toArray();
    }

    final int count(String query) {
        return sql.withHandle(handle -> handle.select(query).mapTo(int.class).one());
    }
}
