package dev.pawl.testkit.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.audit.Auditor.Plan;
import dev.pawl.audit.Auditor.Repaired.Result;
import dev.pawl.audit.Invariant;
import dev.pawl.audit.RepairListing;
import dev.pawl.audit.Violation;
import dev.pawl.jdbc.internal.Database;
import dev.pawl.jdbc.internal.JdbiAuditStore;
import dev.pawl.jdbc.internal.SchemaName;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.store.AuditedJob;
import dev.pawl.store.Mend;
import dev.pawl.testkit.audit.Desk.Family;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each invariant that a repair mends, broken by SQL: found, and nothing else; repaired, and a second audit finds nothing; or healed
 * between plan and repair, and the repair does nothing.
 */
class EachRepairTest extends AuditScene {
    private static final List<String> TABLES = List.of("job", "checkpoint");

    /**
     * One way to break it.
     *
     * @param invariant that is broken
     * @param well makes jobs that are well, one of which is going to break it
     * @param sql what breaks it; {@code :id} is that job's
     */
    record Broken(Invariant invariant, Function<Desk, JobId> well, String sql) {
        @Override
        public String toString() {
            return invariant.code();
        }
    }

    static Stream<Broken> each() {
        return Stream.of(
                new Broken(
                        Invariant.STATUS_CONTRADICTS,
                        desk -> desk.heldAt(1, Desk.STORY).id(),
                        "update pawl.job set lease_expires_at = null where id = :id"),
                new Broken(
                        Invariant.COMPLETED_WITHOUT_CHECKPOINTS,
                        EachRepairTest::completed,
                        "delete from pawl.checkpoint where stage = 1 and job_id = :id"),
                new Broken(
                        Invariant.POSITION_DISAGREES,
                        desk -> desk.heldAt(2, Desk.STORY).id(),
                        "update pawl.job set stage = 1 where id = :id"),
                new Broken(
                        Invariant.CHILDREN_MISCOUNTED,
                        desk -> desk.family(2, FanIn.ALL).parent(),
                        "update pawl.job set open_children = 1 where id = :id"),
                new Broken(
                        Invariant.WAITS_FOR_NONE,
                        EachRepairTest::woken,
                        "update pawl.job set due_at = null where id = :id"),
                new Broken(
                        Invariant.CHILD_WITHOUT_PARENT,
                        desk -> desk.family(1, FanIn.ALL).child(0).id(),
                        "delete from pawl.job where id = (select c.parent_id from pawl.job c where c.id = :id)"),
                new Broken(
                        Invariant.CHILD_OUTLIVES_PARENT,
                        EachRepairTest::orphan,
                        "update pawl.job set has_orphans = null"
                                + " where id = (select c.parent_id from pawl.job c where c.id = :id)"));
    }

    private static JobId completed(Desk desk) {
        Held last = desk.heldAt(2, Desk.STORY);
        desk.done(last.checkpoint());
        return last.id();
    }

    private static JobId woken(Desk desk) {
        Family family = desk.family(1, FanIn.ALL);
        desk.done(family.child(0).checkpoint());
        return family.parent();
    }

    /** Its parent was cancelled a moment ago, and somebody is about to come for it. */
    private static JobId orphan(Desk desk) {
        Family family = desk.family(1, FanIn.ALL);
        desk.cancel(family.parent());
        return family.child(0).id();
    }

    private static String sqlOf(Broken broken, JobId job) {
        return broken.sql().replace(":id", "'" + job.uuid() + "'");
    }

    @ParameterizedTest
    @MethodSource("each")
    void it_is_found_and_nothing_else_and_repaired_and_a_second_audit_is_clean(Broken broken) {
        JobId job = broken.well().apply(desk());
        assertClean();
        assertThat(sql(sqlOf(broken, job))).isEqualTo(1);

        Violation violation = found(broken.invariant(), job);

        repair(planned(knowing(true), violation));
    }

    @ParameterizedTest
    @MethodSource("each")
    void what_healed_between_plan_and_repair_is_left_alone(Broken broken) {
        // given
        JobId job = broken.well().apply(desk());
        TABLES.forEach(table -> sql("create table well_" + table + " as select * from pawl." + table));
        sql("alter table well_job drop column ended_badly"); // the last one, and the database's own
        sql(sqlOf(broken, job));
        Plan plan = planned(knowing(true), found(broken.invariant(), job));

        // when
        TABLES.forEach(table -> {
            sql("delete from pawl." + table);
            sql("insert into pawl." + table + " select * from well_" + table);
            sql("drop table well_" + table);
        });

        // then
        assertChangesNothing(plan);
        assertThat(auditor().repairs(1)).isEmpty();
        assertClean();
    }

    @Test
    void their_records_come_in_pages() {
        // given
        for (int i = 0; i < 3; i++) {
            JobId job = desk().heldAt(1, Desk.STORY).id();
            set(job, "holder = null");
            assertThat(repaired(planned(knowing(true), found(Invariant.STATUS_CONTRADICTS, job))))
                    .isEqualTo(Result.DONE);
        }

        // when
        RepairListing first = auditor().repairs(2, Optional.empty());
        RepairListing second = auditor().repairs(2, first.next());

        // then
        assertThat(first.rows()).hasSize(2);
        assertThat(second.next()).isEmpty();
        assertThat(Stream.concat(first.rows().stream(), second.rows().stream()).toList())
                .isEqualTo(auditor().repairs(10))
                .hasSize(3);
        assertThatThrownBy(() -> auditor().repairs(2, Optional.of("x"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> auditor().repairs(0, Optional.empty())).hasMessageContaining("but was 0");
    }

    /** So that an invariant which learns to be mended is tried here, too. */
    @Test
    void these_are_all_that_a_repair_mends() {
        JobId job = desk().heldAt(1, Desk.STORY).id();
        AuditedJob audited = new JdbiAuditStore(Database.of(database().dataSource(), SchemaName.STANDARD))
                .read(job)
                .orElseThrow();

        List<Invariant> mended = Stream.of(Invariant.values())
                .filter(invariant ->
                        Mend.of(invariant, audited, Optional.of(true)).isPresent())
                .toList();

        assertThat(each().map(Broken::invariant)).containsExactlyInAnyOrderElementsOf(mended);
    }
}
