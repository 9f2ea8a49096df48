package dev.pawl.testkit.network;

import static dev.pawl.job.Outcome.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.Json;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.PawlSchema;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database is restarted in the midst of a worker's jobs, as for an upgrade: shut down, and then up again. */
class ServerRestartTest {
    private static final Stage<Void> FETCH = Stage.named("fetch");
    private static final Stage<Void> SEND = Stage.named("send");
    private static final Pipeline<Json, Void> DIGEST =
            Pipeline.named("digest", Json.class).then(FETCH).then(SEND);
    private static final int JOBS = 200;
    private static final Duration LONG = Duration.ofMinutes(1);

    private final AtomicInteger sent = new AtomicInteger();
    private final Told told = new Told();

    @Test
    void a_restart_of_the_server_costs_no_job(@TempDir Path directory) throws IOException {
        Path data = directory.resolve("data");
        EmbeddedPostgres server = start(data, 0);
        int port = server.getPort();
        PawlSchema.migrate(server.getPostgresDatabase());
        try (HikariDataSource pool = pool(server);
                JdbiPawl pawl = JdbiPawl.on(pool)) {
            pawl.jobs().enqueueAll(Collections.nCopies(JOBS, NewJob.of(DIGEST, Json.NULL)));
            try (Worker worker = worker(pawl)) {
                await().atMost(LONG).until(() -> sent.get() >= JOBS / 4);
                server.close();
                assertThat(completed(told))
                        .as("jobs that were completed before")
                        .isLessThan(JOBS);
                server = start(data, port);

                await().atMost(LONG).until(() -> completed(told) == JOBS && worker.held() == 0);
            }
            assertThat(told.storeFailures()).isNotEmpty();
            assertThat(told.all()).noneMatch(line -> line.startsWith("refused"));
            assertThat(sql(pool, "select count(*) from pawl.job where status = 'COMPLETED'"))
                    .isEqualTo(JOBS);
            assertThat(sql(pool, "select count(*) from pawl.checkpoint")).isEqualTo(JOBS);
            assertThat(sql(pool, "select count(*) from pawl.failure where kind <> 'TAKEN_OVER'"))
                    .isZero();
            assertThat(sent).hasValue(JOBS);
        } finally {
            server.close();
        }
    }

    private Worker worker(JdbiPawl pawl) {
        return pawl.worker("digest")
                .run(Handlers.of(DIGEST).on(FETCH, job -> done()).on(SEND, job -> {
                    sent.incrementAndGet();
                    return done();
                }))
                .concurrency(2)
                .prefetch(2)
                .lease(Duration.ofSeconds(10)) // a claim whose answer was lost is taken over after that
                .pollInterval(Duration.ofMillis(50))
                .listener(told)
                .start();
    }

    private static long completed(Told told) {
        return told.all().stream().filter("ended COMPLETED"::equals).count();
    }

    private static int sql(HikariDataSource pool, String query) {
        return Jdbi.create(pool)
                .withHandle(handle -> handle.select(query).mapTo(int.class).one());
    }

    private static HikariDataSource pool(EmbeddedPostgres server) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.getJdbcUrl("postgres", "postgres"));
        config.setMaximumPoolSize(8);
        config.setConnectionTimeout(3_000);
        return new HikariDataSource(config);
    }

    private static EmbeddedPostgres start(Path data, int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .start();
    }
}
