package dev.pawl.jdbc;

import static dev.pawl.job.Outcome.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.Json;
import dev.pawl.jdbc.internal.PgBouncer;
import dev.pawl.jdbc.internal.Postgres;
import dev.pawl.job.Enqueued;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.store.StoreException;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is needed of a session beyond the end of a transaction. */
class TransactionPoolingTest {
    private static final Stage<Json> PACK = Stage.named("pack", Json.class);
    private static final Stage<Void> SHIP = Stage.named("ship");
    private static final Pipeline<Json, Void> ORDERS =
            Pipeline.named("orders", Json.class).then(PACK).then(SHIP);

    /** As a pooler that resets sessions would have it, on any machine. */
    @Test
    void sessions_may_be_discarded_after_each_transaction() throws InterruptedException {
        String schema = Postgres.newSchema();
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(Postgres.url() + "&prepareThreshold=0");
            pool.setMaximumPoolSize(6);
            everyWay(forgetful(pool), schema);
        }
    }

    @Test
    @EnabledIf(
            value = "dev.pawl.jdbc.internal.PgBouncer#isInstalled",
            disabledReason = "there is no /usr/sbin/pgbouncer")
    void pgbouncer_may_share_two_sessions_among_all(@TempDir Path directory) throws Exception {
        String schema = Postgres.newSchema();
        try (PgBouncer pgbouncer = PgBouncer.start(directory);
                HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(pgbouncer.url("prepareThreshold=0"));
            pool.setMaximumPoolSize(8);
            everyWay(pool, schema);
        }
    }

    /** As behind a pooler, where another client's statement of that name is in the session. */
    @Test
    void a_prepared_statement_that_another_client_left_is_told_with_what_to_set() {
        String schema = Postgres.newSchema();
        PawlSchema.migrate(Postgres.dataSource(), schema);
        try (HikariDataSource pool = driverPreparesAtOnce()) {
            forEachName(pool, "prepare %I as select 1");

            assertThatThrownBy(() -> JdbiPawl.with(pool).schema(schema).open())
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("SQLSTATE 42P05")
                    .hasMessageContaining("set prepareThreshold=0 in the JDBC URL")
                    .hasMessageEndingWith("Nothing was written");
        }
    }

    /** As behind a pooler, where the session is another one than that in which the driver prepared it. */
    @Test
    void a_prepared_statement_that_is_not_in_the_session_is_told_with_what_to_set() {
        String schema = Postgres.newSchema();
        PawlSchema.migrate(Postgres.dataSource(), schema);
        try (HikariDataSource pool = driverPreparesAtOnce();
                JdbiPawl pawl = JdbiPawl.with(pool).schema(schema).open()) {
            pawl.jobs().enqueue(NewJob.of(ORDERS, Json.NULL));
            forEachName(pool, "deallocate %I");

            assertThatThrownBy(() -> pawl.jobs().enqueue(NewJob.of(ORDERS, Json.NULL)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("SQLSTATE 26000")
                    .hasMessageContaining("set prepareThreshold=0 in the JDBC URL")
                    .hasMessageEndingWith("Nothing was written");
        }
    }

    /** One session, so that it is known which. */
    private static HikariDataSource driverPreparesAtOnce() {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(Postgres.url() + "&prepareThreshold=1");
        pool.setMaximumPoolSize(1);
        return pool;
    }

    /** The names that the driver gives to its statements; the one that runs this has one of them. */
    private static void forEachName(DataSource source, String statement) {
        Jdbi.create(source).useHandle(handle -> Postgres.execute(handle.getConnection(), """
                do $$
                begin
                  for i in 1..200 loop
                    begin
                      execute format('%s', 'S_' || i);
                    exception when duplicate_prepared_statement or invalid_sql_statement_name then
                      null;
                    end;
                  end loop;
                end
                $$
                """.formatted(statement)));
    }

    @SuppressWarnings("try") // the worker works while it is open
    private static void everyWay(DataSource source, String schema) throws InterruptedException {
        PawlSchema.migrate(source, schema);
        try (JdbiPawl pawl = JdbiPawl.with(source).schema(schema).open();
                Worker worker = pawl.worker("orders")
                        .run(Handlers.of(ORDERS)
                                .on(PACK, job -> {
                                    job.saveProgress(Json.of("1"));
                                    return done(Json.of("[1]"));
                                })
                                .on(SHIP, pawl.transactional((job, handle) -> {
                                    handle.execute("select 1");
                                    return done();
                                })))
                        .concurrency(3)
                        .start()) {
            List<Enqueued> all = pawl.jobs()
                    .enqueueAll(IntStream.range(0, 60)
                            .mapToObj(i -> NewJob.of(ORDERS, Json.NULL).key("k" + i))
                            .toList());
            for (Enqueued one : all) {
                assertThat(pawl.jobs().await(one.id(), Duration.ofSeconds(60)).status())
                        .isEqualTo(JobStatus.COMPLETED);
            }
            assertThat(pawl.refusedWrites()).isZero();
        }
    }

    /** Connections that remember nothing of their last user. */
    private static DataSource forgetful(DataSource source) {
        return proxy(DataSource.class, (proxy, method, args) -> {
            Connection connection = source.getConnection();
            return proxy(Connection.class, (self, called, with) -> {
                if (called.getName().equals("close")) {
                    try (Statement statement = connection.createStatement()) {
                        statement.execute("discard all");
                    }
                }
                return called.invoke(connection, with);
            });
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
