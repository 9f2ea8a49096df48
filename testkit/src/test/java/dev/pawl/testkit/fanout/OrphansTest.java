package dev.pawl.testkit.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Actor;
import dev.pawl.job.FanIn;
import dev.pawl.store.JobWrite;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Orphans whose rows, or whose parents' rows, somebody has locked. */
class OrphansTest extends FamilyScene {
    private static final Actor ANN = Actor.user("ann");
    private static final int LOCKED = 100;
    private static final String FIRST =
            "(select id from pawl.job where queue = ? and has_orphans order by id limit " + LOCKED + ")";

    @Test
    void parents_that_somebody_has_locked_do_not_hide_those_behind_them() throws SQLException {
        assertOthersAreCancelledBeside("select 1 from pawl.job where id in " + FIRST + " for update");
    }

    @Test
    void nor_do_parents_of_whose_children_none_is_to_be_had() throws SQLException {
        assertOthersAreCancelledBeside("select 1 from pawl.job where parent_id in " + FIRST + " for update");
    }

    private void assertOthersAreCancelledBeside(String locking) throws SQLException {
        // given
        List<Family> families = families(LOCKED + 1, 1, FanIn.ALL);
        families()
                .done(families.stream()
                        .<JobWrite>map(family -> new JobWrite.Cancel(family.parent(), ANN))
                        .toList());
        try (Connection other = three().connection(1).getConnection()) {
            other.setAutoCommit(false);
            try (PreparedStatement statement = other.prepareStatement(locking)) {
                statement.setString(1, queue());
                statement.execute();
            }

            // when
            int beside = three().store(0).cancelOrphans(queue(), 500);

            // then
            assertThat(beside).isEqualTo(1);
            assertCountersRight();
            other.rollback();
        }
        assertThat(three().store(0).cancelOrphans(queue(), 500)).isEqualTo(LOCKED);
        assertThat(column("open_children")).containsOnly(0);
        assertCountersRight();
    }
}
