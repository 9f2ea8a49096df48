package dev.pawl.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.Json;
import dev.pawl.jdbc.internal.Postgres;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.job.JobTransaction;
import dev.pawl.job.NewJob;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.lease.LeaseLostException;
import dev.pawl.lease.Refusal;
import dev.pawl.lease.RefusedException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule J10: what shares the caller's transaction, and what becomes of it after a refusal. */
@Execution(ExecutionMode.SAME_THREAD)
class CallersTransactionTest {
    private static final Stage<Json> PACK = Stage.named("pack", Json.class);
    private static final Stage<Void> SHIP = Stage.named("ship");
    private static final Pipeline<Json, Void> ORDERS =
            Pipeline.named("orders", Json.class).then(PACK).then(SHIP);
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Json ORDER = Json.of("{\"order\": 7}");

    private static Postgres.Fixture fixture;
    private static JdbiPawl pawl;
    private static Jdbi sql;

    @BeforeAll
    static void open() {
        fixture = Postgres.migrated();
        sql = fixture.sql();
        pawl = JdbiPawl.with(fixture.pool()).schema(fixture.schema()).open();
        sql.useHandle(handle -> handle.execute("create table orders (id int, note text)"));
    }

    @AfterAll
    static void close() {
        pawl.close();
        fixture.close();
    }

    @BeforeEach
    void clear() {
        sql.useHandle(handle -> handle.execute("truncate orders, job, checkpoint"));
    }

    @Test
    void J10_a_rollback_takes_the_enqueued_job_with_it() {
        sql.useHandle(handle -> {
            handle.begin();
            handle.execute("insert into orders values (1)");
            JobId id = pawl.in(handle).enqueue(NewJob.of(ORDERS, ORDER)).id();
            assertThat(pawl.jobs().find(id)).isEmpty();
            handle.rollback();

            assertThat(pawl.jobs().find(id)).isEmpty();
            assertThat(orders()).isZero();
        });
    }

    @Test
    void J10_a_commit_brings_the_job_and_the_callers_rows() {
        JobId id = sql.inTransaction(handle -> {
            handle.execute("insert into orders values (1)");
            return pawl.in(handle).enqueue(NewJob.of(ORDERS, ORDER).key("7")).id();
        });

        assertThat(pawl.jobs().find(id)).map(JobSnapshot::payload).contains(ORDER);
        assertThat(orders()).isEqualTo(1);
        assertThat(pawl.jobs().enqueue(NewJob.of(ORDERS, ORDER).key("7")).created())
                .isFalse();
    }

    @Test
    void J10_a_rollback_takes_the_checkpoint_with_it() {
        ClaimedJob<Json> job = claimed();

        sql.useHandle(handle -> {
            handle.begin();
            pawl.in(handle).checkpoint(job, PACK, Json.of("[1]"));
            handle.rollback();
        });

        assertThat(pawl.jobs().find(job.id()).orElseThrow().stagesDone()).isZero();
        assertThat(pawl.jobs().result(job.id(), ORDERS, PACK)).isEmpty();
    }

