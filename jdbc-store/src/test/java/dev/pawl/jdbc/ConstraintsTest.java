package dev.pawl.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.jdbc.internal.Postgres;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Rule J5: what a job can't be can't be stored, and the refusal is a sentence. Each is tried by SQL on rows that are right. */
class ConstraintsTest {
    private static final String ROWS = """
            insert into job (queue, id, pipeline, version, stages, stage, status, priority, attempt, takeovers, due_at, token, holder,
                             lease_expires_at, since, progress_no, payload, enqueued_at, started_at, ended_at)
            values ('q', gen_random_uuid(), 'p', 1, 3, 0, 'PENDING', 0, 0, 0, now(), null, null, null, now(), 0, '{}', now(), null, null),
                   ('q', gen_random_uuid(), 'p', 1, 3, 1, 'RUNNING', 0, 1, 0, now(), 7, 'h', now(), now(), 0, '{}', now(), now(), null),
                   ('q', gen_random_uuid(), 'p', 1, 3, 1, 'WAITING', 0, 1, 0, now(), 7, null, null, now(), 0, '{}', now(), now(), null),
                   ('q', gen_random_uuid(), 'p', 1, 3, 3, 'COMPLETED', 0, 1, 0, null, 7, null, null, now(), 0, '{}', now(), now(), now()),
                   ('q', gen_random_uuid(), 'p', 1, 3, 1, 'FAILED', 0, 1, 0, null, 7, null, null, now(), 0, '{}', now(), now(), now()),
                   ('q', gen_random_uuid(), 'p', 1, 3, 0, 'CANCELLED', 0, 0, 0, null, null, null, null, now(), 0, '{}', now(), null, now())
            """;

    private static final String LEASES_AND_SCANS = """
            insert into lease (name, token, holder, taken_until, since) values ('l', 7, 'h', now(), now());
            insert into scan (name, keyset, step, token, since, lap, lap_end, lap_rows, lap_pages, lap_started_at, last_lap_rows, failed_attempts,
                              failed_since, failed_error, failed_token, retry_at, failing, failed_last, failed_rows, failed_goes_on)
            values ('new', 'id', 0, 7, now(), 1, null, 0, 0, null, 0, 0, null, null, null, null, false, null, null, null),
                   ('begun', 'id', 1, 7, now(), 1, '[]', 0, 0, now(), 0, 0, null, null, null, null, false, null, null, null),
                   ('failed', 'id', 1, 7, now(), 1, '[]', 0, 0, now(), 0, 1, now(), 'e', 7, now(), true, '[]', 1, true)
            """;

    /** Of a stage with a child, but for how many are open. */
    private static final String FAN = "fan = 7, fan_holder = 'h', fail_fast = false, children = 1, failed_children = 0,"
            + " cancelled_children = 0, tolerated = 0";

