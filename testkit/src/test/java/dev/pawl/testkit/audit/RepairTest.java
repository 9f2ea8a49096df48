package dev.pawl.testkit.audit;

import static dev.pawl.testkit.PawlAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Actor;
import dev.pawl.audit.Auditor;
import dev.pawl.audit.Auditor.Plan;
import dev.pawl.audit.Evidence;
import dev.pawl.audit.Invariant;
import dev.pawl.audit.Violation;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.store.Answer;
import dev.pawl.testkit.audit.Desk.Family;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every invariant that a repair mends: broken by SQL, found, planned, repaired, and found no more. */
class RepairTest extends AuditScene {
    /** How the tables get there, told from a job that is held at its second stage of three. */
    static Stream<String> contradictions() {
        return Stream.of(
                "status = 'PENDING', holder = null, lease_expires_at = null",
                "status = 'PENDING', holder = null, lease_expires_at = null, stage = 0",
                "status = 'PENDING', holder = null, lease_expires_at = null, token = null, started_at = null",
                "holder = null",
                "lease_expires_at = null",
                "token = null",
                "due_at = null",
                "ended_at = now()",
                "status = 'WAITING'",
                "status = 'WAITING', holder = null",
                "status = 'WAITING', holder = null, lease_expires_at = null, ended_at = now()",
                "stage = 3",
                "stage = 4",
                "stage = -1",
                "status = 'COMPLETED', holder = null, lease_expires_at = null, due_at = null, ended_at = now()",
                "status = 'COMPLETED', holder = null, lease_expires_at = null, due_at = null, stage = 3",
                "status = 'COMPLETED', holder = null, lease_expires_at = null, ended_at = now(), stage = 3",
                "status = 'COMPLETED', due_at = null, ended_at = now(), stage = 3",
                "status = 'FAILED', holder = null, lease_expires_at = null, due_at = null",
                "status = 'FAILED', holder = null, lease_expires_at = null, ended_at = now()",
                "status = 'FAILED', due_at = null, ended_at = now()",
                "status = 'CANCELLED', holder = null, lease_expires_at = null, due_at = null, ended_at = now(), stage = 3",
                "status = 'LOST'",
                "status = 'LOST', holder = null, lease_expires_at = null, due_at = null, ended_at = now()",
                "started_at = null",
                "token = 0",
                "attempt = -1",
                "takeovers = -1",
                "progress_no = 3",
                "progress = '{}'",
                "result = '{}'",
                "completed_by = 'nobody'",
                "fan = 7",
                "open_children = 1",
                "fan = 7, fan_holder = 'h', fail_fast = true, children = 1, open_children = -1, failed_children = 0,"
                        + " cancelled_children = 0, tolerated = 1");
    }

    private Auditor knowing(String pipeline, boolean exist) {
        return auditor().with(Evidence.of(pipeline, job -> exist));
    }

    @ParameterizedTest
    @MethodSource("contradictions")
    void a_status_that_contradicts_is_repaired_to_completed_if_the_outputs_exist(String columns) {
        // given
        JobId job = desk().heldAt(1, Desk.STORY).id();
        set(job, columns);

        // when
        Violation violation = found(Invariant.STATUS_CONTRADICTS, job);
        Plan plan = planned(knowing("story", true), violation);
        repair(plan);

        // then
        assertThat(plan.after()).isEqualTo("COMPLETED at position 3 of 3");
        assertThat(job(job)).isCompleted();
    }

    @ParameterizedTest
    @MethodSource("contradictions")
    void and_to_failed_if_they_do_not_whence_a_retry_goes_on(String columns) {
        // given
        JobId job = desk().heldAt(1, Desk.STORY).id();
        set(job, columns);

        // when
        Violation violation = found(Invariant.STATUS_CONTRADICTS, job);
        Plan plan = planned(knowing("story", false), violation);
        repair(plan);

        // then
        assertThat(plan.after()).isEqualTo("FAILED at position 1 of 3");
        assertThat(job(job)).isFailed();
        assertThat(pawl().jobs().failures(job))
                .last()
                .satisfies(failure -> assertThat(failure.message())
                        .isEqualTo("repaired: its outputs don't exist; it was " + plan.before()));
        pawl().jobs().retry(job, Desk.ANN);
        Held again = desk().claimed(Desk.STORY);
        assertThat(again.id()).isEqualTo(job);
        assertThat(again.stage()).isEqualTo(1);
        desk().done(desk().checkpointed(again).checkpoint());
        assertThat(job(job)).isCompleted();
        assertClean();
    }

