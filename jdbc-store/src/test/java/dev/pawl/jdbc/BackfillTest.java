package dev.pawl.jdbc;

import static dev.pawl.job.Outcome.done;
import static dev.pawl.scan.KeyColumn.asc;
import static dev.pawl.scan.KeyColumn.desc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.pawl.Json;
import dev.pawl.jdbc.internal.Postgres;
import dev.pawl.job.Attempt;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.RetryPolicy;
import dev.pawl.job.Stage;
import dev.pawl.lease.LeaseLostException;
import dev.pawl.scan.Page;
import dev.pawl.worker.Handler;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Walks over rows within a stage: each page and the place beyond it are one commit, under the lease. */
class BackfillTest {
    private static final int ROWS = 95;
    private static final int PAGE = 10;
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Stage<Json> FILL = Stage.named("fill", Json.class);

    private static Postgres.Fixture fixture;
    private static JdbiPawl pawl;
    private static Jdbi sql;

    @BeforeAll
    static void open() {
        fixture = Postgres.migrated();
        sql = fixture.sql();
        pawl = JdbiPawl.with(sql).schema(fixture.schema()).open();
        sql.useHandle(handle -> {
            handle.execute("create table source (id int primary key, kind text not null)");
            handle.execute("insert into source select i, 'kind ' || i % 3 from generate_series(1, " + ROWS + ") i");
            handle.execute("create table filled (job uuid, id int, token bigint)");
        });
    }

    @AfterAll
    static void close() {
        pawl.close();
        fixture.close();
    }

    private static SqlRows<Integer> rows() {
        return SqlRows.select("select id, kind from source")
                .by(asc("kind"), desc("id"))
                .as((row, context) -> row.getInt("id"))
                .pagesOf(PAGE);
    }

    private static Pipeline<Json, Json> pipeline(String name) {
        return Pipeline.named(name, Json.class).then(FILL);
    }

    private static void fill(Attempt<?> attempt, Page<Integer> page, Handle handle) {
        for (int id : page.rows()) {
            handle.execute(
                    "insert into filled values (?, ?, ?)",
                    attempt.id().uuid(),
                    id,
                    page.token().value());
        }
    }

    private static List<Integer> filled(JobId job) {
        return sql.withHandle(handle -> handle.select("select id from filled where job = ? order by id", job.uuid())
                .mapTo(Integer.class)
                .list());
    }

    private static List<Integer> all() {
        return IntStream.rangeClosed(1, ROWS).boxed().toList();
    }

    private static ClaimedJob<Json> claim(Pipeline<Json, Json> pipeline) {
        return pawl.jobs().claim(pipeline, 1, SOON).get(0);
    }

    /** As if its holder had not been heard of for the length of its lease. */
    private static void expire(JobId id) {
        sql.useHandle(handle -> handle.execute(
                "update job set lease_expires_at = statement_timestamp() - interval '1 s' where id = ?", id.uuid()));
    }

    @Test
    void a_worker_fills_every_row_once_and_pages_that_fail_are_tried_again_where_they_are()
            throws InterruptedException {
        Pipeline<Json, Json> pipeline = pipeline("fill");
        List<Integer> failed = new ArrayList<>();
        Handlers<Json> handlers = Handlers.of(pipeline)
                .retrying(RetryPolicy.exponential(Duration.ofMillis(1), Duration.ofMillis(1)))
                .on(
                        FILL,
                        pawl.backfill(
                                job -> rows(),
                                (job, page, handle) -> {
                                    fill(job, page, handle);
                                    if (page.rows().contains(50) && failed.size() < 2) {
                                        failed.add(page.rows().get(0));
                                        throw new IllegalStateException("not yet");
                                    }
                                },
                                rows -> done(Json.of(Long.toString(rows)))));

        JobId id;
        JobSnapshot job;
        try (Worker worker = pawl.worker(pipeline.name())
                .run(handlers)
                .pollInterval(Duration.ofMillis(20))
                .start()) {
            assertThat(worker).isNotNull();
            id = pawl.jobs().enqueue(NewJob.of(pipeline, Json.NULL)).id();
            job = pawl.jobs().await(id, SOON);
        }

        assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(filled(id)).isEqualTo(all());
        assertThat(failed).hasSize(2).containsOnly(failed.get(0));
        assertThat(pawl.jobs().result(id, pipeline)).contains(Json.of(Integer.toString(ROWS)));
    }

