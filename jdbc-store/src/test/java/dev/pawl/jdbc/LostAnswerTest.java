package dev.pawl.jdbc;

import static dev.pawl.job.Outcome.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.Json;
import dev.pawl.jdbc.internal.Database;
import dev.pawl.jdbc.internal.JdbiJobStore;
import dev.pawl.jdbc.internal.Postgres;
import dev.pawl.jdbc.internal.Proxy;
import dev.pawl.jdbc.internal.Proxy.Cut;
import dev.pawl.jdbc.internal.SchemaName;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.store.NewRow;
import dev.pawl.store.StoreException;
import dev.pawl.worker.Handler;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The connection breaks at the commit: what was asked for may have happened, or not. */
@Execution(ExecutionMode.SAME_THREAD)
class LostAnswerTest {
    private static final Stage<Json> ONLY = Stage.named("only", Json.class);
    private static final Pipeline<Json, Json> PIPELINE =
            Pipeline.named("p", Json.class).then(ONLY);
    private static final Duration LEASE = Duration.ofSeconds(30);

    private static Postgres.Fixture fixture;
    private static Proxy proxy;
    private static HikariDataSource cut;
    private static Jdbi sql;
    private static JdbiPawl pawl;

    @BeforeAll
    static void open() throws IOException {
        fixture = Postgres.migrated();
        sql = fixture.sql();
        sql.useHandle(handle -> handle.execute("create table outcome (job uuid)"));
        proxy = new Proxy(Postgres.port());
        cut = new HikariDataSource();
        cut.setJdbcUrl("jdbc:postgresql://localhost:" + proxy.port() + "/postgres?user=postgres&currentSchema="
                + fixture.schema() + "&prepareThreshold=0"); // so that the proxy can read the word COMMIT
        cut.setMaximumPoolSize(3);
        pawl = JdbiPawl.with(cut).schema(fixture.schema()).open();
    }

    @AfterAll
    static void close() throws IOException {
        pawl.close();
        cut.close();
        proxy.close();
        fixture.close();
    }

    @Test
    void a_store_says_that_it_may_have_happened_and_the_repeat_is_idempotent() {
        for (Cut where : List.of(Cut.BEFORE_COMMIT, Cut.AFTER_COMMIT)) {
            JdbiJobStore store = new JdbiJobStore(Database.of(cut, new SchemaName(fixture.schema())));
            JobId id = new JobId("asked", UUID.randomUUID());
            NewRow row = new NewRow(
                    id,
                    "p",
                    1,
                    1,
                    Optional.empty(),
                    Json.NULL,
                    dev.pawl.Actor.SYSTEM,
                    0,
                    Optional.empty(),
                    Duration.ZERO);
            proxy.cut(where);

            assertThatThrownBy(() -> store.enqueue(List.of(row)))
                    .isInstanceOfSatisfying(
                            StoreException.class,
                            failure -> assertThat(failure.kind()).isEqualTo(StoreException.Kind.ANSWER_LOST))
                    .hasMessageContaining("not known whether this happened: enqueue 1 job");

            boolean created = store.enqueue(List.of(row)).get(0).created();
            assertThat(created).isEqualTo(where == Cut.BEFORE_COMMIT);
        }
    }

    @Test
    void a_transactional_stage_whose_commit_happened_is_done() throws Exception {
        ClaimedJob<Json> job = claimed();

        Outcome<Json> outcome = handler(Cut.AFTER_COMMIT).handle(job);

        assertThat(outcome).isInstanceOf(Outcome.Recorded.class);
        assertThat(pawl.jobs().find(job.id()).orElseThrow().status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(outcomes(job.id())).isEqualTo(1);
    }

    @Test
    void a_transactional_stage_whose_commit_did_not_happen_has_failed_and_may_be_run_again() throws Exception {
        ClaimedJob<Json> job = claimed();

        assertThatThrownBy(() -> handler(Cut.BEFORE_COMMIT).handle(job))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        failure -> assertThat(failure.mayHaveHappened()).isFalse());
        assertThat(outcomes(job.id())).isZero();

        handler(Cut.NONE).handle(job);
        assertThat(pawl.jobs().find(job.id()).orElseThrow().status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(outcomes(job.id())).isEqualTo(1);
    }

    private static Handler<Json, Json> handler(Cut where) {
        return pawl.transactional((attempt, handle) -> {
            handle.execute("insert into outcome values (?)", attempt.id().uuid());
            proxy.cut(where);
            return done(Json.of("1"));
        });
    }

    private static ClaimedJob<Json> claimed() {
        pawl.jobs().enqueue(NewJob.of(PIPELINE, Json.NULL));
        return pawl.jobs().claim(PIPELINE, 1, LEASE).get(0);
    }

    private static int outcomes(JobId id) {
        return fixture.count("select count(*) from outcome where job = '" + id.uuid() + "'");
    }
}
