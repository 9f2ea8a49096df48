package dev.pawl.testkit.audit;

import static dev.pawl.testkit.PawlAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.audit.Auditor.Plan;
import dev.pawl.audit.Invariant;
import dev.pawl.job.FanIn;
import dev.pawl.store.Answer;
import dev.pawl.testkit.audit.Desk.Family;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parents that count wrong, or wait for nobody; children that are there for nobody. */
class FamilyRepairTest extends AuditScene {
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
}