    /**
     * Incident C: a worker was slow, its job was taken over, and it went on writing. The new holder goes on at the cursor that was
     * saved last; the old one's page is refused, with the rows that it wrote.
     */
    @Test
    void incident_C_a_backfill_that_is_taken_over_goes_on_at_its_cursor_and_the_old_one_is_rolled_back()
            throws Exception {
        Pipeline<Json, Json> pipeline = pipeline("taken-over");
        JobId id = pawl.jobs().enqueue(NewJob.of(pipeline, Json.NULL)).id();
        ClaimedJob<Json> old = claim(pipeline);
        Handler<Json, Json> newer =
                pawl.backfill(job -> rows(), BackfillTest::fill, rows -> done(Json.of("[\"new\", " + rows + "]")));
        AtomicBoolean slow = new AtomicBoolean();
        Handler<Json, Json> older = pawl.backfill(
                job -> rows(),
                (job, page, handle) -> {
                    fill(job, page, handle);
                    if (filled(id).size() == 3 * PAGE && slow.compareAndSet(false, true)) {
                        expire(id);
                        ClaimedJob<Json> taken = claim(pipeline);
                        assertThat(taken.token()).isGreaterThan(job.token());
                        assertThat(newer.handle(taken)).isEqualTo(done(Json.of("[\"new\", " + ROWS + "]")));
                    }
                },
                rows -> done(Json.of("[\"old\", " + rows + "]")));

        assertThatExceptionOfType(LeaseLostException.class).isThrownBy(() -> older.handle(old));

        assertThat(filled(id)).isEqualTo(all());
        List<Integer> byToken = sql.withHandle(handle -> handle.select(
                        "select cast(count(*) as int) from filled where job = ? group by token order by token",
                        id.uuid())
                .mapTo(Integer.class)
                .list());
        assertThat(byToken).containsExactly(3 * PAGE, ROWS - 3 * PAGE);
    }

    /** A worker that dies after a commit, or in the middle of a page. */
    @Test
    void a_dead_workers_backfill_goes_on_at_the_page_that_it_was_at() throws Exception {
        Pipeline<Json, Json> pipeline = pipeline("dead");
        JobId id = pawl.jobs().enqueue(NewJob.of(pipeline, Json.NULL)).id();
        for (int die = 1; die <= 3; die++) {
            int pages = die;
            int[] handled = {0};
            Handler<Json, Json> dies = pawl.backfill(
                    job -> rows(),
                    (job, page, handle) -> {
                        fill(job, page, handle);
                        if (++handled[0] == pages) {
                            throw new OutOfMemoryError("as if killed");
                        }
                    },
                    rows -> done(Json.NULL));
            ClaimedJob<Json> claimed = claim(pipeline);
            assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> dies.handle(claimed));
            expire(id);
        }
        assertThat(filled(id)).hasSize((0 + 1 + 2) * PAGE);

        Handler<Json, Json> fills =
                pawl.backfill(job -> rows(), BackfillTest::fill, rows -> done(Json.of(Long.toString(rows))));
        assertThat(fills.handle(claim(pipeline))).isEqualTo(done(Json.of(Integer.toString(ROWS))));

