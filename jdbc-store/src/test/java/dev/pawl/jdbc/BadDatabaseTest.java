package dev.pawl.jdbc;

import static dev.pawl.job.Outcome.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.Json;
import dev.pawl.jdbc.internal.Postgres;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.store.StoreException;
import dev.pawl.store.StoreException.Kind;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases and connections that are not as they should be: each is told by what it is, with what to do; nothing is written. */
class BadDatabaseTest {
    private static final Stage<Void> ONLY = Stage.named("only");
    private static final Pipeline<Json, Void> PIPELINE =
            Pipeline.named("p", Json.class).then(ONLY);
    private static final Duration LEASE = Duration.ofMinutes(5);

    private Postgres.Fixture fixture;

    @BeforeEach
    void migrate() {
        fixture = Postgres.migrated();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    // ---- schema names ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pawl; drop schema public cascade",
                "pawl\"; drop schema public cascade; --",
                "pawl'; drop schema public cascade; --",
                "pawl\".job; delete from \"pawl",
                "pawl.job",
                "pawl, public",
                "pawl--",
                "pawl/*",
                "pawl\\",
                "pawl\u0000",
                "pawl\n",
                "$$pawl$$",
                "pawl)",
                "U&\"pawl",
                "information_schema.",
                "pg_catalog",
                "pg_temp",
                "PAWL",
                "p\u0430wl",
                " pawl",
                "%s",
                "<schema>",
                ":schema",
                "a234567890123456789012345678901234567890123456789012345678901234"
            })
    void a_schema_name_that_is_more_than_a_name_is_refused_everywhere(String name) {
        List<ThrowingCallable> doors = List.of(
                () -> PawlSchema.migrate(Postgres.dataSource(), name),
                () -> PawlSchema.sql(name),
                () -> PawlSchema.advanceTokens(Postgres.dataSource(), name),
                () -> PawlSchema.advanceTokens(Postgres.dataSource(), name, 1),
                () -> JdbiPawl.with(Postgres.dataSource()).schema(name));

        String shown = name.replace("\u0000", "\\u0000").replace("\n", "\\u000A");
        for (ThrowingCallable door : doors) {
            assertThatThrownBy(door)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("schema name must be 1 to 63 of a-z, 0-9 and '_'")
                    .hasMessageEndingWith("but was '" + shown + "'");
        }
        assertThat(fixture.count("select count(*) from pg_namespace where nspname = 'public'"))
                .isEqualTo(1);
    }

    // ---- no connection ----

    @Test
    void a_database_that_is_missing() {
        unreachable(Jdbi.create(Postgres.url().replace("/postgres?", "/nowhere?")))
                .hasMessageContaining("database \"nowhere\" does not exist")
                .hasMessageContaining("create the database, or correct its name in the JDBC URL");
    }

    @Test
    void a_password_that_is_wrong() throws Exception {
        String role = Postgres.newSchema() + "_locked";
        askForPasswordOf(role);
        String url = "jdbc:postgresql://localhost:" + Postgres.port() + "/postgres";

        unreachable(Jdbi.create(url, role, "guessed"))
                .hasMessageContaining("password authentication failed for user \"" + role + "\"")
                .hasMessageContaining("see user and password of the JDBC URL, or of the pool");
        try (HikariDataSource pool = new HikariDataSource()) { // which makes it a time-out of its own
            pool.setJdbcUrl(url);
            pool.setUsername(role);
            pool.setPassword("guessed");
            pool.setInitializationFailTimeout(-1);
            pool.setConnectionTimeout(1_000);
            unreachable(Jdbi.create(pool))
                    .hasMessageContaining("request timed out")
                    .hasMessageContaining("password authentication failed")
                    .hasMessageContaining("see user and password")
                    .hasMessageNotContaining("guessed");
            assertThatThrownBy(() -> PawlSchema.migrate(pool, "pawl"))
                    .isInstanceOf(SchemaException.class)
                    .hasMessageContaining("password authentication failed")
                    .hasMessageContaining("see user and password");
        }
    }

    /** By its own rule, which stands before those for everybody. */
    private void askForPasswordOf(String role) throws IOException {
        execute("create role " + role + " login password 'secret'");
        Path rules = Path.of(hbaFile());
        synchronized (BadDatabaseTest.class) {
            Files.writeString(rules, "host all " + role + " all scram-sha-256\n" + Files.readString(rules));
        }
        execute("select pg_reload_conf()");
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        fixture.count("select count(*) from pg_hba_file_rules where '" + role + "' = any (user_name)")
                                == 1);
    }

    @Test
    void a_host_that_can_not_be_reached() {
        unreachable(Jdbi.create("jdbc:postgresql://localhost:1/postgres?connectTimeout=2"))
                .hasMessageContaining("Connection to localhost:1 refused")
                .hasMessageContaining("is the server running, and are host and port of the JDBC URL right?");
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> unreachable(Jdbi source) {
        return assertThatThrownBy(() -> JdbiPawl.on(source))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE))
                .hasMessageStartingWith(
                        "could not look at the database before the start: no connection to the database (")
                .hasMessageEndingWith("Nothing was written");
    }

    // ---- an exhausted pool ----

    @Test
    void an_exhausted_pool_refuses_each_call_and_nothing_is_written() throws SQLException {
        try (HikariDataSource pool = Postgres.pool(Postgres.dataSource(), 2);
                JdbiPawl pawl = JdbiPawl.with(pool).schema(fixture.schema()).open()) {
            JobId id = pawl.jobs().enqueue(NewJob.of(PIPELINE, Json.NULL)).id();
            ClaimedJob<Json> job = pawl.jobs().claim(PIPELINE, 1, LEASE).get(0);
            pool.setConnectionTimeout(250);
            try (Connection one = pool.getConnection();
                    Connection other = pool.getConnection()) {
                assertThat(one).isNotSameAs(other);

                exhausted("enqueue 1 job", () -> pawl.jobs().enqueue(NewJob.of(PIPELINE, Json.NULL)));
                exhausted("claim jobs of queue p", () -> pawl.jobs().claim(PIPELINE, 1, LEASE));
                exhausted("write to 1 job", () -> job.checkpoint(ONLY));
                exhausted("write to 1 job", job::renew);
                exhausted("read " + id, () -> pawl.jobs().find(id));
            }

            assertThat(fixture.count("select count(*) from job")).isEqualTo(1);
            assertThat(pawl.jobs().find(id).orElseThrow().stagesDone()).isZero();
            assertThat(job.checkpoint(ONLY)).isEqualTo(JobStatus.COMPLETED);
        }
    }

    private static void exhausted(String what, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class,
                        failure -> assertThat(failure.mayHaveHappened()).isFalse())
                .hasMessageStartingWith("could not " + what + ": the pool gave no connection within its time (")
                .hasMessageContaining(
                        "Pawl takes up to 6 at a time, and one for each worker, scan and leader that runs:")
                .hasMessageEndingWith("Nothing was written");
    }

    @Test
    @SuppressWarnings("try") // the worker works while it is open
    void a_worker_goes_on_when_the_pool_gives_connections_again() throws Exception {
        try (HikariDataSource pool = Postgres.pool(Postgres.dataSource(), 1);
                JdbiPawl pawl = JdbiPawl.with(pool).schema(fixture.schema()).open()) {
            pool.setConnectionTimeout(250);
            JobId id = pawl.jobs().enqueue(NewJob.of(PIPELINE, Json.NULL)).id();
            CountDownLatch handled = new CountDownLatch(1);
            Connection all = pool.getConnection();
            Worker worker;
            try (all) {
                worker = pawl.worker("p")
                        .run(Handlers.of(PIPELINE).on(ONLY, job -> {
                            handled.countDown();
                            return done();
                        }))
                        .start();
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> pool.getHikariPoolMXBean().getThreadsAwaitingConnection() > 0);
                assertThat(handled.getCount()).isEqualTo(1);
            }
            try (worker) {
                assertThat(pawl.jobs().await(id, Duration.ofSeconds(30)).status())
                        .isEqualTo(JobStatus.COMPLETED);
            }
        }
    }

    // ---- the caller's connection ----

    @Test
    void a_callers_transaction_that_is_aborted() throws SQLException {
        try (JdbiPawl pawl = open();
                Connection connection = connection()) {
            connection.setAutoCommit(false);
            assertThatThrownBy(() -> Postgres.execute(connection, "select 1 / 0"))
                    .hasStackTraceContaining("division by zero");

            assertThatThrownBy(() -> pawl.in(connection).enqueue(NewJob.of(PIPELINE, Json.NULL)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("SQLSTATE 25P02")
                    .hasMessageContaining(
                            "an earlier statement of the transaction failed: roll it back, and begin another")
                    .hasMessageEndingWith("Nothing was written");
            connection.rollback();
        }
        assertThat(fixture.count("select count(*) from job")).isZero();
    }

    // ---- the role ----

    @Test
    void a_statement_timeout_of_the_role_that_is_hit() throws SQLException {
        String role = Postgres.newSchema() + "_hasty";
        execute("create role " + role + " superuser login");
        try (JdbiPawl pawl = JdbiPawl.with(Postgres.dataSource(role))
                        .schema(fixture.schema())
                        .open();
                Connection holder = connection()) {
            execute("alter role " + role + " set statement_timeout = '100ms'"); // not before the look at the start
            holder.setAutoCommit(false);
            Postgres.execute(holder, "lock table job in access exclusive mode");

            assertThatThrownBy(() -> pawl.jobs().enqueue(NewJob.of(PIPELINE, Json.NULL)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("SQLSTATE 57014")
                    .hasMessageContaining("a statement_timeout of the role or database ended it")
                    .hasMessageEndingWith("Nothing was written");
            holder.rollback();
        }
        assertThat(fixture.count("select count(*) from job")).isZero();
    }

    @Test
    void a_privilege_that_is_revoked_later() throws SQLException {
        String role = Postgres.newSchema() + "_worker";
        execute("create role " + role + " login; grant usage on schema " + fixture.schema() + " to " + role
                + "; grant select, insert, update, delete on all tables in schema " + fixture.schema() + " to " + role
                + "; grant usage on all sequences in schema " + fixture.schema() + " to " + role);
        try (JdbiPawl pawl = JdbiPawl.with(Postgres.dataSource(role))
                .schema(fixture.schema())
                .open()) {
            execute("revoke insert on job from " + role);

            assertThatThrownBy(() -> pawl.jobs().enqueue(NewJob.of(PIPELINE, Json.NULL)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("permission denied for table job")
                    .hasMessageContaining("see META-INF/pawl/grants.sql for what Pawl needs")
                    .hasMessageEndingWith("Nothing was written");
        }
        assertThat(fixture.count("select count(*) from job")).isZero();
    }

    @Test
    void a_schema_that_is_dropped_later() {
        try (JdbiPawl pawl = open()) {
            execute("drop schema " + fixture.schema() + " cascade");

            assertThatThrownBy(() -> pawl.jobs().enqueue(NewJob.of(PIPELINE, Json.NULL)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("does not exist")
                    .hasMessageContaining("the schema is missing or of another version: see PawlSchema.migrate");
        }
    }

    @Test
    void a_schema_of_something_else_is_not_migrated_into() {
        String schema = Postgres.newSchema();
        execute("create schema " + schema + "; create table " + schema + ".job (id int)");

        assertThatThrownBy(() -> PawlSchema.migrate(Postgres.dataSource(), schema))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("relation \"job\" already exists")
                .hasMessageContaining(
                        "the schema is something else's: give Pawl a schema of its own, under another name")
                .hasMessageEndingWith("Nothing was changed");
        assertThat(fixture.count("select count(*) from pg_tables where schemaname = '" + schema + "'"))
                .isEqualTo(1);
    }

    private String hbaFile() {
        return fixture.sql()
                .withHandle(handle ->
                        handle.select("show hba_file").mapTo(String.class).one());
    }

    private JdbiPawl open() {
        return JdbiPawl.with(fixture.pool()).schema(fixture.schema()).open();
    }

    private Connection connection() throws SQLException {
        return DriverManager.getConnection(Postgres.url() + "&currentSchema=" + fixture.schema());
    }

    private void execute(String sql) {
        fixture.sql().useHandle(handle -> Postgres.execute(handle.getConnection(), sql));
    }
}
