package dev.pawl.testkit.audit;

import static dev.pawl.testkit.PawlAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.audit.Invariant;
import dev.pawl.job.FanIn;
import dev.pawl.store.Answer;
import dev.pawl.testkit.audit.Desk.Family;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A position that is not the one after the checkpoints is put right, and whoever held the job is out. */
class PositionRepairTest extends AuditScene {
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
}
