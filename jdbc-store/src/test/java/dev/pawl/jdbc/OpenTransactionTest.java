package dev.pawl.jdbc;

import static dev.pawl.scan.KeyColumn.asc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.Json;
import dev.pawl.jdbc.internal.Postgres;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.lease.HeldLease;
import dev.pawl.scan.Scan;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Calls on a thread that has begun a transaction, where the data source gives it the connection of that: the transaction is as it was,
 * and the calls are not a part of it. Also where a pool's connections come without auto-commit in any case.
 */
@ParameterizedClass
@CsvSource({"true, false", "true, true", "false, false", "false, true"})
class OpenTransactionTest {
    private static final Stage<Void> ONLY = Stage.named("only");
    private static final Pipeline<Json, Void> PIPELINE =
            Pipeline.named("p", Json.class).then(ONLY);

    private static Postgres.Fixture fixture;
    private static String theirs;
    private static int instances;

    private final HikariDataSource pool;
    private final ThreadsTransaction threads;
    private final JdbiPawl pawl;
    private final String suffix = "-" + ++instances;
    private Connection connection;
    private String transaction;
    private int timeout;

    OpenTransactionTest(boolean autoCommit, boolean jdbi) throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setDataSource(Postgres.dataSource());
        config.setMaximumPoolSize(10);
        config.setMinimumIdle(0);
        config.setAutoCommit(autoCommit);
        pool = new HikariDataSource(config);
        threads = new ThreadsTransaction(pool);
        var settings = jdbi ? JdbiPawl.with(Jdbi.create(threads.dataSource())) : JdbiPawl.with(threads.dataSource());
        pawl = settings.schema(fixture.schema()).open();
    }

    @BeforeAll
    static void migrate() {
        fixture = Postgres.migrated();
        theirs = fixture.schema() + ".theirs";
        fixture.sql().useHandle(handle -> handle.execute("create table " + theirs + " (id bigint primary key)"));
    }

    @AfterAll
    static void drop() {
        fixture.close();
    }

    @BeforeEach
    void begin() throws SQLException {
        fixture.sql()
                .useHandle(handle ->
                        handle.execute("delete from " + theirs + "; insert into " + theirs + " values (1), (2), (3)"));
        beginOne();
    }

    private void beginOne() throws SQLException {
        connection = threads.begin();
        timeout = connection.getNetworkTimeout();
        transaction = ask("select pg_current_xact_id()");
        ask("insert into " + theirs + " values (4) returning id");
    }

    @AfterEach
    void close() {
        pawl.close();
        pool.close();
    }

    private String ask(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private void isAsItWas() throws SQLException {
        assertThat(ask("select pg_current_xact_id()")).isEqualTo(transaction);
        assertThat(ask("select count(*) from " + theirs)).isEqualTo("4");
        assertThat(ask("select current_setting('transaction_isolation') || ' ' || current_setting('lock_timeout')"))
                .isEqualTo("read committed 0");
        assertThat(connection.getAutoCommit()).isFalse();
        assertThat(connection.getNetworkTimeout()).isEqualTo(timeout);
        threads.rollback();
        assertThat(count()).isEqualTo(3);
    }

    private static String lastOf(String backend) {
        return fixture.sql()
                .withHandle(handle -> handle.select(
                                "select query from pg_stat_activity where pid = ?", Integer.parseInt(backend))
                        .mapTo(String.class)
                        .one());
    }

    private static long count() {
        return fixture.sql()
                .withHandle(handle -> handle.select("select count(*) from " + theirs)
                        .mapTo(long.class)
                        .one());
    }

    @Test
    void J10_named_leases_leave_it_alone() throws SQLException {
        HeldLease lease =
                pawl.leases().acquire("name" + suffix, Duration.ofMinutes(1)).orElseThrow();
        lease.renew();
        lease.renew();
        assertThat(pawl.leases().find("name" + suffix)).isPresent();

        isAsItWas();

        assertThat(pawl.leases().find("name" + suffix))
                .as("is no part of what was rolled back")
                .isPresent();
        beginOne();
        lease.renew();
        assertThat(lease.release()).isEmpty();
        isAsItWas();
        assertThat(pawl.leases().find("name" + suffix)).isEmpty();
    }

    @Test
    void J10_jobs_leave_it_alone() throws SQLException {
        var enqueued = pawl.jobs().enqueue(NewJob.of(PIPELINE, Json.NULL));
        assertThat(pawl.jobs().find(enqueued.id())).isPresent();
        assertThat(pawl.jobs().claim(PIPELINE, 1, Duration.ofMinutes(1))).hasSize(1);

        isAsItWas();

        assertThat(pawl.jobs().find(enqueued.id())).isPresent();
    }

    @Test
    void J10_scans_that_are_looked_at_or_nudged_leave_it_alone() throws SQLException {
        threads.rollback();
        Scan scan = pawl.scan("seen" + suffix, rows()).atLeastOnce(page -> {});
        scan.lap();
        beginOne();

        assertThat(pawl.scans().find("seen" + suffix)).isPresent();
        assertThat(pawl.scans().all()).isNotEmpty();
        assertThat(pawl.scans().nudge("seen" + suffix)).isTrue();
        assertThat(pawl.scans().skipped("seen" + suffix)).isEmpty();

        isAsItWas();
        assertThat(pawl.scans().find("seen" + suffix).orElseThrow().nudgedAt()).isPresent();
    }

    @Test
    void J10_a_lap_is_refused_before_it_reads() throws SQLException {
        List<Object> handled = new ArrayList<>();
        for (Scan scan : List.of(
                pawl.scan("once" + suffix, rows()).atLeastOnce(page -> handled.addAll(page.rows())),
                pawl.scan("within" + suffix, rows()).inTransaction((page, handle) -> handled.addAll(page.rows())))) {
            assertThatThrownBy(scan::lap)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("this thread has a transaction open")
                    .hasMessageContaining("outside of the transaction");
        }

        isAsItWas();

        assertThat(handled).isEmpty();
        assertThat(pawl.scans().find("once" + suffix)).isEmpty();
        pawl.scan("once" + suffix, rows())
                .atLeastOnce(page -> handled.addAll(page.rows()))
                .lap();
        assertThat(handled).hasSize(3);
    }

    @Test
    void J10_to_open_and_to_migrate_leaves_it_alone() throws SQLException {
        PawlSchema.migrate(threads.dataSource(), fixture.schema());
        JdbiPawl.with(threads.dataSource()).schema(fixture.schema()).open().close();

        isAsItWas();
    }

    @Test
    void J10_an_empty_one_does_not_become_the_connection_that_is_kept() throws SQLException {
        threads.rollback();
        connection = threads.begin(); // the database knows nothing of it yet
        HeldLease lease =
                pawl.leases().acquire("kept" + suffix, Duration.ofMinutes(1)).orElseThrow();
        lease.renew();
        String mine = ask("select pg_backend_pid()");
        lease.renew();

        assertThat(lastOf(mine)).isEqualTo("select pg_backend_pid()");
        transaction = ask("select pg_current_xact_id()");
        timeout = connection.getNetworkTimeout();
        ask("insert into " + theirs + " values (4) returning id");
        lease.renew();
        isAsItWas();
    }

    private static SqlRows<?> rows() {
        return SqlRows.select("select id from " + theirs).by(asc("id")).pagesOf(2);
    }
}
