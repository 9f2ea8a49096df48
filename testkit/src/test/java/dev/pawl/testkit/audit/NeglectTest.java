package dev.pawl.testkit.audit;

import static dev.pawl.testkit.PawlAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.Json;
import dev.pawl.audit.AuditLimits;
import dev.pawl.audit.Evidence;
import dev.pawl.audit.Invariant;
import dev.pawl.audit.Violation;
import dev.pawl.jdbc.PawlSchema;
import dev.pawl.jdbc.SqlRows;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.scan.KeyColumn;
import dev.pawl.scan.Scan;
import dev.pawl.scan.ScanState;
import dev.pawl.store.ClaimRequest.Runs;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every invariant that no repair mends: found, and found no more when somebody has done what its advice says. */
class NeglectTest extends AuditScene {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String FAR = "(select last_value + 1000000 from pawl.fencing_token)";

    private static final Stage<Void> FETCH = Stage.named("fetch");
    private static final Stage<Void> SORT = Stage.named("sort");
    private static final Stage<Void> SEND = Stage.named("send");
    private static final Pipeline<Json, Void> STORY =
            Pipeline.named("story", Json.class).then(FETCH).then(SORT).then(SEND);

    @ParameterizedTest
    @ValueSource(strings = {"job set token", "checkpoint set token", "lease set token", "scan set token"})
    void tokens_that_were_not_issued_are_advanced(String column) {
        // given
        JobId job = desk().heldAt(1, Desk.STORY).id();
        assertThat(pawl().leases().acquire("press/editor", Duration.ofHours(1))).isPresent();
        scan("articles").lap();
        sql("update pawl." + column + " = " + FAR + ofThisTest(column, job));

        // when
        Violation violation = found(Invariant.TOKEN_NOT_ISSUED);

        // then
        assertThat(violation.found()).matches("token #\\d{7,}, and the last one issued is #\\d+");
        assertThat(auditor().plan(List.of(violation))).isEmpty();
        PawlSchema.advanceTokens(database().dataSource());
        assertClean();
    }

    @BeforeEach
    void articles() {
        sql("create table if not exists article (id bigint primary key)");
        sql("insert into article (id) select n from generate_series(1, 5) n on conflict do nothing");
    }

    private static String ofThisTest(String column, JobId job) {
        if (column.startsWith("job")) {
            return where(job);
        }
        if (column.startsWith("lease")) {
            return " where name = 'press/editor'";
        }
        return column.startsWith("checkpoint") ? " where job_id = '" + job.uuid() + "'" : "";
    }

    @Test
    void a_lease_that_expired_long_ago_is_taken_over_when_a_worker_comes() {
        // given
        JobId job = desk().heldAt(1, Desk.STORY).id();
        set(job, "lease_expires_at = now() - interval '5 minutes'");
        assertClean();
        set(job, "lease_expires_at = now() - interval '1 hour'");

        // when
        Violation violation = found(Invariant.LEASE_EXPIRED, job);

        // then
        assertThat(violation.subject()).isEqualTo("pipeline story v1 in queue press");
        assertThat(violation.found())
                .startsWith("1 job, the first lease expired at ")
                .endsWith(": " + job);
        assertThat(auditor().plan(List.of(violation))).isEmpty();
        aWorkerEnds(job);
        assertClean();
    }

    @Test
    void jobs_that_were_due_for_long_are_run_when_a_worker_comes() {
        // given
        JobId job = desk().pending(Desk.STORY);
        JobId other = desk().pending(Desk.STORY);
        set(job, "due_at = now() - interval '2 hours', since = now() - interval '2 hours'");
        set(other, "due_at = now() - interval '3 hours', since = now() - interval '3 hours'");

        // when
        Violation violation = found(Invariant.DUE_FOR_LONG, other);

        // then
        assertThat(violation.found()).startsWith("2 jobs, the first was due at ");
        aWorkerEnds(job);
        assertClean();
    }

    @Test
    void what_has_an_old_place_and_came_back_now_is_not_due_for_long() {
        JobId job = desk().heldAt(1, Desk.STORY).id();
        set(job, "due_at = now() - interval '3 days'");
        desk().pending(Desk.STORY);

        assertClean();
    }

    @Test
    void nor_is_what_a_paused_queue_keeps_back() {
        JobId job = desk().pending(Desk.STORY);
        set(job, "due_at = now() - interval '2 hours', since = now() - interval '2 hours'");
        JobId held = desk().heldAt(1, Desk.ISSUE).id();
        set(held, "lease_expires_at = now() - interval '1 hour'");

        pawl().jobs().pause("press", Desk.ANN);

        assertClean();
    }

    private void aWorkerEnds(JobId job) {
        try (Worker worker = pawl().worker("press")
                .run(Handlers.of(STORY)
                        .on(FETCH, attempt -> Outcome.done())
                        .on(SORT, attempt -> Outcome.done())
                        .on(SEND, attempt -> Outcome.done()))
                .start()) {
            await().atMost(SOON).until(() -> job(job).status().isEnded());
            assertThat(worker).isNotNull();
        }
        assertThat(job(job)).isCompleted();
    }

    @Test
    void a_pipeline_whose_stages_are_not_recorded_is_known_when_a_worker_has_come() {
        JobId job = desk().pending(Runs.asIs("novel", 1, 2));

        Violation violation = found(Invariant.PIPELINE_UNKNOWN, job);

        assertThat(violation.subject()).isEqualTo("pipeline novel v1 in queue press");
        store().describe("novel", 1, List.of("plot", "write"));
        assertClean();
    }