    private static final List<Contradiction> CONTRADICTIONS = List.of(
            job("the_status_is_known", "PENDING", "status = 'LOST'"),
            job("a_job_is_at_one_of_its_stages", "WAITING", "stage = 4"),
            job("a_job_is_at_one_of_its_stages", "WAITING", "stage = -1"),
            job("a_completed_job_has_all_stages", "COMPLETED", "stage = 2"),
            job("a_completed_job_has_all_stages", "WAITING", "stage = 3"),
            job("a_pending_job_has_no_stage", "PENDING", "stage = 1"),
            job("a_pending_job_was_never_claimed", "PENDING", "token = 1, started_at = now()"),
            job("a_running_job_has_a_lease", "RUNNING", "holder = null"),
            job("a_running_job_has_a_lease", "RUNNING", "lease_expires_at = null"),
            job("a_running_job_has_a_lease", "RUNNING", "token = null, started_at = null"),
            job("only_a_running_job_has_a_lease", "WAITING", "holder = 'h'"),
            job("only_a_running_job_has_a_lease", "FAILED", "lease_expires_at = now()"),
            job("a_claimed_job_has_a_token_and_a_start_time", "WAITING", "started_at = null"),
            job("a_claimed_job_has_a_token_and_a_start_time", "CANCELLED", "started_at = now()"),
            job("an_ended_job_has_an_end_time", "COMPLETED", "ended_at = null"),
            job("an_ended_job_has_an_end_time", "RUNNING", "ended_at = now()"),
            job("an_ended_job_is_not_due", "FAILED", "due_at = now()"),
            job("a_job_that_has_not_ended_is_due_or_waits_for_open_children", "RUNNING", "due_at = null"),
            job("a_job_that_has_not_ended_is_due_or_waits_for_open_children", "PENDING", "due_at = null"),
            job("a_job_that_has_not_ended_is_due_or_waits_for_open_children", "WAITING", "due_at = null"),
            job(
                    "a_job_that_has_not_ended_is_due_or_waits_for_open_children",
                    "WAITING",
                    "due_at = null, " + FAN + ", open_children = 0"),
            job(
                    "a_job_that_has_not_ended_is_due_or_waits_for_open_children",
                    "PENDING",
                    "due_at = null, " + FAN + ", open_children = 1"),
            job("a_child_has_a_key_and_names_its_fan_out", "PENDING", "parent_id = id, place_at = now()"),
            job("a_child_has_a_key_and_names_its_fan_out", "PENDING", "child_key = 'a'"),
            job("a_child_keeps_its_familys_place", "PENDING", "parent_id = id, parent_fan = 1, child_key = 'a'"),
            job("a_fan_out_has_a_holder_a_policy_and_counts", "WAITING", "fan = 7"),
            job("a_fan_out_has_a_holder_a_policy_and_counts", "WAITING", "open_children = 1"),
            job("counts_of_children_are_not_negative", "WAITING", FAN + ", open_children = -1"),
            job(
                    "counts_of_children_are_not_negative",
                    "WAITING",
                    FAN.replace("tolerated = 0", "tolerated = -1") + ", open_children = 0"),
            job("only_an_ended_job_with_open_children_has_orphans", "FAILED", "has_orphans = true"),
            job(
                    "only_an_ended_job_with_open_children_has_orphans",
                    "WAITING",
                    FAN + ", open_children = 1, has_orphans = true"),
            job("counters_are_not_negative", "RUNNING", "attempt = -1"),
            job("counters_are_not_negative", "RUNNING", "takeovers = -1"),
            job("counters_are_not_negative", "RUNNING", "progress = '1', progress_no = -1"),
            job("saved_progress_has_a_number", "RUNNING", "progress = '1'"),
            job("saved_progress_has_a_number", "RUNNING", "progress_no = 1"),
            job("only_a_completed_job_has_its_last_result", "FAILED", "result = '1'"),
            job("only_a_completed_job_was_completed_by_a_holder", "RUNNING", "completed_by = holder"),
            job("tokens_begin_at_one", "WAITING", "token = 0"),
            new Contradiction("a_pipeline_has_a_stage", "insert into pipeline values ('p', 1, '{}')"),
            new Contradiction(
                    "a_checkpoint_is_of_a_stage",
                    "insert into checkpoint values ('q', gen_random_uuid(), -1, 1, null, now())"),
            new Contradiction(
                    "the_kind_of_failure_is_known",
                    "insert into failure (queue, job_id, kind, stage, attempt, token, holder, at, message)"
                            + " values ('q', gen_random_uuid(), 'BROKEN', 0, 0, 1, 'h', now(), '')"),
            new Contradiction(
                    "the_kind_of_operation_is_known",
                    "insert into operation (queue, job_id, kind, at) values ('q', gen_random_uuid(), 'DELETE', now())"),
            new Contradiction(
                    "only_a_paused_queue_was_paused_by_someone", "insert into queue values ('q', null, 'ann')"),
            new Contradiction("a_held_lease_has_a_token_and_an_expiry", "update lease set token = null"),
            new Contradiction("a_held_lease_has_a_token_and_an_expiry", "update lease set taken_until = null"),
            new Contradiction("tokens_of_leases_begin_at_one", "update lease set token = 0"),
            scan("tokens_of_scans_begin_at_one", "begun", "token = 0"),
            scan("laps_begin_at_one", "new", "lap = 0"),
            scan("counts_of_a_scan_are_not_negative", "begun", "lap_rows = -1"),
            scan("counts_of_a_scan_are_not_negative", "begun", "lap_pages = -1"),
            scan("counts_of_a_scan_are_not_negative", "new", "step = -1"),
            scan("counts_of_a_scan_are_not_negative", "new", "last_lap_rows = -1"),
            scan("a_lap_has_an_end_while_it_is_under_way", "new", "lap_started_at = now()"),
            scan("a_lap_has_an_end_while_it_is_under_way", "begun", "lap_started_at = null"),
            scan("only_a_lap_under_way_has_a_cursor_and_rows", "new", "cursor = '[]'"),
            scan("only_a_lap_under_way_has_a_cursor_and_rows", "new", "lap_rows = 1"),
            scan("only_a_lap_under_way_has_a_cursor_and_rows", "new", "lap_pages = 1"),
            scan("a_failed_page_has_an_error_a_token_and_times", "begun", "failed_error = 'e'"),
            scan("a_failed_page_has_an_error_a_token_and_times", "failed", "failed_token = null"),
            scan("a_failed_page_has_an_error_a_token_and_times", "failed", "retry_at = null"),
            scan("only_a_failed_page_is_failing_or_has_bounds", "begun", "failing = true"),
            scan(
                    "only_a_failed_page_is_failing_or_has_bounds",
                    "begun",
                    "failed_last = '[]', failed_rows = 1, failed_goes_on = true"),
            scan("bounds_are_known_whole", "failed", "failed_rows = null"),
            scan("bounds_are_known_whole", "failed", "failed_last = null"),
            new Contradiction(
                    "tallies_are_of_five_minutes_or_an_hour",
                    "insert into tally values ('q', 15, now(), 'p', 'FAILED', 1, 0, 0, 0, 0, 0, '{}', '{}')"),
            new Contradiction(
                    "tallies_are_not_negative",
                    "insert into tally values ('q', 5, now(), 'p', 'FAILED', -1, 0, 0, 0, 0, 0, '{}', '{}')"));

