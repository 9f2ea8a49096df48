package dev.pawl.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.pawl.Json;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.RetryPolicy;
import dev.pawl.job.Stage;
import dev.pawl.lease.LeaseLostException;
import dev.pawl.lease.Refusal;
import dev.pawl.lease.Refusal.Reason;
import dev.pawl.store.StoreException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rule L9, on servers: a primary fails after a claim that its standby never received. The standby takes its place, and
 * issues the same token to another holder.
 */
class LostCommitsTest {
    private static final Stage<Json> FIRST = Stage.named("first", Json.class);
    private static final Stage<Void> LAST = Stage.named("last");
    private static final Pipeline<Json, Void> PIPELINE =
            Pipeline.named("p", Json.class).then(FIRST).then(LAST);
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final Json RESULT = Json.of("{\"found\": 3}");

    @TempDir
    private Path directory;

    private final AtomicReference<DataSource> current = new AtomicReference<>();

    @Test
    void L9_a_holder_whose_claim_was_lost_is_kept_out_and_tokens_are_advanced() throws Exception {
        // given: two servers with one job, of which one goes on
        Path primary = directory.resolve("primary");
        Path standby = directory.resolve("standby");
        JobId id = prepare(primary);
        copy(primary, standby);

        EmbeddedPostgres failing = start(primary);
        current.set(failing.getPostgresDatabase());
        try (failing;
                JdbiPawl pawl = JdbiPawl.on(wherever())) {
            ClaimedJob<Json> zombie = pawl.jobs().claim(PIPELINE, 1, LEASE).get(0);
            zombie.saveProgress(Json.of("1"));
            failing.close(); // with what it had not sent

            try (EmbeddedPostgres promoted = start(standby)) {
                current.set(promoted.getPostgresDatabase());
                awaitAnAnswer(zombie);
                assertThat(pawl.jobs().find(id).orElseThrow().status()).isEqualTo(JobStatus.PENDING);

                // when: the token is issued again
                ClaimedJob<Json> successor =
                        pawl.jobs().claim(PIPELINE, 1, LEASE).get(0);
                assertThat(successor.token()).isEqualTo(zombie.token());

                // then
                everyWriteIsRefused(pawl, zombie, Reason.SUPERSEDED);
                successor.checkpoint(FIRST, RESULT);
                assertThat(reason(() -> zombie.checkpoint(FIRST, RESULT))).isEqualTo(Reason.SUPERSEDED);
                assertThat(successor.checkpoint(FIRST, RESULT)).isEqualTo(JobStatus.RUNNING); // a repeat
                successor.checkpoint(LAST);
                assertThat(reason(() -> zombie.checkpoint(LAST))).isEqualTo(Reason.ENDED);

                theStartFindsWhatIsToBeDone(promoted, zombie);
            }
        }
    }

    /** No row tells of lost commits; where the sequence itself was lost, the start is refused until the tokens are advanced. */
    private void theStartFindsWhatIsToBeDone(EmbeddedPostgres promoted, ClaimedJob<Json> zombie) throws SQLException {
        DataSource source = promoted.getPostgresDatabase();
        JdbiPawl.on(source).close();
        assertThat(PawlSchema.advanceTokens(source, "pawl", 1_000))
                .isEqualTo(zombie.token().value() + 1_000);
        assertThat(tokenOfAClaim(source)).isEqualTo(zombie.token().value() + 1_001);

        Jdbi.create(source).useHandle(handle -> handle.execute("select setval('pawl.fencing_token', 1)"));
        assertThatThrownBy(() -> JdbiPawl.on(source))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("bears token " + (zombie.token().value() + 1_001))
                .hasMessageContaining("has issued no more than 1,")
                .hasMessageContaining("PawlSchema.advanceTokens(dataSource, \"pawl\")");

        long beyond = PawlSchema.advanceTokens(source);
        assertThat(tokenOfAClaim(source)).isEqualTo(beyond + 1);
    }

