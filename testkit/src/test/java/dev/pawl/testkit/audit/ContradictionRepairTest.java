package dev.pawl.testkit.audit;

import static dev.pawl.testkit.PawlAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Actor;
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

/** What nobody can read any more is ended, as the application says: completed if its outputs exist, and failed if not. */
class ContradictionRepairTest extends AuditScene {
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

    @ParameterizedTest
    @MethodSource("contradictions")
    void a_status_that_contradicts_is_repaired_to_completed_if_the_outputs_exist(String columns) {
        // given
        JobId job = desk().heldAt(1, Desk.STORY).id();
        set(job, columns);

        // when
        Violation violation = found(Invariant.STATUS_CONTRADICTS, job);
        Plan plan = planned(knowing(true), violation);
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
        Plan plan = planned(knowing(false), violation);
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
        assertThat(auditor().with(Evidence.of("issue", id -> true)).plan(List.of(violation)))
                .isEmpty();
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
        repair(planned(knowing(outputsExist), violation));

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
        repair(planned(knowing(outputsExist), violation));

        // then
        assertThat(job(job).status()).isEqualTo(status);
        if (!outputsExist) {
            pawl().jobs().retry(job, Desk.ANN);
            assertThat(desk().claimed(Desk.STORY).stage()).isEqualTo(1);
            assertClean();
        }
    }

    @Test
    void a_parent_that_contradicts_itself_is_ended_and_its_children_with_it() {
        // given
        Family family = desk().family(3, FanIn.ALL);
        desk().done(family.child(0).checkpoint());
        set(family.parent(), "status = 'PENDING', open_children = 7");

        // when
        Violation violation = found(Invariant.STATUS_CONTRADICTS, family.parent());
        repair(planned(knowing(false), violation));

        // then
        assertThat(job(family.parent())).isFailed();
        desk().cancelOrphans();
        assertThat(job(family.child(1).id())).isCancelled();
        pawl().jobs().retry(family.parent(), Actor.SYSTEM);
        assertClean();
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
        repair(planned(knowing(false), violation));

        // then
        assertThat(column(family.parent(), "(open_children, failed_children)")).isEqualTo("(0,1)");
        desk().done(desk().checkpointed(desk().claimed(Desk.ISSUE)).checkpoint());
        assertThat(job(family.parent())).isCompleted();
        assertClean();
    }
}
