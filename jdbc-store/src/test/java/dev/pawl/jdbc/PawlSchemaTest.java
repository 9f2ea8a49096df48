package dev.pawl.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.Json;
import dev.pawl.jdbc.internal.Postgres;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema is made when told to, once, and known for what it is. */
class PawlSchemaTest {
    private static final Stage<Void> ONLY = Stage.named("only");
    private static final Pipeline<Json, Void> PIPELINE =
            Pipeline.named("p", Json.class).then(ONLY);

    @Test
    void eight_threads_may_migrate_at_once_and_again() throws Exception {
        String schema = Postgres.newSchema();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 2; round++) {
                List<Future<?>> all = IntStream.range(0, 8)
                        .<Future<?>>mapToObj(
                                i -> threads.submit(() -> PawlSchema.migrate(Postgres.dataSource(), schema)))
                        .toList();
                for (Future<?> one : all) {
                    one.get();
                }
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(query("select count(*) from " + schema + ".migration")).isEqualTo("8");
        JdbiPawl.with(Postgres.dataSource()).schema(schema).open().close();
    }

    @Test
    void the_script_alone_makes_the_same_schema() throws SQLException {
        String schema = Postgres.newSchema();
        execute("begin; " + PawlSchema.sql(schema) + "; commit");

        JdbiPawl.with(Postgres.dataSource()).schema(schema).open().close();
        PawlSchema.migrate(Postgres.dataSource(), schema); // finds nothing to do
    }

    @Test
    void a_missing_schema_is_refused_with_what_to_run() {
        assertThatThrownBy(() ->
                        JdbiPawl.with(Postgres.dataSource()).schema("nowhere").open())
                .isInstanceOf(SchemaException.class)
                .hasMessageStartingWith("schema nowhere is missing")
                .hasMessageContaining("PawlSchema.migrate(dataSource, \"nowhere\")");
    }

    @Test
    void an_older_and_a_newer_schema_are_refused_with_what_to_run() throws SQLException {
        String schema = Postgres.newSchema();
        PawlSchema.migrate(Postgres.dataSource(), schema);

        execute("truncate " + schema + ".migration");
        assertThatThrownBy(() ->
                        JdbiPawl.with(Postgres.dataSource()).schema(schema).open())
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("has version 0, and this library works with version 8")
                .hasMessageContaining("Run PawlSchema.migrate");

        execute("insert into " + schema + ".migration values (99, 'from the future')");
        assertThatThrownBy(() ->
                        JdbiPawl.with(Postgres.dataSource()).schema(schema).open())
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("has version 99")
                .hasMessageContaining("Run a later version of Pawl");
        assertThatThrownBy(() -> PawlSchema.migrate(Postgres.dataSource(), schema))
                .isInstanceOfSatisfying(
                        SchemaException.class,
                        refused -> assertThat(refused.schema()).isEqualTo(schema));
    }

    @Test
    void a_schema_of_version_1_is_migrated_with_its_jobs() throws SQLException {
        String schema = Postgres.newSchema();
        execute("create schema " + schema + "; set search_path = " + schema + ";"
                + resource("/META-INF/pawl/migrations/V1__jobs.sql") + """
                ;
                insert into job (queue, id, pipeline, version, stages, stage, status, attempt, takeovers, priority, token, progress_no,
                                 since, holder, lease_expires_at, due_at, payload, enqueued_at, started_at)
                values ('p', '0190a6c1-0000-7000-8000-000000000000', 'p', 1, 2, 1, 'RUNNING', 1, 0, 0, 1, 0,
                        now(), 'w#1', now(), now(), 'null', now(), now());
                insert into checkpoint (queue, job_id, stage, token, result, at)
                values ('p', '0190a6c1-0000-7000-8000-000000000000', 0, 1, null, now());
                select nextval('fencing_token')
                """);
        assertThatThrownBy(() ->
                        JdbiPawl.with(Postgres.dataSource()).schema(schema).open())
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("has version 1")
                .hasMessageContaining("V2__*.sql");

        PawlSchema.migrate(Postgres.dataSource(), schema);

        Stage<Void> second = Stage.named("second");
        Pipeline<Json, Void> two = Pipeline.named("p", Json.class).then(ONLY).then(second);
        try (JdbiPawl pawl = JdbiPawl.with(Postgres.dataSource()).schema(schema).open()) {
            ClaimedJob<Json> job =
                    pawl.jobs().claim(two, 1, Duration.ofSeconds(30)).get(0);
            assertThat(job.checkpoint(second)).isEqualTo(JobStatus.COMPLETED);
            assertThat(job.checkpoint(second)).isEqualTo(JobStatus.COMPLETED); // a repeat
        }
        assertThat(query("select count(*) from " + schema + ".job where completed_by is not null"))
                .isEqualTo("1");
    }