    @Test
    void so_is_one_of_which_a_job_waits_for_its_children_alone() {
        JobId parent = desk().family(1, FanIn.ALL).parent();
        set(parent, "pipeline = 'saga'");
        assertThat(column(parent, "due_at")).isNull();

        Violation violation = found(Invariant.PIPELINE_UNKNOWN, parent);

        assertThat(violation.found()).startsWith("1 job, not ended, and as it is since ");
        store().describe("saga", 1, List.of("plot", "write"));
        assertClean();
    }

    @Test
    void jobs_of_more_stages_than_are_recorded_are_cancelled() {
        store().describe("ballad", 1, List.of("plot", "write"));
        JobId job = desk().pending(Runs.asIs("ballad", 1, 3));

        found(Invariant.PIPELINE_UNKNOWN, job);

        pawl().jobs().cancel(job, Desk.ANN);
        assertClean();
    }

    @Test
    void a_queue_that_was_paused_and_forgotten_is_resumed() {
        // given
        pawl().jobs().pause("press", Desk.ANN);
        assertClean();
        sql("update pawl.queue set paused_at = now() - interval '25 hours' where name = 'press'");

        // when
        Violation violation = found(Invariant.QUEUE_PAUSED);

        // then
        assertThat(violation.subject()).isEqualTo("queue press");
        assertThat(violation.found()).startsWith("paused by user ann since ");
        pawl().jobs().resume("press", Desk.ANN);
        assertClean();
    }

    @Test
    void an_old_snapshot_is_let_go_when_its_session_ends() throws SQLException {
        AuditLimits limits = AuditLimits.STANDARD.still(Duration.ofHours(24), Duration.ofHours(1), Duration.ZERO);
        try (Connection other = database().dataSource().getConnection();
                Statement statement = other.createStatement()) {
            // given
            other.setAutoCommit(false);
            statement.execute("set application_name = 'report'");
            statement.execute("set transaction isolation level repeatable read");
            statement.execute("select count(*) from pawl.job");
            assertClean();

            // when
            Violation violation = found(auditor().within(limits), Invariant.SNAPSHOT_HELD);

            // then
            assertThat(violation.subject()).startsWith("session ");
            assertThat(violation.found())
                    .contains("its transaction holds a snapshot since ", "(idle in transaction, report)");
            other.rollback();
            statement.execute("reset application_name");
            other.commit();
        }
        assertThat(auditor().within(limits).audit().violations()).isEmpty();
    }

    // ---- scans ----

    @Test
    void a_scan_that_stands_still_in_mid_lap_moves_when_somebody_walks() {
        // given
        Scan scan = scan("articles");
        scan.page();
        assertClean();
        sql(
                "update pawl.scan set last_page_at = now() - interval '2 hours', lap_started_at = now() - interval '3 hours'");

        // when
        Violation violation = found(Invariant.SCAN_STANDS_STILL);

        // then
        assertThat(violation.subject()).isEqualTo("scan articles");
        assertThat(violation.found()).startsWith("in mid-lap, and nothing since ");
        scan.page();
        assertClean();
    }

    @Test
    void so_does_one_that_was_told_of_new_work() {
        Scan scan = scan("articles");
        scan.lap();
        pawl().scans().nudge("articles");
        assertClean();
        sql("update pawl.scan set nudged_at = now() - interval '2 hours', last_wrap_at = now() - interval '3 hours'");

        assertThat(found(Invariant.SCAN_STANDS_STILL).found()).startsWith("nudged, and nothing since ");

        scan.lap();
        assertClean();
    }

    @Test
    void a_page_that_keeps_failing_is_stepped_over() {
        // given
        AtomicBoolean broken = new AtomicBoolean(true);
        Scan scan = scan("articles", broken);
        assertThat(scan.page().toString()).contains("FAILED");
        assertClean();
        sql("update pawl.scan set failing = true, failed_attempts = 5, failed_since = now() - interval '2 hours'");

        // when
        Violation violation = found(Invariant.SCAN_FAILING);

        // then
        assertThat(violation.found()).contains("page of 2 rows", "5 attempts");
        ScanState state = pawl().scans().find("articles").orElseThrow();
        pawl().scans().skip(state.failed().orElseThrow(), Desk.ANN);
        assertClean();
    }

    @Test
    void a_scan_that_finds_nothing_though_rows_wait_is_told_by_the_applications_count() {
        // given: incident E's statistics went on counting
        scan("articles").lap();
        sql("delete from article");
        scan("articles").lap();
        assertClean();
        Evidence rows = Evidence.waiting("articles", () -> 7);

        // when
        Violation violation = found(auditor().with(rows), Invariant.SCAN_FINDS_NOTHING);

        // then
        assertThat(violation.found())
                .startsWith("no rows in the lap that ended at ")
                .endsWith(", and 7 wait");
        assertThat(auditor().with(Evidence.waiting("articles", () -> 0)).audit().isClean())
                .isTrue();
        sql("insert into article (id) values (3)");
        scan("articles").lap();
        assertThat(auditor().with(rows).audit().isClean()).isTrue();
    }

    private Scan scan(String name) {
        return scan(name, new AtomicBoolean());
    }

    private Scan scan(String name, AtomicBoolean broken) {
        return pawl().scan(
                        name,
                        SqlRows.select("select a.id from article a")
                                .by(KeyColumn.asc("id"))
                                .as((row, context) -> row.getLong(1))
                                .pagesOf(2))
                .inTransaction((page, handle) -> {
                    if (broken.get()) {
                        throw new IllegalStateException("no ink");
                    }
                });
    }
}
