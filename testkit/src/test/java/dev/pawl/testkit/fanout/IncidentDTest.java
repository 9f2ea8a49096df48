package dev.pawl.testkit.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.job.FanIn;
import java.util.Collections;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/**
 * Three variants of a job finished within 0.14 s; the job stayed {@code running} for ever. Each transaction counted its
 * unfinished siblings under READ COMMITTED, where none sees what the others have not committed.
 */
class IncidentDTest extends FamilyScene {
    private static final int PARENTS = 2_000;
    private static final int CHILDREN = ThreeStores.STORES;

    @Test
    void children_that_end_at_the_same_instant_wake_their_parent_once_always() throws Exception {
        // given
        List<Family> families = families(PARENTS, CHILDREN, FanIn.ALL);

        // when
        race(
                PARENTS,
                round -> done(round, 0, families.get(round).child(0).checkpoint()),
                round -> done(round, 1, families.get(round).child(1).checkpoint()),
                round -> done(round, 2, families.get(round).child(2).checkpoint()));

        // then
        assertCountersRight();
        assertThat(column("open_children")).isEqualTo(Collections.nCopies(PARENTS, 0));
        assertAllWokenOnce(families);
    }

    @Test
    void the_naive_count_of_unfinished_siblings_loses_parents() throws Exception {
        // given
        Jdbi jdbi = three().sql();
        NaiveCounting.prepare(jdbi, PARENTS, CHILDREN);

        // when
        Race.run(
                PARENTS,
                round -> NaiveCounting.end(three().connection(0), round, 0),
                round -> NaiveCounting.end(three().connection(1), round, 1),
                round -> NaiveCounting.end(three().connection(2), round, 2));

        // then
        assertThat(NaiveCounting.lost(jdbi)).as("parents that run for ever").isPositive();
    }
}