    /** Whoever waits for a lock on a table has all others wait behind it: so it does not wait for long. */
    @Test
    void a_migration_gives_way_to_a_transaction_that_stays_open() throws SQLException {
        String schema = Postgres.newSchema();
        execute("create schema " + schema + "; set search_path = " + schema + ";"
                + resource("/META-INF/pawl/migrations/V1__jobs.sql"));
        try (Connection open = Postgres.dataSource().getConnection()) {
            open.setAutoCommit(false);
            Postgres.execute(open, "select count(*) from " + schema + ".job");

            assertThatThrownBy(() -> PawlSchema.migrate(Postgres.dataSource(), schema))
                    .isInstanceOf(SchemaException.class)
                    .hasMessageContaining("lock timeout")
                    .hasMessageContaining("repeat it when they are over")
                    .hasMessageContaining("Nothing was changed");
        }

        PawlSchema.migrate(Postgres.dataSource(), schema);
        assertThat(query("select max(version) from " + schema + ".migration")).isEqualTo("8");
    }

    @Test
    void a_failed_migration_leaves_nothing() throws SQLException {
        String schema = Postgres.newSchema();
        execute("create schema " + schema + "; create table " + schema + ".job (id int)");

        assertThatThrownBy(() -> PawlSchema.migrate(Postgres.dataSource(), schema))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("already exists")
                .hasMessageContaining("Nothing was changed");

        assertThat(query("select count(*) from pg_tables where schemaname = '" + schema + "'"))
                .isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Pawl", "p-1", "1p", "p\"; drop schema public; --", "pg_pawl", "p p", "ä"})
    void other_names_are_refused(String name) {
        assertThatThrownBy(() -> PawlSchema.migrate(Postgres.dataSource(), name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + name + "'");
    }

    @Test
    void two_schemas_in_one_database_know_nothing_of_each_other() {
        try (Postgres.Fixture one = Postgres.migrated();
                Postgres.Fixture other = Postgres.migrated();
                JdbiPawl here = JdbiPawl.with(one.pool()).schema(one.schema()).open();
                JdbiPawl there =
                        JdbiPawl.with(other.pool()).schema(other.schema()).open()) {
            JobId id = here.jobs().enqueue(NewJob.of(PIPELINE, Json.NULL)).id();

            assertThat(there.jobs().find(id)).isEmpty();
            assertThat(there.jobs().claim(PIPELINE, 1, Duration.ofSeconds(1))).isEmpty();
            assertThat(here.jobs().claim(PIPELINE, 1, Duration.ofSeconds(1))).hasSize(1);
        }
    }

    /** The grants, as the script gives them: the worker's role does everything but change the schema. */
    @Test
    void a_role_with_the_grants_of_the_script_can_work() throws SQLException, ExecutionException {
        String schema = Postgres.newSchema();
        PawlSchema.migrate(Postgres.dataSource(), schema);
        String worker = schema + "_worker";
        String reader = schema + "_reader";
        execute("create role " + worker + " login; create role " + reader + " login");
        execute(resource("/META-INF/pawl/grants.sql")
                .replaceAll("pawl_worker", worker)
                .replaceAll("pawl_reader", reader)
                .replaceAll("pawl\\.", schema + ".")
                .replaceAll("schema pawl", "schema " + schema));

        try (JdbiPawl pawl =
                JdbiPawl.with(Postgres.dataSource(worker)).schema(schema).open()) {
            JobId id = pawl.jobs().enqueue(NewJob.of(PIPELINE, Json.NULL)).id();
            pawl.jobs().claim(PIPELINE, 1, Duration.ofSeconds(9)).get(0).checkpoint(ONLY);
            assertThat(pawl.jobs().find(id).orElseThrow().status().isEnded()).isTrue();
            assertThat(pawl.jobs().isPaused("p")).isFalse();
        }
        assertThatThrownBy(() -> JdbiPawl.with(Postgres.dataSource(reader))
                        .schema(schema)
                        .open())
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("role " + reader + " lacks privileges")
                .hasMessageContaining("META-INF/pawl/grants.sql");
        try (Connection connection = Postgres.dataSource(reader).getConnection();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("select status from " + schema + ".job")) {
            assertThat(row.next()).isTrue();
        }
    }

    private static String resource(String path) {
        try (var file = PawlSchema.class.getResourceAsStream(path)) {
            return new String(file.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        } catch (java.io.IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(Postgres.url());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(Postgres.url());
                Statement statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
