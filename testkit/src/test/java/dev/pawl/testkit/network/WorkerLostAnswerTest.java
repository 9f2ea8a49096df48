package dev.pawl.testkit.network;

import static dev.pawl.job.Outcome.done;
import static dev.pawl.testkit.PawlAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.Attempt;
import dev.pawl.job.JobId;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.RetryPolicy;
import dev.pawl.job.Stage;
import dev.pawl.testkit.PawlTest;
import dev.pawl.testkit.PostgresProxy;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The connection of a worker is cut at a commit. It finds out what became of it, and each stage counts once. */
@PawlTest
class WorkerLostAnswerTest {
    private static final Stage<String> FETCH = Stage.named("fetch", String.class);
    private static final Stage<Void> CLEAN = Stage.named("clean");
    private static final Stage<Void> SEND = Stage.named("send");
    private static final Pipeline<String, Void> DIGEST =
            Pipeline.named("digest", String.class).then(FETCH).then(CLEAN).then(SEND);
    private static final String INSERT = "insert into sent";
    private static final Duration LONG = Duration.ofMinutes(1);

    private final Told told = new Told();
    private JdbiPawl pawl;
    private PostgresProxy network;
    private Jdbi sql;

    @BeforeEach
    void open(JdbiPawl pawl, PostgresProxy network, DataSource direct) {
        this.pawl = pawl;
        this.network = network;
        this.sql = Jdbi.create(direct);
        sql.useHandle(handle -> handle.execute("drop table if exists sent; create table sent (job uuid)"));
    }

    @Test
    void a_completion_whose_answer_was_lost_completes_once() throws InterruptedException {
        JobId id = run(handlers(job -> network.cutAfterCommitOf(Sql.CHECKPOINT)));

        assertDoneOnce(id);
        assertThat(told.storeFailures()).singleElement().asString().contains("it is not known whether this happened");
    }

    @Test
    void a_completion_that_the_server_never_heard_of_completes_once() throws InterruptedException {
        JobId id = run(handlers(job -> network.cutBeforeCommitOf(Sql.CHECKPOINT)));

        assertDoneOnce(id);
    }

    @Test
    void the_answers_of_all_stages_are_lost_and_those_of_the_repeats() throws InterruptedException {
        Consumer<Attempt<String>> twice = job -> {
            network.cutAfterCommitOf(Sql.CHECKPOINT);
            network.cutAfterCommitOf(Sql.REPEAT);
        };
        JobId id = run(Handlers.of(DIGEST)
                .on(FETCH, job -> {
                    twice.accept(job);
                    return done("news");
                })
                .on(CLEAN, job -> {
                    twice.accept(job);
                    return done();
                })
                .on(SEND, job -> {
                    twice.accept(job);
                    return done();
                }));

        assertDoneOnce(id);
    }

    @Test
    void a_transactional_stage_whose_commit_happened_is_done() throws InterruptedException {
        JobId id = run(transactional(() -> network.cutAfterCommitOf(INSERT)));

        assertDoneOnce(id);
        assertThat(sent()).containsExactly(id.uuid().toString());
    }

    @Test
    void a_transactional_stage_whose_commit_did_not_happen_is_run_again() throws InterruptedException {
        JobId id = run(transactional(() -> network.cutBeforeCommitOf(INSERT)));

        assertThat(pawl.jobs().find(id).orElseThrow()).isCompleted();
        assertThat(told.all())
                .hasSize(5)
                .element(2)
                .asString()
                .startsWith("failed at send: ")
                .endsWith("Nothing was written");
        assertThat(pawl.refusedWrites()).isZero();
        assertThat(sent()).containsExactly(id.uuid().toString());
    }

    private Handlers<String> handlers(Consumer<Attempt<String>> last) {
        return Handlers.of(DIGEST)
                .on(FETCH, job -> done("news"))
                .on(CLEAN, job -> done())
                .on(SEND, job -> {
                    last.accept(job);
                    return done();
                });
    }

    /** The first try asks for the cut of its own commit. */
    private Handlers<String> transactional(Runnable cut) {
        RetryPolicy soon = RetryPolicy.exponential(Duration.ofMillis(1), Duration.ofMillis(1));
        return Handlers.of(DIGEST)
                .retrying(soon)
                .on(FETCH, job -> done("news"))
                .on(CLEAN, job -> done())
                .on(SEND, pawl.transactional((job, handle) -> {
                    handle.execute(INSERT + " values (?)", job.id().uuid());
                    if (job.number() == 1) {
                        cut.run();
                    }
                    return done();
                }));
    }

    private JobId run(Handlers<String> handlers) throws InterruptedException {
        JobId id = pawl.jobs().enqueue(NewJob.of(DIGEST, "today")).id();
        try (Worker worker = pawl.worker("digest")
                .run(handlers)
                .pollInterval(Duration.ofMillis(50))
                .listener(told)
                .start()) {
            pawl.jobs().await(id, LONG);
            await().until(() -> worker.held() == 0);
        }
        assertThat(network.cutsToCome()).isZero();
        return id;
    }

    private void assertDoneOnce(JobId id) {
        assertThat(pawl.jobs().find(id).orElseThrow()).isCompleted();
        assertThat(told.all())
                .containsExactly("checkpointed fetch", "checkpointed clean", "checkpointed send", "ended COMPLETED");
        assertThat(pawl.refusedWrites()).isZero();
        assertThat(pawl.jobs().failures(id)).isEmpty();
    }

    private List<String> sent() {
        return sql.withHandle(handle -> handle.select("select cast(job as text) from sent")
                .mapTo(String.class)
                .list());
    }
}