    @Test
    void J10_checkpoints_of_two_stages_can_share_the_callers_commit() {
        ClaimedJob<Json> job = claimed();

        sql.useTransaction(handle -> {
            JobTransaction transaction = pawl.in(handle);
            transaction.fence(job);
            transaction.saveProgress(job, Json.of("5"));
            transaction.checkpoint(job, PACK, Json.of("[1]"));
            assertThat(transaction.record(job, Outcome.done())).isInstanceOf(Outcome.Recorded.class);
        });

        assertThat(pawl.jobs().find(job.id()).orElseThrow().status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(pawl.jobs().result(job.id(), ORDERS, PACK)).contains(Json.of("[1]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"never", "always"})
    void J10_a_swallowed_refusal_makes_the_commit_throw_and_takes_the_callers_rows(String autosave)
            throws SQLException {
        ClaimedJob<Json> zombie = claimed();
        sql.useHandle(handle -> handle.execute("update job set lease_expires_at = now()"));
        ClaimedJob<Json> taker = pawl.jobs().claim(ORDERS, 1, LEASE).get(0);

        try (Connection connection = connect(autosave)) {
            connection.setAutoCommit(false);
            execute(connection, "insert into orders values (1)");
            assertThatThrownBy(() -> pawl.in(connection).checkpoint(zombie, PACK, Json.of("1")))
                    .isInstanceOfSatisfying(LeaseLostException.class, lost -> {
                        assertThat(lost.refusal()).isInstanceOf(Refusal.Superseded.class);
                        assertThat(lost.getSuppressed()).isEmpty();
                    });
            execute(connection, "insert into orders values (2)"); // goes on, as if nothing had happened

            assertThatThrownBy(connection::commit)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("a_transaction_with_a_refused_write_must_not_commit")
                    .hasMessageContaining("superseded by " + taker.token());
        }

        assertThat(orders()).isZero();
        assertThat(pawl.jobs().find(zombie.id()).orElseThrow().holder())
                .contains(taker.lease().holder());
    }

    @ParameterizedTest
    @ValueSource(strings = {"never", "always"})
    void a_swallowed_failure_takes_the_callers_rows(String autosave) throws SQLException {
        ClaimedJob<Json> job = claimed();

        try (Connection connection = connect(autosave);
                Connection other = connect("never")) {
            other.setAutoCommit(false);
            execute(other, "select 1 from job for update");
            connection.setAutoCommit(false);
            execute(connection, "insert into orders values (1)");
            execute(connection, "set local lock_timeout = '10ms'");
            assertThatThrownBy(() -> pawl.in(connection).checkpoint(job, PACK, Json.of("1")))
                    .hasMessageContaining("canceling statement due to lock timeout");
            other.rollback();
            try {
                connection.commit(); // PostgreSQL rolls back here, and the driver says nothing, unless it is poisoned
                assertThat(autosave).isEqualTo("never");
            } catch (SQLException poisoned) {
                assertThat(autosave).isEqualTo("always");
            }
        }

        assertThat(orders()).isZero();
        assertThat(pawl.jobs().find(job.id()).orElseThrow().stagesDone()).isZero();
    }

    @Test
    void only_the_callers_own_savepoint_undoes_a_refusal() {
        ClaimedJob<Json> job = claimed();
        job.checkpoint(PACK, Json.of("1"));

        sql.useTransaction(handle -> {
            handle.execute("insert into orders values (1)");
            handle.savepoint("before");
            assertThatThrownBy(() -> pawl.in(handle).checkpoint(job, PACK, Json.of("2")))
                    .isInstanceOf(RefusedException.class);
            handle.rollbackToSavepoint("before");
        });

        assertThat(orders()).isEqualTo(1);
    }

    @Test
    void J2_a_repeat_in_the_callers_transaction_is_refused_as_already_done() {
        ClaimedJob<Json> job = claimed();
        sql.useTransaction(handle -> pawl.in(handle).checkpoint(job, PACK, Json.of("1")));

        assertThatThrownBy(() -> sql.useTransaction(handle -> {
                    handle.execute("insert into orders values (2)");
                    pawl.in(handle).checkpoint(job, PACK, Json.of("1"));
                }))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.refusal()).isInstanceOf(Refusal.AlreadyDone.class));

        assertThat(orders()).isZero();
        assertThat(job.checkpoint(PACK, Json.of("1"))).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void J10_a_connection_is_left_as_it_was() throws SQLException {
        ClaimedJob<Json> job = claimed();
        try (Connection connection = connect("never")) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            pawl.in(connection).fence(job);
            pawl.in(connection).enqueue(NewJob.of(ORDERS, ORDER));

            assertThat(connection.isClosed()).isFalse();
            assertThat(connection.getAutoCommit()).isFalse();
            assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
            assertThat(jobs()).isEqualTo(1); // not committed
            assertThat(setting(connection, "enable_seqscan")).isEqualTo("on");
            assertThat(setting(connection, "lock_timeout")).isEqualTo("0");
            connection.commit();
        }
        assertThat(jobs()).isEqualTo(2);
    }

    @Test
    void J10_autocommit_read_only_and_closed_connections_are_refused_with_words() throws SQLException {
        Connection connection = connect("never");
        try (connection) {
            assertThatThrownBy(() -> pawl.in(connection))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("auto-commit");
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            assertThatThrownBy(() -> pawl.in(connection))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("read-only");
            connection.setReadOnly(false);
            execute(connection, "set transaction read only");
            assertThatThrownBy(() -> pawl.in(connection).enqueue(NewJob.of(ORDERS, ORDER)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("read-only");
        }
        assertThatThrownBy(() -> pawl.in(connection))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThat(jobs()).isZero();
    }

    @Test
    void a_fence_holds_the_job_until_the_end_of_the_transaction() {
        ClaimedJob<Json> job = claimed();
        sql.useHandle(handle -> handle.execute("update job set lease_expires_at = now()"));

        sql.useTransaction(handle -> {
            pawl.in(handle).fence(job);
            assertThat(pawl.jobs().claim(ORDERS, 1, LEASE)).isEmpty();
            assertThatThrownBy(() -> job.saveProgress(ORDER)).isInstanceOf(IllegalStateException.class);
        });

        assertThat(pawl.jobs().claim(ORDERS, 1, LEASE)).hasSize(1);
    }

    private ClaimedJob<Json> claimed() {
        pawl.jobs().enqueue(NewJob.of(ORDERS, ORDER));
        return pawl.jobs().claim(ORDERS, 1, LEASE).get(0);
    }

    private static Connection connect(String autosave) throws SQLException {
        String url = Postgres.url() + "&currentSchema=" + fixture.schema() + "&autosave=" + autosave;
        return DriverManager.getConnection(url);
    }

    private static void execute(Connection connection, String statement) throws SQLException {
        try (Statement plain = connection.createStatement()) {
            plain.execute(statement);
        }
    }

    private static String setting(Connection connection, String name) throws SQLException {
        try (Statement plain = connection.createStatement();
                var row = plain.executeQuery("show " + name)) {
            row.next();
            return row.getString(1);
        }
    }

    private static int orders() {
        return count("orders");
    }

    private static int jobs() {
        return count("job");
    }

    private static int count(String table) {
        return sql.withHandle(handle ->
                handle.select("select count(*) from " + table).mapTo(int.class).one());
    }
}
