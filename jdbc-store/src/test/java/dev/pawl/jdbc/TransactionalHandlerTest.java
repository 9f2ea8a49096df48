package dev.pawl.jdbc;

import static dev.pawl.job.Outcome.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Json;
import dev.pawl.jdbc.internal.JdbiJobStore;
import dev.pawl.jdbc.internal.Postgres;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.RetryPolicy;
import dev.pawl.job.Stage;
import dev.pawl.store.Answer;
import dev.pawl.store.JobWrite;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Stages whose rows and checkpoint are one commit. */
class TransactionalHandlerTest {
    private static final Stage<Json> PACK = Stage.named("pack", Json.class);
    private static final Stage<Void> SHIP = Stage.named("ship");
    private static final Duration SOON = Duration.ofSeconds(20);

    private static Postgres.Fixture fixture;
    private static JdbiPawl pawl;
    private static Jdbi sql;

    @BeforeAll
    static void open() {
        fixture = Postgres.migrated();
        sql = fixture.sql();
        pawl = JdbiPawl.with(sql).schema(fixture.schema()).open();
        sql.useHandle(handle -> handle.execute("create table shipment (job text, stage text)"));
    }

    @AfterAll
    static void close() {
        pawl.close();
        fixture.close();
    }

    private static Pipeline<Json, Void> pipeline(String name) {
        return Pipeline.named(name, Json.class).then(PACK).then(SHIP);
    }

    /** As after a commit of which nobody knew: the repeat finds it done, writes nothing twice, and goes on. */
    @Test
    void a_job_that_was_claimed_by_hand_goes_on_where_its_stage_was_recorded_before() throws Exception {
        Pipeline<Json, Void> pipeline = pipeline("by-hand");
        pawl.jobs().enqueue(NewJob.of(pipeline, Json.NULL));
        ClaimedJob<Json> job = pawl.jobs().claim(pipeline, 1, SOON).get(0);
        JobWrite.Checkpoint before =
                new JobWrite.Checkpoint(job.id(), job.lease().fence(), 0, Optional.of(Json.of("[1]")), SOON);
        assertThat(new JdbiJobStore(fixture.database()).write(List.of(before)))
                .singleElement()
                .isInstanceOf(Answer.Done.class);

        pawl.<Json, Json>transactional((attempt, handle) -> {
                    ship(handle, attempt.id(), "pack");
                    return done(Json.of("[1]"));
                })
                .handle(job);

        assertThat(shipped(job.id())).isNullOrEmpty();
        assertThat(job.stage()).isEqualTo("ship");
        assertThat(job.checkpoint(SHIP)).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void a_stages_rows_and_its_checkpoint_are_one_commit() throws InterruptedException {
        Pipeline<Json, Void> pipeline = pipeline("both");
        Handlers<Json> handlers = Handlers.of(pipeline)
                .on(PACK, pawl.transactional((job, handle) -> {
                    ship(handle, job.id(), "pack");
                    job.saveProgress(Json.of("1"));
                    return done(Json.of("[1]"));
                }))
                .on(SHIP, pawl.transactional((job, handle) -> {
                    ship(handle, job.id(), "ship");
                    return pawl.in(handle).record(job, done());
                }));

        JobSnapshot job = runOne(pipeline, handlers);
        JobId id = job.id();

        assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(shipped(id)).isEqualTo("pack,ship");
        assertThat(pawl.jobs().failures(id)).isEmpty();
    }

    @Test
    void a_lost_lease_rolls_both_back() throws InterruptedException {
        Pipeline<Json, Void> pipeline = pipeline("lost");
        Handlers<Json> handlers = Handlers.of(pipeline)
                .on(PACK, job -> done(Json.NULL))
                .on(SHIP, pawl.transactional((job, handle) -> {
                    ship(handle, job.id(), "by " + job.token());
                    if (shipped(job.id()).isEmpty()
                            && pawl.jobs().find(job.id()).orElseThrow().takeovers() == 0) {
                        takeOver(job.id()); // commits on a connection of its own
                    }
                    return done();
                }));

        JobSnapshot job = runOne(pipeline, handlers);
        JobId id = job.id();

        assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(shipped(id)).isEqualTo("by " + job.token().orElseThrow());
    }

    @Test
    void a_body_that_throws_leaves_no_rows_and_is_tried_again() throws InterruptedException {
        Pipeline<Json, Void> pipeline = pipeline("throws");
        Handlers<Json> handlers = Handlers.of(pipeline)
                .retrying(RetryPolicy.exponential(Duration.ofMillis(1), Duration.ofMillis(1)))
                .on(PACK, job -> done(Json.NULL))
                .on(SHIP, pawl.transactional((job, handle) -> {
                    ship(handle, job.id(), "try " + job.number());
                    if (job.number() < 3) {
                        throw new IllegalStateException("not yet");
                    }
                    return done();
                }));

        JobSnapshot job = runOne(pipeline, handlers);
        JobId id = job.id();

        assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(shipped(id)).isEqualTo("try 3");
        assertThat(pawl.jobs().failures(id)).hasSize(2);
    }

    @Test
    void failed_and_later_are_recorded_in_it_too() throws InterruptedException {
        Pipeline<Json, Void> pipeline = pipeline("others");
        Handlers<Json> handlers = Handlers.of(pipeline)
                .on(PACK, pawl.transactional((job, handle) -> {
                    boolean again = !shipped(job.id()).isEmpty();
                    ship(handle, job.id(), "pack");
                    return again ? Outcome.failed("no paper") : Outcome.later(Duration.ZERO);
                }))
                .on(SHIP, job -> done());

        JobSnapshot job = runOne(pipeline, handlers);
        JobId id = job.id();

        assertThat(job.status()).isEqualTo(JobStatus.FAILED);
        assertThat(shipped(id)).isEqualTo("pack,pack");
        assertThat(pawl.jobs().failures(id))
                .singleElement()
                .satisfies(failure -> assertThat(failure.message()).isEqualTo("no paper"));
    }

    @SuppressWarnings("try") // the worker works while it is open
    private static JobSnapshot runOne(Pipeline<Json, Void> pipeline, Handlers<Json> handlers)
            throws InterruptedException {
        try (Worker worker = pawl.worker(pipeline.name())
                .run(handlers)
                .pollInterval(Duration.ofMillis(20))
                .start()) {
            JobId id = pawl.jobs().enqueue(NewJob.of(pipeline, Json.NULL)).id();
            return pawl.jobs().await(id, SOON);
        }
    }

    private static void ship(org.jdbi.v3.core.Handle handle, JobId job, String stage) {
        handle.execute("insert into shipment values (?, ?)", job.toString(), stage);
    }

    private static String shipped(JobId job) {
        return sql.withHandle(handle -> handle.select(
                        "select coalesce(string_agg(stage, ',' order by stage), '') from shipment where job = ?",
                        job.toString())
                .mapTo(String.class)
                .one());
    }

    private static void takeOver(JobId id) {
        sql.useHandle(handle -> handle.execute(
                "update job set holder = 'thief#1', token = nextval('fencing_token'), lease_expires_at = now(),"
                        + " takeovers = 1 where id = ?",
                id.uuid()));
    }
}
