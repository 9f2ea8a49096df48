package dev.pawl.testkit.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.jdbc.internal.Database;
import dev.pawl.jdbc.internal.JdbiJobStore;
import dev.pawl.jdbc.internal.SchemaName;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.store.Answer;
import dev.pawl.store.JobStore;
import dev.pawl.store.JobWrite;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Two batches, each of which writes to a parent as to a row of its own and ends a child of the other's. Both have written their
 * own rows before either comes to the parents: whoever waited for one now would wait in a circle.
 */
class CirclesTest extends FamilyScene {
    private static final Actor ANN = Actor.user("ann");

    private final SteppedStatements stepped = new SteppedStatements(2);

    @Test
    void parents_that_fail_beside_the_ends_of_each_others_children_do_not_wait_in_a_circle() throws Exception {
        // given: two parents that were woken by a failure, each with a child that is held
        List<Family> families = families(2, 2, FanIn.FAIL_FAST);
        families().done(families.stream().map(family -> family.child(1).fail()).toList());
        List<Holding> parents = inOrder(families, families().claimParents());

        // when
        cross(
                List.of(parents.get(0).fail(), families.get(1).child(0).checkpoint()),
                List.of(parents.get(1).fail(), families.get(0).child(0).checkpoint()));

        // then
        assertAllEnded(families, JobStatus.FAILED);
    }

    @Test
    void nor_do_those_that_are_cancelled() throws Exception {
        List<Family> families = families(2, 1, FanIn.ALL);

        cross(
                List.of(
                        new JobWrite.Cancel(families.get(0).parent(), ANN),
                        families.get(1).child(0).checkpoint()),
                List.of(
                        new JobWrite.Cancel(families.get(1).parent(), ANN),
                        families.get(0).child(0).fail()));

        assertAllEnded(families, JobStatus.CANCELLED);
    }

    @Test
    void nor_does_a_parent_that_saves_progress() throws Exception {
        // given
        List<Family> families = families(2, 2, FanIn.FAIL_FAST);
        families().done(families.stream().map(family -> family.child(1).fail()).toList());
        List<Holding> parents = inOrder(families, families().claimParents());

        // when
        cross(
                List.of(progress(parents.get(0)), families.get(1).child(0).fail()),
                List.of(progress(parents.get(1)), families.get(0).child(0).fail()));

        // then
        assertThat(column("open_children")).containsOnly(0);
        assertCountersRight();
        assertThat(stepped.failures()).isEmpty();
    }

    @Test
    void nor_does_a_child_that_is_retried_beside_the_end_of_anothers() throws Exception {
        // given: a child of each has failed, and the other is held
        List<Family> families = families(2, 2, FanIn.tolerating(1));
        families().done(families.stream().map(family -> family.child(1).fail()).toList());

        // when
        cross(
                List.of(
                        new JobWrite.Retry(families.get(0).child(1).id(), ANN),
                        families.get(1).child(0).fail()),
                List.of(
                        new JobWrite.Retry(families.get(1).child(1).id(), ANN),
                        families.get(0).child(0).fail()));

        // then: nobody waited; what became of each is as if they had come one after the other
        assertCountersRight();
        assertThat(stepped.failures()).isEmpty();
    }

    /** What is busy is written alone then, as group commit does. */
    private void cross(List<JobWrite> one, List<JobWrite> other) throws Exception {
        List<JobStore> stores = new ArrayList<>();
        for (int process = 0; process < 2; process++) {
            stores.add(new JdbiJobStore(Database.of(stepped.over(three().connection(process)), SchemaName.STANDARD)));
        }
        race(1, round -> writeAll(stores.get(0), one), round -> writeAll(stores.get(1), other));
    }

    private void writeAll(JobStore store, List<JobWrite> writes) {
        List<Answer> answers = store.write(writes);
        for (int i = 0; i < writes.size(); i++) {
            if (answers.get(i) instanceof Answer.Busy) {
                write(0, store, writes.get(i));
            }
        }
    }

    private static JobWrite progress(Holding parent) {
        return new JobWrite.SaveProgress(parent.id(), parent.fence(), parent.stage(), 1, Json.of("1"), Holding.LEASE);
    }

    private void assertAllEnded(List<Family> families, JobStatus parents) {
        assertThat(stepped.failures()).as("statements that failed").isEmpty();
        assertCountersRight();
        assertThat(column("open_children")).containsOnly(0);
        assertThat(families).allSatisfy(family -> {
            assertThat(status(family.parent())).isEqualTo(parents);
            assertThat(status(family.child(0).id()).isEnded()).isTrue();
        });
    }

    private JobStatus status(JobId id) {
        return three().store(0).find(id).orElseThrow().status();
    }
}