    private static long tokenOfAClaim(DataSource source) {
        try (JdbiPawl pawl = JdbiPawl.on(source)) {
            pawl.jobs().enqueue(NewJob.of(PIPELINE, Json.NULL));
            return pawl.jobs().claim(PIPELINE, 1, LEASE).get(0).token().value();
        }
    }

    @Test
    void a_standby_is_refused_and_told_as_such_to_those_who_are_connected() throws Exception {
        Path data = directory.resolve("data");
        JobId id = prepare(data);
        EmbeddedPostgres primary = start(data);
        current.set(primary.getPostgresDatabase());
        try (primary;
                JdbiPawl pawl = JdbiPawl.on(wherever())) {
            primary.close();
            Files.createFile(data.resolve("standby.signal"));
            try (EmbeddedPostgres standby = start(data)) {
                current.set(standby.getPostgresDatabase());

                assertThatThrownBy(() -> JdbiPawl.on(standby.getPostgresDatabase()))
                        .isInstanceOf(SchemaException.class)
                        .hasMessageContaining("the server is a standby, which takes no writes")
                        .hasMessageContaining("targetServerType=primary");
                assertThatThrownBy(() -> pawl.jobs().find(id))
                        .hasMessageContaining("could not read " + id)
                        .hasMessageContaining("during recovery")
                        .hasMessageContaining("targetServerType=primary")
                        .hasMessageEndingWith("Nothing was written");
                assertThatThrownBy(() -> PawlSchema.migrate(standby.getPostgresDatabase()))
                        .isInstanceOf(SchemaException.class)
                        .hasMessageContaining("targetServerType=primary");
            }
        }
    }

    private JobId prepare(Path data) throws IOException {
        try (EmbeddedPostgres server = start(data)) {
            PawlSchema.migrate(server.getPostgresDatabase());
            try (JdbiPawl pawl = JdbiPawl.on(server.getPostgresDatabase())) {
                return pawl.jobs().enqueue(NewJob.of(PIPELINE, Json.NULL)).id();
            }
        }
    }

    /** The first calls may find their connections dead. */
    private static void awaitAnAnswer(ClaimedJob<Json> zombie) {
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptionsMatching(failure -> failure instanceof StoreException)
                .until(() -> reason(zombie::renew) == Reason.MISSING
                        && reason(() -> zombie.checkpoint(FIRST, RESULT)) == Reason.MISSING);
    }

    private void everyWriteIsRefused(JdbiPawl pawl, ClaimedJob<Json> zombie, Reason reason) {
        assertThat(reason(zombie::renew)).isEqualTo(reason);
        assertThat(reason(() -> zombie.saveProgress(Json.of("2")))).isEqualTo(reason);
        assertThat(reason(() -> zombie.checkpoint(FIRST, RESULT))).isEqualTo(reason);
        assertThat(reason(() -> Jdbi.create(current.get())
                        .useTransaction(handle -> pawl.in(handle).checkpoint(zombie, FIRST, RESULT))))
                .isEqualTo(reason);
        assertThat(zombie.fail(new IllegalStateException("no such day"), RetryPolicy.never()))
                .map(Refusal::reason)
                .contains(reason);
        assertThat(zombie.release()).map(Refusal::reason).contains(reason);
    }

    private static Reason reason(ThrowingCallable write) {
        Throwable refused = catchThrowable(write);
        if (refused instanceof StoreException failure) {
            throw failure;
        }
        assertThat(refused).isInstanceOf(LeaseLostException.class);
        return ((LeaseLostException) refused).refusal().reason();
    }

    /** As through a name that is moved to the server which is the primary now. */
    private DataSource wherever() {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, args) -> method.invoke(current.get(), args));
    }

    private static EmbeddedPostgres start(Path data) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .start();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            files.forEach(file -> {
                try {
                    Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
        }
    }
}
