package dev.pawl.jdbc.internal;

import static dev.pawl.scan.KeyColumn.asc;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.Json;
import dev.pawl.jdbc.CountingSockets;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.SqlRows;
import dev.pawl.job.JobId;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.lease.Fence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How often the database is asked, and waited for, by what is frequent or waited for by people. The driver prepares what it is given
 * often, and from then on sends statements together only where it knows that their answers are short: what is counted are the
 * last of many.
 */
class RequestsTest {
    private static final int UNTIL_ALL_IS_PREPARED = 12;

    private Postgres.Fixture fixture;
    private AtomicInteger requests;
    private HikariDataSource pool;

    @BeforeEach
    void migrate() {
        fixture = Postgres.migrated();
        requests = CountingSockets.requests(fixture.schema());
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(Postgres.url());
        config.addDataSourceProperty("socketFactory", CountingSockets.class.getName());
        config.addDataSourceProperty("socketFactoryArg", fixture.schema());
        config.setMaximumPoolSize(1);
        pool = new HikariDataSource(config);
    }

    @AfterEach
    void close() {
        pool.close();
        fixture.close();
    }

    @Test
    void a_page_in_a_transaction_takes_two() {
        fixture.sql()
                .useHandle(handle -> Postgres.execute(
                        handle.getConnection(),
                        "create table row as select n, 'a text' as words from generate_series(1, 100) n;"
                                + "alter table row add primary key (n)"));
        List<Integer> atPages = new ArrayList<>();
        try (JdbiPawl pawl = JdbiPawl.with(pool).schema(fixture.schema()).open()) {
            pawl.scan(
                            "lap",
                            SqlRows.select("select * from " + fixture.schema() + ".row")
                                    .by(asc("n"))
                                    .as((row, context) -> row.getInt(1))
                                    .pagesOf(5))
                    .inTransaction((page, handle) -> atPages.add(requests.get()))
                    .lap();
        }

        assertThat(atPages).hasSize(20);
        for (int i = UNTIL_ALL_IS_PREPARED; i < 19; i++) {
            assertThat(atPages.get(i) - atPages.get(i - 1)).isEqualTo(2);
        }
    }

    @Test
    void a_call_to_a_named_lease_takes_one() {
        JdbiLeaseStore leases = new JdbiLeaseStore(Database.of(pool, new SchemaName(fixture.schema())));
        Duration minute = Duration.ofMinutes(1);
        for (int i = 0; i < UNTIL_ALL_IS_PREPARED; i++) {
            Fence fence = takes(
                            1, i, () -> leases.acquire("name", "h#1", minute).orElseThrow())
                    .fence();
            takes(1, i, () -> leases.renew("name", fence, minute));
            takes(1, i, () -> leases.release("name", fence, Duration.ZERO));
        }
    }

    @Test
    void a_jobs_progress_and_its_timeline_take_one_each() {
        JobId job;
        try (JdbiPawl pawl =
                JdbiPawl.with(fixture.pool()).schema(fixture.schema()).open()) {
            job = pawl.jobs()
                    .enqueue(NewJob.of(
                            Pipeline.named("p", Json.class).then(Stage.named("s", Void.class)), Json.of("{}")))
                    .id();
        }
        try (JdbiPawl pawl = JdbiPawl.with(pool).schema(fixture.schema()).open()) {
            for (int i = 0; i < UNTIL_ALL_IS_PREPARED; i++) {
                takes(1, i, () -> pawl.views().progress(job));
                takes(1, i, () -> pawl.views().timeline(job));
            }
        }
    }

    private <T> T takes(int expected, int round, Supplier<T> call) {
        int before = requests.get();
        T result = call.get();
        if (round == UNTIL_ALL_IS_PREPARED - 1) {
            assertThat(requests.get() - before).isEqualTo(expected);
        }
        return result;
    }
}
