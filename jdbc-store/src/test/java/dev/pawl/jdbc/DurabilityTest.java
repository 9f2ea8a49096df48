package dev.pawl.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Json;
import dev.pawl.jdbc.internal.Postgres;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.JobId;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.store.StoreException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rule J8: what was acknowledged survives the database's death. */
class DurabilityTest {
    private static final Stage<Json> FIRST = Stage.named("first", Json.class);
    private static final Stage<Void> LAST = Stage.named("last");
    private static final Pipeline<Json, Void> PIPELINE =
            Pipeline.named("p", Json.class).then(FIRST).then(LAST);
    private static final int ROUNDS = 2;
    private static final int WRITES_BEFORE_DEATH = 40;

    @Test
    void J8_acknowledged_writes_survive_the_death_of_the_server(@TempDir Path directory) throws Exception {
        Path data = directory.resolve("data");
        Map<JobId, Json> checkpointed = new LinkedHashMap<>();
        List<JobId> enqueued = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            try (EmbeddedPostgres server = start(data)) {
                PawlSchema.migrate(server.getPostgresDatabase());
                writeUntilItDies(server, data, enqueued, checkpointed);
            }
        }
        try (EmbeddedPostgres server = start(data);
                JdbiPawl pawl = JdbiPawl.on(server.getPostgresDatabase())) {
            assertThat(enqueued).hasSizeGreaterThanOrEqualTo(ROUNDS * WRITES_BEFORE_DEATH);
            assertThat(checkpointed).hasSizeGreaterThanOrEqualTo(ROUNDS * WRITES_BEFORE_DEATH);
            assertThat(enqueued)
                    .allSatisfy(id -> assertThat(pawl.jobs().find(id)).isPresent());
            checkpointed.forEach((id, result) ->
                    assertThat(pawl.jobs().result(id, PIPELINE, FIRST)).contains(result));
        }
    }

    private static void writeUntilItDies(
            EmbeddedPostgres server, Path data, List<JobId> enqueued, Map<JobId, Json> checkpointed) throws Exception {
        CountDownLatch enough = new CountDownLatch(WRITES_BEFORE_DEATH);
        try (var pool = Postgres.pool(server.getPostgresDatabase(), 4);
                JdbiPawl pawl = JdbiPawl.on(pool)) {
            Thread writer = new Thread(() -> write(pawl, enqueued, checkpointed, enough));
            writer.start();
            assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
            kill(data); // while the writer goes on
            writer.join(60_000);
            assertThat(writer.isAlive()).isFalse();
        }
    }

    private static void write(
            JdbiPawl pawl, List<JobId> enqueued, Map<JobId, Json> checkpointed, CountDownLatch enough) {
        try {
            while (true) {
                enqueued.add(pawl.jobs()
                        .enqueue(NewJob.of(PIPELINE, Json.of("\"" + enqueued.size() + "\"")))
                        .id());
                ClaimedJob<Json> job =
                        pawl.jobs().claim(PIPELINE, 1, Duration.ofMinutes(5)).get(0);
                Json result = Json.of("\"" + job.token() + "\"");
                job.checkpoint(FIRST, result);
                checkpointed.put(job.id(), result);
                enough.countDown();
            }
        } catch (StoreException dead) {
            // nothing that follows was acknowledged
        }
    }

    /** SIGKILL to all of its processes: as by the kernel, for want of memory. */
    private static void kill(Path data) throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        List<ProcessHandle> all = new ArrayList<>(List.of(postmaster));
        postmaster.descendants().forEach(all::add);
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().orTimeout(30, TimeUnit.SECONDS).join());
    }

    private static EmbeddedPostgres start(Path data) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPGStartupWait(Duration.ofMinutes(1)) // it recovers first
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("unix_socket_directories", "") // a killed server leaves its socket behind
                .start();
    }
}
