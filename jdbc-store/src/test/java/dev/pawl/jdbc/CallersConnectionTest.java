package dev.pawl.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.Json;
import dev.pawl.jdbc.internal.Postgres;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.JobStatus;
import dev.pawl.job.JobTransaction;
import dev.pawl.job.NewJob;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.lease.LeaseLostException;
import dev.pawl.lease.RefusedException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rule J10: a connection that Pawl did not open is its caller's to commit, to roll back, to close and to set up. */
class CallersConnectionTest {
    private static final Stage<Json> PACK = Stage.named("pack", Json.class);
    private static final Stage<Void> SHIP = Stage.named("ship");
    private static final Pipeline<Json, Void> ORDERS =
            Pipeline.named("orders", Json.class).then(PACK).then(SHIP);
    private static final Duration LEASE = Duration.ofSeconds(30);

    private static final Set<String> THE_CALLERS_OWN = Set.of(
            "commit",
            "rollback",
            "close",
            "abort",
            "setAutoCommit",
            "setReadOnly",
            "setSavepoint",
            "releaseSavepoint",
            "setTransactionIsolation",
            "setNetworkTimeout",
            "setSchema");

    private static Postgres.Fixture fixture;
    private static JdbiPawl pawl;

    private final List<String> called = new ArrayList<>();

    @BeforeAll
    static void open() {
        fixture = Postgres.migrated();
        pawl = JdbiPawl.with(fixture.pool()).schema(fixture.schema()).open();
    }

    @AfterAll
    static void close() {
        pawl.close();
        fixture.close();
    }

    @Test
    void J10_a_callers_connection_is_never_committed_rolled_back_closed_or_changed_by_us() throws Exception {
        ClaimedJob<Json> job = claimed();
        try (Connection real = fixture.pool().getConnection()) {
            real.setAutoCommit(false);
            JobTransaction transaction = pawl.in(watched(real));

            transaction.enqueueAll(List.of(NewJob.of(ORDERS, Json.NULL).key("k"), NewJob.of(ORDERS, Json.NULL)));
            transaction.enqueue(NewJob.of(ORDERS, Json.NULL).key("k"));
            transaction.fence(job);
            transaction.saveProgress(job, Json.of("1"));
            transaction.checkpoint(job, PACK, Json.of("[1]"));
            transaction.record(job, Outcome.done());

            assertThat(called).isNotEmpty().doesNotContainAnyElementsOf(THE_CALLERS_OWN);
            assertThat(pawl.jobs().find(job.id()).orElseThrow().stagesDone()).isZero();
            real.commit();
        }
        assertThat(pawl.jobs().find(job.id()).orElseThrow().status()).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void J10_nor_after_a_refusal_or_a_failure() throws Exception {
        ClaimedJob<Json> zombie = claimed();
        fixture.sql().useHandle(handle -> handle.execute("update job set lease_expires_at = now()"));
        ClaimedJob<Json> taker = pawl.jobs().claim(ORDERS, 1, LEASE).get(0);
        try (Connection real = fixture.pool().getConnection()) {
            real.setAutoCommit(false);
            JobTransaction transaction = pawl.in(watched(real));

            assertThatThrownBy(() -> transaction.checkpoint(zombie, PACK, Json.of("1")))
                    .isInstanceOf(LeaseLostException.class);
            assertThatThrownBy(() -> transaction.checkpoint(taker, SHIP)).isInstanceOf(RefusedException.class);
            assertThatThrownBy(() -> Postgres.execute(real, "select 1 / 0"))
                    .hasRootCauseMessage("ERROR: division by zero");
            assertThatThrownBy(() -> transaction.checkpoint(taker, PACK, Json.of("1")))
                    .hasMessageContaining("current transaction is aborted");

            assertThat(called).isNotEmpty().doesNotContainAnyElementsOf(THE_CALLERS_OWN);
            real.rollback();
        }
        assertThat(taker.checkpoint(PACK, Json.of("2"))).isEqualTo(JobStatus.RUNNING);
    }

    private static ClaimedJob<Json> claimed() {
        fixture.sql().useHandle(handle -> handle.execute("truncate job, checkpoint"));
        pawl.jobs().enqueue(NewJob.of(ORDERS, Json.NULL));
        return pawl.jobs().claim(ORDERS, 1, LEASE).get(0);
    }

    private Connection watched(Connection real) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> {
                    called.add(method.getName());
                    try {
                        return method.invoke(real, args);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }
}