    private static Postgres.Fixture fixture;
    private static Jdbi sql;

    @BeforeAll
    static void migrate() {
        fixture = Postgres.migrated();
        sql = fixture.sql();
        sql.useHandle(handle -> {
            handle.execute(ROWS);
            handle.execute(LEASES_AND_SCANS);
        });
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @TestFactory
    Stream<DynamicTest> J5_a_contradiction_is_refused_by_name() {
        return CONTRADICTIONS.stream()
                .map(wrong -> DynamicTest.dynamicTest(
                        wrong.toString(), () -> sql.useHandle(handle -> refuses(handle, wrong))));
    }

    private static void refuses(Handle handle, Contradiction wrong) {
        assertThatThrownBy(() -> handle.execute(wrong.sql)).hasMessageContaining('"' + wrong.constraint + '"');
    }

    /** So that no constraint is left untried. */
    @Test
    void J5_each_constraint_is_tried() {
        List<String> constraints = sql.withHandle(handle -> handle.select(
                        "select distinct conname from pg_constraint where contype = 'c' and connamespace = cast(? as regnamespace)",
                        fixture.schema())
                .mapTo(String.class)
                .list());

        assertThat(CONTRADICTIONS.stream().map(Contradiction::constraint).distinct())
                .containsExactlyInAnyOrderElementsOf(constraints)
                .hasSizeGreaterThan(15);
    }

    private static Contradiction job(String constraint, String status, String set) {
        return new Contradiction(constraint, "update job set " + set + " where status = '" + status + "'");
    }

    private static Contradiction scan(String constraint, String name, String set) {
        return new Contradiction(constraint, "update scan set " + set + " where name = '" + name + "'");
    }

    private record Contradiction(String constraint, String sql) {
        @Override
        public String toString() {
            return constraint + ": " + sql;
        }
    }
}