    @Test
    void without_evidence_there_is_no_plan() {
        JobId job = desk().heldAt(1, Desk.STORY).id();
        set(job, "holder = null");
        Violation violation = found(Invariant.STATUS_CONTRADICTS, job);

        assertThat(auditor().plan(List.of(violation))).isEmpty();
        assertThat(knowing("issue", true).plan(List.of(violation))).isEmpty();
    }

    /** A job showed {@code status = pending} with {@code last_stage = persist}. */
    @ParameterizedTest
    @CsvSource({"true, COMPLETED", "false, FAILED"})
    void incident_A_is_found_and_mended_by_evidence(boolean outputsExist, JobStatus status) {
        // given: the last stage is under way when the second of two writes hits no row
        Held job = desk().heldAt(2, Desk.STORY);
        set(job.id(), "status = 'PENDING', holder = null, lease_expires_at = null");

        // when
        Violation violation = found(Invariant.STATUS_CONTRADICTS, job.id());
        assertThat(violation.found()).isEqualTo("PENDING, which means never started, with 2 stages done and a token");
        repair(planned(knowing("story", outputsExist), violation));

        // then
        assertThat(job(job.id()).status()).isEqualTo(status);
        assertThat(desk().write(job.checkpoint())).isInstanceOf(Answer.Refused.class);
    }

    @ParameterizedTest
    @CsvSource({"true, COMPLETED", "false, FAILED"})
    void a_completed_job_without_checkpoints_stays_so_or_fails(boolean outputsExist, JobStatus status) {
        // given
        JobId job = desk().heldAt(2, Desk.STORY).id();
        set(job, "holder = null"); // any will do: it is the checkpoint that counts
        set(job, "status = 'COMPLETED', lease_expires_at = null, due_at = null, ended_at = now(), stage = 3");
        sql("delete from pawl.checkpoint where stage = 1 and job_id = '" + job.uuid() + "'");

        // when
        Violation violation = found(Invariant.COMPLETED_WITHOUT_CHECKPOINTS, job);
        assertThat(auditor().plan(List.of(violation))).isEmpty();
        repair(planned(knowing("story", outputsExist), violation));

        // then
        assertThat(job(job).status()).isEqualTo(status);
        if (!outputsExist) {
            pawl().jobs().retry(job, Desk.ANN);
            assertThat(desk().claimed(Desk.STORY).stage()).isEqualTo(1);
            assertClean();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "checkpoint, stage = 1, 1", // a hole
        "checkpoint, stage = 0, 0", // the first is gone
        "checkpoint, stage >= 0, 0"
    })
    void a_position_beyond_the_checkpoints_goes_back(String table, String lost, int position) {
        // given
        Held job = desk().heldAt(2, Desk.STORY);
        sql("delete from pawl." + table + " where " + lost + " and job_id = '"
                + job.id().uuid() + "'");

        // when
        repair(planned(auditor(), found(Invariant.POSITION_DISAGREES, job.id())));

        // then: its holder is fenced, and another goes on where it has to
        assertThat(desk().write(job.checkpoint())).isInstanceOf(Answer.Refused.class);
        Held again = desk().claimed(Desk.STORY);
        assertThat(again.id()).isEqualTo(job.id());
        assertThat(again.stage()).isEqualTo(position);
        for (int stage = position; stage < 3; stage++) {
            again = desk().checkpointed(again);
        }
        assertThat(job(job.id())).isCompleted();
        assertClean();
    }

    @Test
    void a_position_before_the_checkpoints_moves_on() {
        Held job = desk().heldAt(2, Desk.STORY);
        set(job.id(), "stage = 1");

        repair(planned(auditor(), found(Invariant.POSITION_DISAGREES, job.id())));

        assertThat(desk().claimed(Desk.STORY).stage()).isEqualTo(2);
        assertClean();
    }

