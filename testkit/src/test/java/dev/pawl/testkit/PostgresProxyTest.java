package dev.pawl.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/** What the proxy does to a client that knows nothing of it. */
class PostgresProxyTest {
    private static final String LOST = "08006";
    private static final String NOT_CONNECTED = "08001";

    private TestDatabase database;
    private PostgresProxy proxy;

    @BeforeEach
    void open() {
        database = TestPostgres.shared().database();
        proxy = PostgresProxy.to(database);
        direct("create table number (n int unique deferrable initially deferred)");
    }

    @AfterEach
    void close() {
        proxy.close();
        database.close();
    }

    @Test
    void passes_everything_on() throws SQLException {
        String long_ = "ä".repeat(2_000_000);
        try (Connection connection = connect("");
                PreparedStatement echo = connection.prepareStatement("select ?")) {
            echo.setString(1, long_);
            try (ResultSet row = echo.executeQuery()) {
                row.next();
                assertThat(row.getString(1)).isEqualTo(long_);
            }
        }
    }

    @Test
    void passes_on_that_a_statement_is_to_be_cancelled() throws SQLException {
        try (Connection connection = connect("");
                Statement sleep = connection.createStatement()) {
            sleep.setQueryTimeout(1); // which the driver asks for by another connection
            assertThatThrownBy(() -> sleep.execute("select pg_sleep(60)")).hasMessageContaining("canceling statement");
        }
    }

    /** As text, as an unnamed statement, as one that is prepared at once, and as one that was prepared long ago. */
    @ParameterizedTest
    @ValueSource(
            strings = {"preferQueryMode=simple", "prepareThreshold=0", "prepareThreshold=1", "preferQueryMode=extended"
            })
    void cuts_at_a_commit_however_it_is_sent(String how) throws SQLException {
        for (int committed = 0; committed < 12; committed += 6) { // the second round finds COMMIT prepared
            try (Connection connection = connect(how)) {
                connection.setAutoCommit(false);
                for (int i = 0; i < 6; i++) {
                    insert(connection, 10 * committed + i);
                    connection.commit();
                }

                proxy.cutBeforeCommit();
                insert(connection, 1_000 + committed);
                assertLost(connection::commit);
            }
            try (Connection connection = connect(how)) {
                connection.setAutoCommit(false);
                insert(connection, 2_000 + committed);
                proxy.cutAfterCommit();
                assertLost(connection::commit);
            }

            assertThat(proxy.cutsToCome()).isZero();
            assertThat(count("where n = " + (1_000 + committed))).isZero();
            assertThat(count("where n = " + (2_000 + committed))).isOne();
        }
    }

    @Test
    void knows_a_commit_among_other_statements() throws SQLException {
        try (Connection connection = connect("preferQueryMode=simple")) {
            proxy.cutAfterCommit();
            assertLost(() -> run(connection, "begin; insert into number values (1); commit; select 'too late'"));
        }
        assertThat(count("")).isOne();
    }

    @Test
    void takes_nothing_for_a_commit_that_is_none() throws SQLException {
        try (Connection connection = connect("preferQueryMode=simple")) {
            proxy.cutBeforeCommit();
            proxy.cutAfterCommit();
            run(connection, "select 'COMMIT' as \"; commit\" -- ; COMMIT");
            run(connection, "insert into number values (1)");
        }
        assertThat(proxy.cutsToCome()).isEqualTo(2);
    }

    @Test
    void lets_a_commit_fail_that_the_server_refuses() throws SQLException {
        direct("insert into number values (1)");
        try (Connection connection = connect("")) {
            connection.setAutoCommit(false);
            insert(connection, 1);
            proxy.cutAfterCommit();
            assertThatThrownBy(connection::commit).hasMessageContaining("number_n_key");
        }
        assertThat(proxy.cutsToCome()).isOne();
    }

    @Test
    void cuts_at_the_commit_of_a_chosen_transaction() throws SQLException {
        try (Connection other = connect("");
                Connection chosen = connect("")) {
            other.setAutoCommit(false);
            chosen.setAutoCommit(false);
            insert(chosen, 0);
            chosen.commit();
            proxy.cutAfterCommitOf("insert into number");

            run(chosen, "select 1");
            chosen.commit();
            insert(chosen, 1);
            run(other, "select 1");
            other.commit();

            assertLost(chosen::commit);
        }
        assertThat(count("")).isEqualTo(2);
    }

    @Test
    void cuts_before_a_chosen_statement() throws SQLException {
        try (Connection connection = connect("")) {
            run(connection, "insert into number values (1)");
            proxy.cutBefore("values (2)");
            assertLost(() -> run(connection, "insert into number values (2)"));
        }
        assertThat(count("")).isOne();
    }

    @Test
    void cuts_after_a_chosen_statement_that_commits_by_itself() throws SQLException {
        try (Connection connection = connect("")) {
            proxy.cutAfter("values (2)");
            run(connection, "insert into number values (1)");
            assertLost(() -> run(connection, "insert into number values (2)"));
        }
        assertThat(proxy.cutsToCome()).isZero();
        assertThat(count("")).isEqualTo(2);
    }

    @Test
    void cuts_after_a_chosen_statement_once_its_transaction_is_over() throws SQLException {
        try (Connection connection = connect("")) {
            connection.setAutoCommit(false);
            proxy.cutAfter("insert into number");
            insert(connection, 1);
            assertThat(proxy.cutsToCome()).isOne();
            assertLost(connection::rollback);
        }
        assertThat(count("")).isZero();
    }