        assertThat(filled(id)).isEqualTo(all());
    }

    @Test
    void without_a_transaction_a_crash_repeats_one_page_at_most() throws Exception {
        Pipeline<Json, Json> pipeline = pipeline("at-least-once");
        JobId id = pawl.jobs().enqueue(NewJob.of(pipeline, Json.NULL)).id();
        List<Integer> seen = new ArrayList<>();
        AtomicBoolean died = new AtomicBoolean();
        Handler<Json, Json> handler = pawl.backfillAtLeastOnce(
                job -> rows(),
                (job, page) -> {
                    seen.addAll(page.rows());
                    if (seen.size() == 4 * PAGE && died.compareAndSet(false, true)) {
                        throw new IllegalStateException("after its work");
                    }
                },
                rows -> done(Json.of(Long.toString(rows))));
        ClaimedJob<Json> first = claim(pipeline);
        assertThatIllegalStateException().isThrownBy(() -> handler.handle(first));
        expire(id);

        assertThat(handler.handle(claim(pipeline))).isEqualTo(done(Json.of(Integer.toString(ROWS))));

        assertThat(seen).hasSize(ROWS + PAGE);
        assertThat(seen.subList(3 * PAGE, 4 * PAGE)).isEqualTo(seen.subList(4 * PAGE, 5 * PAGE));
        assertThat(seen.stream().distinct().sorted().toList()).isEqualTo(all());
    }

    @Test
    void another_order_than_the_one_it_was_left_under_is_refused() {
        Pipeline<Json, Json> pipeline = pipeline("changed");
        JobId id = pawl.jobs().enqueue(NewJob.of(pipeline, Json.NULL)).id();
        Handler<Json, Json> before = pawl.backfill(
                job -> rows(),
                (job, page, handle) -> {
                    if (filled(id).size() == PAGE) {
                        throw new IllegalStateException("stopped");
                    }
                    fill(job, page, handle);
                },
                rows -> done(Json.NULL));
        ClaimedJob<Json> first = claim(pipeline);
        assertThatIllegalStateException().isThrownBy(() -> before.handle(first)).withMessage("stopped");
        expire(id);

        ClaimedJob<Json> next = claim(pipeline);
        assertThatIllegalStateException()
                .isThrownBy(() -> pawl.<Json, Integer, Json>backfill(
                                job -> rows().by(asc("id")), BackfillTest::fill, rows -> done(Json.NULL))
                        .handle(next))
                .withMessageContaining("was left under the keys (kind text asc nulls last, id int4 desc nulls first)")
                .withMessageContaining("its rows are now by (id int4 asc nulls last)");
        assertThat(filled(id)).hasSize(PAGE);
    }

    @Test
    void no_other_progress_can_be_in_its_stage() {
        Pipeline<Json, Json> pipeline = pipeline("other");
        JobId id = pawl.jobs().enqueue(NewJob.of(pipeline, Json.NULL)).id();
        ClaimedJob<Json> job = claim(pipeline);

        assertThatIllegalStateException()
                .isThrownBy(() -> pawl.<Json, Integer, Json>backfill(
                                attempt -> rows(),
                                (attempt, page, handle) -> attempt.saveProgress(Json.NULL),
                                rows -> done(Json.NULL))
                        .handle(job))
                .withMessageContaining("a backfill's progress is where it stands");
        assertThat(job.progress(Json.class).orElseThrow().text())
                .as("the walk's own")
                .contains("\"rows\":\"0\"");
        job.saveProgress(Json.of("[1]"));
        assertThatIllegalStateException()
                .isThrownBy(() -> pawl.<Json, Integer, Json>backfill(
                                attempt -> rows(), BackfillTest::fill, rows -> done(Json.NULL))
                        .handle(job))
                .withMessageContaining("was left with a progress that is no backfill's: [1]");
        assertThat(filled(id)).isEmpty();
    }

    @Test
    void rows_that_come_while_it_walks_do_not_keep_it_from_ending() throws Exception {
        Pipeline<Json, Json> pipeline = pipeline("stream");
        pawl.jobs().enqueue(NewJob.of(pipeline, Json.NULL));
        sql.useHandle(handle -> handle.execute("create table stream as select i as id from generate_series(1, 25) i"));

        Handler<Json, Json> handler = pawl.backfill(
                job -> SqlRows.select("select id from stream where id > :from")
                        .bind("from", 5)
                        .by(asc("id"))
                        .pagesOf(2),
                (job, page, handle) -> handle.execute(
                        "insert into stream select (select max(id) from stream) + i from generate_series(1, 3) i"),
                rows -> done(Json.of(Long.toString(rows))));

        assertThat(handler.handle(claim(pipeline))).isEqualTo(done(Json.of("20")));
    }

    @Test
    void where_the_rows_ended_is_known_to_the_next_attempt_though_the_first_handled_no_page() throws Exception {
        Pipeline<Json, Json> pipeline = pipeline("late");
        pawl.jobs().enqueue(NewJob.of(pipeline, Json.NULL));
        sql.useHandle(handle -> handle.execute("create table late as select i as id from generate_series(1, 3) i"));
        SqlRows<Integer> rows =
                SqlRows.select("select id from late").by(asc("id")).as(Integer.class);
        ClaimedJob<Json> job = claim(pipeline);
        assertThatIllegalStateException()
                .isThrownBy(() -> pawl.<Json, Integer, Json>backfill(
                                attempt -> rows,
                                (attempt, page, handle) -> {
                                    throw new IllegalStateException("not yet");
                                },
                                all -> done(Json.NULL))
                        .handle(job));

        sql.useHandle(handle -> handle.execute("insert into late values (4)"));
        Outcome<Json> outcome = pawl.<Json, Integer, Json>backfill(
                        attempt -> rows, BackfillTest::fill, all -> done(Json.of(Long.toString(all))))
                .handle(job);

        assertThat(outcome).isEqualTo(done(Json.of("3")));
    }

    @Test
    void no_rows_are_no_pages() throws Exception {
        Pipeline<Json, Json> pipeline = pipeline("none");
        pawl.jobs().enqueue(NewJob.of(pipeline, Json.NULL));

        Handler<Json, Json> handler = pawl.backfill(
                job -> SqlRows.select("select id from source where false").by(asc("id")),
                (job, page, handle) -> {
                    throw new AssertionError(page);
                },
                rows -> done(Json.of(Long.toString(rows))));

        assertThat(handler.handle(claim(pipeline))).isEqualTo(done(Json.of("0")));
    }
}