    @Test
    void a_job_that_failed_stays_failed_at_its_right_position() {
        Held job = desk().heldAt(2, Desk.STORY);
        desk().done(job.fail());
        set(job.id(), "stage = 0");

        repair(planned(auditor(), found(Invariant.POSITION_DISAGREES, job.id())));

        assertThat(job(job.id())).isFailed();
        pawl().jobs().retry(job.id(), Desk.ANN);
        assertThat(desk().claimed(Desk.STORY).stage()).isEqualTo(2);
        assertClean();
    }

    /** What its children do would be for nobody: it splits again when it is there again. */
    @Test
    void the_children_of_a_job_at_the_wrong_position_are_cancelled() {
        // given
        Held job = desk().held(Desk.ISSUE);
        job = desk().checkpointed(job);
        Family family = desk().split(job, 3, FanIn.ALL);
        desk().done(family.child(0).checkpoint());
        sql("delete from pawl.checkpoint where job_id = '" + job.id().uuid() + "'");

        // when
        repair(planned(auditor(), found(Invariant.POSITION_DISAGREES, job.id())));

        // then
        assertThat(job(family.child(0).id())).isCompleted();
        assertThat(job(family.child(1).id())).isCancelled();
        assertThat(desk().write(family.child(2).checkpoint())).isInstanceOf(Answer.Refused.class);
        Held again = desk().claimed(Desk.ISSUE);
        assertThat(again.stage()).isZero();
        Family other = desk().split(desk().checkpointed(again), 1, FanIn.ALL);
        desk().done(other.child(0).checkpoint());
        desk().done(desk().claimed(Desk.ISSUE).checkpoint());
        assertThat(job(job.id())).isCompleted();
        assertClean();
    }

    @ParameterizedTest
    @CsvSource({
        "open_children = open_children + 1",
        "open_children = open_children - 1",
        "failed_children = 2",
        "cancelled_children = 1",
        "children = 7"
    })
    void counts_that_are_not_those_of_the_rows_are_counted_anew(String columns) {
        Family family = desk().family(3, FanIn.tolerating(1));
        desk().done(family.child(0).fail());
        set(family.parent(), columns);

        repair(planned(auditor(), found(Invariant.CHILDREN_MISCOUNTED, family.parent())));

        assertThat(column(family.parent(), "(children, open_children, failed_children, cancelled_children, due_at)"))
                .isEqualTo("(3,2,1,0,)");
        desk().done(family.child(1).checkpoint(), family.child(2).checkpoint());
        desk().done(desk().checkpointed(desk().claimed(Desk.ISSUE)).checkpoint());
        assertThat(job(family.parent())).isCompleted();
        assertClean();
    }

    @Test
    void incident_D_is_found_and_mended_a_parent_that_missed_an_end_is_woken() {
        // given: the last child's end was not counted
        Family family = desk().family(2, FanIn.ALL);
        desk().done(family.child(0).checkpoint());
        desk().done(family.child(1).checkpoint());
        set(family.parent(), "open_children = 1, due_at = null");

        // when
        Plan plan = planned(auditor(), found(Invariant.CHILDREN_MISCOUNTED, family.parent()));
        repair(plan);

        // then
        assertThat(plan.after()).isEqualTo("2 of 2 children completed, 0 open, 0 failed, 0 cancelled, and it is woken");
        desk().done(desk().checkpointed(desk().claimed(Desk.ISSUE)).checkpoint());
        assertThat(job(family.parent())).isCompleted();
    }

    @Test
    void a_parent_that_waits_for_none_is_woken() {
        Family family = desk().family(1, FanIn.ALL);
        desk().done(family.child(0).checkpoint());
        set(family.parent(), "due_at = null");

        repair(planned(auditor(), found(Invariant.WAITS_FOR_NONE, family.parent())));

        assertThat(desk().claimed(Desk.ISSUE).id()).isEqualTo(family.parent());
        assertClean();
    }

    @Test
    void so_is_one_that_fails_fast_and_was_not_told() {
        Family family = desk().family(3, FanIn.FAIL_FAST);
        desk().done(family.child(0).fail());
        set(family.parent(), "due_at = null");

        repair(planned(auditor(), found(Invariant.WAITS_FOR_NONE, family.parent())));

        assertThat(desk().claimed(Desk.ISSUE).id()).isEqualTo(family.parent());
        assertClean();
    }

