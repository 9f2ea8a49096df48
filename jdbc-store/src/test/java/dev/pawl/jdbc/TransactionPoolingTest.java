package dev.pawl.jdbc;

import static dev.pawl.job.Outcome.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.Json;
import dev.pawl.jdbc.internal.Postgres;
import dev.pawl.job.Enqueued;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is needed of a session beyond the end of a transaction. */
class TransactionPoolingTest {
    private static final Path PGBOUNCER = Path.of("/usr/sbin/pgbouncer");
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

    static boolean hasPgBouncer() {
        return Files.isExecutable(PGBOUNCER);
    }

    @Test
    @EnabledIf(value = "hasPgBouncer", disabledReason = "there is no /usr/sbin/pgbouncer")
    void pgbouncer_may_share_two_sessions_among_all(@TempDir Path directory) throws Exception {
        String schema = Postgres.newSchema();
        int port = freePort();
        Process pgbouncer = start(directory, port);
        try (HikariDataSource pool = new HikariDataSource()) {
            String url = "jdbc:postgresql://localhost:" + port + "/postgres?user=postgres&prepareThreshold=0";
            await().atMost(Duration.ofSeconds(20)).until(() -> answers(url));
            pool.setJdbcUrl(url);
            pool.setMaximumPoolSize(8);
            everyWay(pool, schema);
        } finally {
            pgbouncer.destroy();
            assertThat(pgbouncer.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
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

    private static Process start(Path directory, int port) throws IOException {
        Path settings = directory.resolve("pgbouncer.ini");
        Files.writeString(settings, """
                [databases]
                postgres = host=127.0.0.1 port=%d dbname=postgres user=postgres
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = any
                pool_mode = transaction
                default_pool_size = 2
                ignore_startup_parameters = extra_float_digits
                """.formatted(Postgres.port(), port));
        boolean root = "root".equals(System.getProperty("user.name"));
        List<String> command = root // which it refuses to be
                ? List.of(PGBOUNCER.toString(), "-u", "nobody", settings.toString())
                : List.of(PGBOUNCER.toString(), settings.toString());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    private static boolean answers(String url) {
        try (Connection connection = DriverManager.getConnection(url)) {
            return connection.isValid(1);
        } catch (SQLException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
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