    @Test
    void cuts_every_connection_at_both_ends() throws SQLException {
        try (Connection connection = connect("")) {
            int session = session(connection);
            assertThat(proxy.connections()).isOne();

            proxy.cut();

            assertThat(proxy.connections()).isZero();
            assertLost(() -> run(connection, "select 1"));
            await().until(() -> sessions(session) == 0);
        }
        connect("").close();
    }

    @Test
    void turns_new_connections_away_until_it_is_restored() throws SQLException {
        try (Connection before = connect("")) {
            proxy.refuse();
            assertThatThrownBy(() -> connect(""))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            refused -> assertThat(refused.getSQLState()).isEqualTo(NOT_CONNECTED));
            run(before, "select 1");

            proxy.restore();
            connect("").close();
            run(before, "select 1");
        }
    }

    @Test
    void lets_bytes_vanish_while_the_connection_stays() throws SQLException {
        try (Connection connection = connect("socketTimeout=1")) {
            int session = session(connection);
            connection.setAutoCommit(false);
            insert(connection, 1);

            proxy.halfOpen();

            assertLost(connection::commit); // by the client's own timeout
            assertThat(sessions(session)).as("the server knows nothing of it").isOne();
            assertThat(count("")).isZero();
            connect("").close();

            proxy.restore();
            await().until(() -> sessions(session) == 0);
        }
    }

    @Test
    void answers_nobody_in_silence() throws SQLException {
        proxy.silence();
        assertThatThrownBy(() -> connect("socketTimeout=1")).hasRootCauseMessage("Read timed out");
        proxy.restore();
        connect("").close();
    }

    @Test
    void delays_each_direction_by_so_much_however_much_is_sent() throws SQLException {
        Duration there = Duration.ofMillis(60);
        Duration back = Duration.ofMillis(90);
        try (Connection connection = connect("");
                PreparedStatement insert = connection.prepareStatement("insert into number values (?)")) {
            proxy.delay(there, back);
            long from = System.nanoTime();
            run(connection, "select 1");
            Duration one = Duration.ofNanos(System.nanoTime() - from);

            for (int i = 0; i < 200; i++) {
                insert.setInt(1, i);
                insert.addBatch();
            }
            from = System.nanoTime();
            insert.executeBatch();
            Duration many = Duration.ofNanos(System.nanoTime() - from);

            assertThat(one).isGreaterThanOrEqualTo(there.plus(back));
            assertThat(many)
                    .isGreaterThanOrEqualTo(there.plus(back))
                    .isLessThan(there.plus(back).multipliedBy(20));
            proxy.restore();
        }
        assertThatThrownBy(() -> proxy.delay(Duration.ofMillis(-1)))
                .hasMessage("delay to the server must not be negative, but was PT-0.001S");
    }

    @Test
    void refuses_encryption() throws SQLException {
        assertThatThrownBy(() -> connect("sslmode=require")).hasMessageContaining("does not support SSL");
        connect("sslmode=prefer").close();
    }

    @Test
    void waits_for_a_server_that_is_down() throws IOException, SQLException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (PostgresProxy early = PostgresProxy.to("localhost", port)) {
            PGSimpleDataSource source = source("");
            source.setPortNumbers(new int[] {early.port()});
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(source::getConnection)
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                refused -> assertThat(refused.getSQLState()).isEqualTo(NOT_CONNECTED));
            }
            assertThat(early).hasToString("proxy 127.0.0.1:" + early.port() + " to localhost:" + port);
        }
    }

    @Test
    void closes_the_pools_that_were_made_for_it() throws SQLException {
        HikariDataSource pool = (HikariDataSource) database.dataSource(proxy);
        pool.getConnection().close();
        CompletableFuture<Void> twice = CompletableFuture.runAsync(() -> {
            proxy.close();
            proxy.close();
        });
        twice.join();
        assertThat(pool.isClosed()).isTrue();
        assertThat(proxy.connections()).isZero();
    }

    private PGSimpleDataSource source(String setting) throws SQLException {
        PGSimpleDataSource source = database.through(proxy);
        if (!setting.isEmpty()) {
            String[] named = setting.split("=", 2);
            source.setProperty(named[0], named[1]);
        }
        return source;
    }

    private Connection connect(String setting) throws SQLException {
        Connection connection = source(setting).getConnection();
        assertThat(connection.unwrap(PGConnection.class).getBackendPID()).isPositive();
        return connection;
    }

    private static void insert(Connection connection, int n) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into number values (?)")) {
            insert.setInt(1, n);
            insert.executeUpdate();
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void assertLost(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SQLException.class,
                        lost -> assertThat(lost.getSQLState()).isEqualTo(LOST));
    }

    private static int session(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID();
    }

    private int sessions(int pid) {
        return query("select count(*) from pg_stat_activity where pid = " + pid);
    }

    private int count(String where) {
        return query("select count(*) from number " + where);
    }

    private int query(String sql) {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        } catch (SQLException failure) {
            throw new IllegalStateException(sql, failure);
        }
    }

    private void direct(String sql) {
        try (Connection connection = database.dataSource().getConnection()) {
            run(connection, sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(sql, failure);
        }
    }
}
