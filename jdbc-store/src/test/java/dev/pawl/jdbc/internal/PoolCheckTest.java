package dev.pawl.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** Pools that are too small, and poolers behind them. */
class PoolCheckTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(1_500);

    @Test
    void a_pool_that_is_large_enough_is_not_waited_for() {
        try (HikariDataSource pool = Postgres.pool(Postgres.dataSource(), PoolCheck.AT_ONCE)) {
            assertThat(new PoolCheck(Connections.of(pool), false, LONG).findings())
                    .isEmpty();
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        }
    }

    @Test
    void a_pool_of_one_is_warned_of_in_the_strongest_words() {
        try (HikariDataSource pool = Postgres.pool(Postgres.dataSource(), 1)) {
            assertThat(new PoolCheck(Connections.of(pool), false, SHORT).findings())
                    .singleElement()
                    .hasToString(
                            "the pool gives one connection at a time (no second one within 1500 ms). Renewals of leases wait"
                                    + " behind everything else, so that leases are lost, and a handler that holds the connection while it"
                                    + " calls Pawl waits for itself until the pool gives up. Pawl takes up to 6, and one for each"
                                    + " worker, scan and leader that runs: make the pool that large, beside what the application's own threads hold");
            Awaitility.await().until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
        }
    }

    @Test
    void a_small_pool_is_measured_and_listening_counted_in() {
        try (HikariDataSource pool = Postgres.pool(Postgres.dataSource(), PoolCheck.AT_ONCE)) {
            assertThat(new PoolCheck(Connections.of(pool), true, SHORT).findings())
                    .singleElement()
                    .asString()
                    .startsWith("the pool gave 6 connections at once, and no more within 1500 ms")
                    .contains("Pawl takes up to 7");
            Awaitility.await().until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
        }
    }

    /** A pool that can't be interrupted gives a connection long after the check has ended. */
    @Test
    void what_comes_late_is_given_back() throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        AtomicInteger open = new AtomicInteger();
        AtomicInteger asked = new AtomicInteger();
        Connections slow = () -> {
            if (asked.incrementAndGet() > 1) {
                awaitUninterruptibly(late);
            }
            open.incrementAndGet();
            Connection connection = DriverManager.getConnection(Postgres.url());
            return new Connections.Opened() {
                @Override
                public Connection connection() {
                    return connection;
                }

                @Override
                public void close() throws SQLException {
                    connection.close();
                    open.decrementAndGet();
                }
            };
        };

        CompletableFuture<Integer> findings = CompletableFuture.supplyAsync(
                () -> new PoolCheck(slow, false, SHORT).findings().size());

        assertThat(findings.get(30, TimeUnit.SECONDS)).isEqualTo(1); // though nobody has let the others go
        assertThat(open).hasValue(0);
        late.countDown();
        Awaitility.await().until(() -> asked.get() == PoolCheck.AT_ONCE && open.get() == 0);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_pooler_that_shares_sessions_is_known_by_the_one_process_behind_two_of_them() throws SQLException {
        try (Connection session = DriverManager.getConnection(Postgres.url())) {
            assertThat(new PoolCheck(shared(session), true, SHORT).findings())
                    .hasSize(2)
                    .anySatisfy(finding -> assertThat(finding.toString())
                            .startsWith("a pooler shares sessions by transaction, and prepareThreshold is 5. ")
                            .contains("26000, 42P05")
                            .contains("Set prepareThreshold=0 in the JDBC URL"))
                    .anySatisfy(finding -> assertThat(finding.toString())
                            .startsWith("a pooler shares sessions by transaction, and notifications are on. ")
                            .contains("LISTEN is lost")
                            .endsWith("Leave notifications off"));

            session.unwrap(PGConnection.class).setPrepareThreshold(0);
            assertThat(new PoolCheck(shared(session), false, SHORT).findings()).isEmpty();
        }
    }

    @Test
    @EnabledIf(
            value = "dev.pawl.jdbc.internal.PgBouncer#isInstalled",
            disabledReason = "there is no /usr/sbin/pgbouncer")
    void pgbouncer_is_known_for_what_it_is(@TempDir Path directory) throws Exception {
        try (PgBouncer pgbouncer = PgBouncer.start(directory);
                HikariDataSource pool = new HikariDataSource();
                HikariDataSource unprepared = new HikariDataSource()) {
            pool.setJdbcUrl(pgbouncer.url("prepareThreshold=3"));
            unprepared.setJdbcUrl(pgbouncer.url("prepareThreshold=0"));

            assertThat(new PoolCheck(Connections.of(pool), true, LONG).findings())
                    .extracting(Finding::what)
                    .containsExactly(
                            "a pooler shares sessions by transaction, and prepareThreshold is 3",
                            "a pooler shares sessions by transaction, and notifications are on");
            assertThat(new PoolCheck(Connections.of(unprepared), false, LONG).findings())
                    .isEmpty();
        }
    }

    /** Sessions of a pooler whose only server session is this one. */
    private static Connections shared(Connection session) {
        return () -> {
            Connection own = (Connection) Proxy.newProxyInstance(
                    Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> {
                        synchronized (session) {
                            return method.invoke(session, args);
                        }
                    });
            return new Connections.Opened() {
                @Override
                public Connection connection() {
                    return own;
                }

                @Override
                public void close() {}
            };
        };
    }
}