    @Test
    void so_is_one_that_waits_and_never_had_any() {
        Held job = desk().heldAt(1, Desk.STORY);
        desk().done(job.release());
        set(job.id(), "due_at = null");

        repair(planned(auditor(), found(Invariant.WAITS_FOR_NONE, job.id())));

        assertThat(desk().claimed(Desk.STORY).stage()).isEqualTo(1);
        assertClean();
    }

    @Test
    void a_child_without_parent_is_cancelled() {
        Family family = desk().family(2, FanIn.ALL);
        desk().done(family.child(0).checkpoint());
        sql("delete from pawl.job" + where(family.parent()));

        repair(planned(
                auditor(), found(Invariant.CHILD_WITHOUT_PARENT, family.child(1).id())));

        assertThat(job(family.child(1).id())).isCancelled();
        assertThat(desk().write(family.child(1).checkpoint())).isInstanceOf(Answer.Refused.class);
        assertThat(job(family.child(0).id())).isCompleted();
    }

    @Test
    void a_child_that_outlives_its_parent_is_cancelled_and_counted() {
        // given: its parent ended, and is not among those whose children somebody has to cancel
        Family family = desk().family(2, FanIn.ALL);
        desk().done(family.child(0).checkpoint());
        desk().cancel(family.parent());
        set(family.parent(), "has_orphans = null");

        // when
        repair(planned(
                auditor(),
                found(Invariant.CHILD_OUTLIVES_PARENT, family.child(1).id())));

        // then
        assertThat(job(family.child(1).id())).isCancelled();
        assertThat(column(family.parent(), "(open_children, cancelled_children, has_orphans)"))
                .isEqualTo("(0,1,)");
        pawl().jobs().retry(family.parent(), Desk.ANN);
        assertClean();
    }

    @Test
    void so_is_one_whose_parent_ended_long_ago_where_no_worker_is() {
        Family family = desk().family(1, FanIn.ALL);
        desk().cancel(family.parent());
        assertClean();
        set(family.parent(), "ended_at = now() - interval '1 hour'");

        repair(planned(
                auditor(),
                found(Invariant.CHILD_OUTLIVES_PARENT, family.child(0).id())));

        assertThat(job(family.child(0).id())).isCancelled();
    }

    @Test
    void or_a_worker_that_comes_cancels_it() {
        Family family = desk().family(1, FanIn.ALL);
        desk().cancel(family.parent());
        set(family.parent(), "ended_at = now() - interval '1 hour'");
        Plan plan = planned(
                auditor(),
                found(Invariant.CHILD_OUTLIVES_PARENT, family.child(0).id()));

        desk().cancelOrphans();

        assertClean();
        assertChangesNothing(plan);
    }

    @Test
    void the_repair_of_a_child_counts_its_parent_anew_and_wakes_it() {
        // given
        Family family = desk().family(2, FanIn.tolerating(1));
        desk().done(family.child(0).checkpoint());
        set(family.child(1).id(), "holder = null");

        // when
        Violation violation =
                found(Invariant.STATUS_CONTRADICTS, family.child(1).id());
        repair(planned(knowing("genre", false), violation));

        // then
        assertThat(column(family.parent(), "(open_children, failed_children)")).isEqualTo("(0,1)");
        desk().done(desk().checkpointed(desk().claimed(Desk.ISSUE)).checkpoint());
        assertThat(job(family.parent())).isCompleted();
        assertClean();
    }

    @Test
    void a_parent_that_contradicts_itself_is_ended_and_its_children_with_it() {
        // given
        Family family = desk().family(3, FanIn.ALL);
        desk().done(family.child(0).checkpoint());
        set(family.parent(), "status = 'PENDING', open_children = 7");

        // when
        Violation violation = found(Invariant.STATUS_CONTRADICTS, family.parent());
        repair(planned(knowing("issue", false), violation));

        // then
        assertThat(job(family.parent())).isFailed();
        desk().cancelOrphans();
        assertThat(job(family.child(1).id())).isCancelled();
        pawl().jobs().retry(family.parent(), Actor.SYSTEM);
        assertClean();
    }

    @Test
    void nor_is_there_anything_to_repair_where_all_is_well() {
        assertClean();
        assertThat(auditor().repairs(1)).isEmpty();
    }
}
