package dev.pawl.testkit.audit;

import static dev.pawl.testkit.PawlAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.audit.Auditor.Plan;
import dev.pawl.audit.Auditor.Repaired;
import dev.pawl.audit.Invariant;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.lease.BusyException;
import dev.pawl.store.Answer;
import dev.pawl.store.StoreException;
import dev.pawl.testkit.PostgresProxy;
import dev.pawl.testkit.audit.Desk.Family;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Between a plan and its repair: jobs that change, rows that somebody has locked, answers that are lost. */
class RepairGuardTest extends AuditScene {
    private Plan planned(Invariant invariant, JobId job) {
        return planned(knowing(true), found(invariant, job));
    }

    // ---- jobs that change ----

    @Test
    void a_child_that_ended_before_it_was_cancelled_is_left_alone() {
        Family family = desk().family(1, FanIn.ALL);
        desk().cancel(family.parent());
        set(family.parent(), "has_orphans = null");
        Plan plan = planned(Invariant.CHILD_OUTLIVES_PARENT, family.child(0).id());

        desk().done(family.child(0).checkpoint());

        assertChangesNothing(plan);
        assertClean();
    }

    @Test
    void what_became_wrong_in_another_way_is_not_repaired_as_planned() {
        JobId job = desk().heldAt(1, Desk.STORY).id();
        set(job, "status = 'PENDING', holder = null, lease_expires_at = null");
        Plan plan = planned(Invariant.STATUS_CONTRADICTS, job);

        set(job, "due_at = null");

        assertChangesNothing(plan);
        found(Invariant.STATUS_CONTRADICTS, job);
    }

    @Test
    void counts_that_moved_on_are_not_repaired_as_planned() {
        Family family = desk().family(3, FanIn.ALL);
        set(family.parent(), "open_children = 7");
        Plan plan = planned(Invariant.CHILDREN_MISCOUNTED, family.parent());

        desk().done(family.child(0).checkpoint());

        assertChangesNothing(plan);
        repair(planned(Invariant.CHILDREN_MISCOUNTED, family.parent()));
    }

    @Test
    void a_job_that_is_gone_is_not_repaired() {
        JobId job = desk().heldAt(1, Desk.STORY).id();
        set(job, "holder = null");
        Plan plan = planned(Invariant.STATUS_CONTRADICTS, job);

        sql("delete from pawl.job" + where(job));

        assertChangesNothing(plan);
        assertThat(auditor().plan(List.of(plan.violation()))).isEmpty();
    }

    @Test
    void a_renewal_is_no_change_and_the_holder_is_fenced_by_the_repair() {
        // given
        Held held = desk().heldAt(2, Desk.STORY);
        sql("delete from pawl.checkpoint where stage = 1 and job_id = '"
                + held.id().uuid() + "'");
        Plan plan = planned(Invariant.POSITION_DISAGREES, held.id());

        // when
        desk().done(new dev.pawl.store.JobWrite.Renew(held.id(), held.fence(), Held.LEASE.multipliedBy(2)));
        repair(plan);

        // then
        assertThat(desk().write(held.checkpoint())).isInstanceOf(Answer.Refused.class);
        assertThat(desk().write(held.fail())).isInstanceOf(Answer.Refused.class);
        assertThat(job(held.id())).isWaiting();
    }

    @Test
    void of_two_plans_for_one_job_the_second_has_to_be_made_anew() {
        JobId job = desk().heldAt(1, Desk.STORY).id();
        set(job, "holder = null");
        Plan plan = planned(Invariant.STATUS_CONTRADICTS, job);

        assertThat(auditor().repair(List.of(plan, plan), Desk.ANN))
                .extracting(Repaired::result)
                .containsExactly(Repaired.Result.DONE, Repaired.Result.HAS_CHANGED_SINCE);
        assertThat(auditor().repairs(10)).hasSize(1);
    }

    // ---- rows that somebody has locked ----

    @Test
    void a_job_that_an_open_transaction_holds_is_busy() throws SQLException {
        JobId job = desk().heldAt(1, Desk.STORY).id();
        set(job, "holder = null");

        assertBusyBeside(
                "select 1 from pawl.job" + where(job) + " for update", planned(Invariant.STATUS_CONTRADICTS, job));
    }

    @Test
    void so_is_a_child_whose_parent_is_held() throws SQLException {
        Family family = desk().family(2, FanIn.ALL);
        set(family.child(0).id(), "holder = null");
        Plan plan = planned(Invariant.STATUS_CONTRADICTS, family.child(0).id());

        assertBusyBeside("select 1 from pawl.job" + where(family.parent()) + " for update", plan);
    }

    @Test
    void and_a_parent_whose_child_is_to_be_cancelled_and_is_held() throws SQLException {
        Family family = desk().family(2, FanIn.ALL);
        set(family.parent(), "status = 'PENDING'");
        Plan plan = planned(Invariant.STATUS_CONTRADICTS, family.parent());

        assertBusyBeside("select 1 from pawl.job" + where(family.child(1).id()) + " for update", plan);
    }

    private void assertBusyBeside(String lock, Plan plan) throws SQLException {
        try (Connection other = database().dataSource().getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute(lock);
            List<String> before = stored();

            assertThatThrownBy(() -> repaired(plan)).isInstanceOf(BusyException.class);

            assertThat(stored()).isEqualTo(before);
            other.rollback();
        }
        repair(plan);
    }

    // ---- answers that are lost ----

    @Test
    void a_repair_whose_answer_was_lost_is_done_once() {
        JobId job = desk().heldAt(1, Desk.STORY).id();
        set(job, "holder = null");
        Plan plan = planned(Invariant.STATUS_CONTRADICTS, job);
        try (PostgresProxy network = PostgresProxy.to(database());
                JdbiPawl far = JdbiPawl.with(database().dataSource(network)).open()) {
            network.cutBeforeCommit();
            assertLost(far, plan);
            found(Invariant.STATUS_CONTRADICTS, job);

            network.cutAfterCommit();
            assertLost(far, plan);
            assertThat(network.cutsToCome()).isZero();
            assertThat(far.auditor().repair(List.of(plan), Desk.ANN).get(0).result())
                    .isEqualTo(Repaired.Result.HAS_CHANGED_SINCE);
        }
        assertThat(job(job)).isCompleted();
        assertThat(auditor().repairs(10)).hasSize(1);
        assertClean();
    }

    private static void assertLost(JdbiPawl pawl, Plan plan) {
        assertThatThrownBy(() -> pawl.auditor().repair(List.of(plan), Desk.ANN))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        lost -> assertThat(lost.kind()).isEqualTo(StoreException.Kind.ANSWER_LOST));
    }
}
