package dev.pawl.testkit.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Actor;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.store.Answer;
import dev.pawl.store.JobWrite;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A parent's children are counted again: those of its next stage, or the same ones when they are retried. */
class FansThatFollowTest extends FamilyScene {
    private static final Actor ANN = Actor.user("ann");

    /** As a hand in the database would; Pawl lets no parent go on before its children have ended. */
    private static final String REOPEN = """
            update pawl.job
               set status = 'WAITING', stage = 0, due_at = place_at, ended_at = null, result = null, completed_by = null""";

    @Test
    void late_children_of_a_former_fan_out_do_not_count_in_the_next() throws Exception {
        // given: parents at their second fan-out, and two of the first one's children that are open again
        List<Family> first = families(ROUNDS, 2, FanIn.ALL);
        families()
                .done(first.stream()
                        .flatMap(family -> family.children().stream())
                        .map(Holding::checkpoint)
                        .toList());
        List<Holding> parents = families().claimParents();
        families().done(parents.stream().map(Holding::checkpoint).toList());
        List<Family> families =
                families().split(parents.stream().map(Holding::atNextStage).toList(), 3, FanIn.ALL);
        for (Family family : first) {
            execute(REOPEN, family.child(0).id());
            execute(REOPEN, family.child(1).id());
        }
        Map<JobId, List<Holding>> late = families().claimChildren().stream()
                .collect(Collectors.groupingBy(child -> child.parent().orElseThrow()));

        // when
        race(
                ROUNDS,
                round -> done(
                        round, 0, late.get(families.get(round).parent()).get(0).checkpoint()),
                round -> done(round, 1, families.get(round).child(1).checkpoint()),
                round -> done(round, 2, families.get(round).child(2).checkpoint()));

        // then
        assertThat(woken()).containsOnly(0);
        assertCountersRight();
        assertThat(column("open_children")).containsOnly(1);
        assertNothingClaimable();

        // when
        race(
                ROUNDS,
                round -> done(
                        round, 0, late.get(families.get(round).parent()).get(1).fail()),
                round -> done(round, 1, families.get(round).child(0).checkpoint()));

        // then
        assertCountersRight();
        assertThat(column("failed_children")).containsOnly(0);
        assertAllWokenOnce(families);
    }

    @Test
    void a_retried_parents_children_are_counted_from_the_start() throws Exception {
        // given: all fail at the same instant, and their parent by them
        List<Family> families = families(ROUNDS, 3, FanIn.ALL);
        race(
                ROUNDS,
                round -> done(round, 0, families.get(round).child(0).fail()),
                round -> done(round, 1, families.get(round).child(1).fail()),
                round -> done(round, 2, families.get(round).child(2).fail()));
        families().done(assertAllWokenOnce(families).stream().map(Holding::fail).toList());

        // when: the parent is retried, and somebody tries it with its children
        race(
                ROUNDS,
                round -> done(round, 0, new JobWrite.Retry(families.get(round).parent(), ANN)),
                round -> retry(round, 1, families.get(round).child(0)),
                round -> retry(round, 2, families.get(round).child(1)));

        // then: all three have their chance, once
        assertCountersRight();
        assertThat(column("open_children")).containsOnly(3);
        Map<JobId, List<Holding>> again = families().claimChildren().stream()
                .collect(Collectors.groupingBy(child -> child.parent().orElseThrow()));
        List<Family> retried = families.stream()
                .map(family -> new Family(family.parent(), again.get(family.parent())))
                .toList();
        race(
                ROUNDS,
                round -> done(round, 0, retried.get(round).child(0).checkpoint()),
                round -> done(round, 1, retried.get(round).child(1).checkpoint()),
                round -> done(round, 2, retried.get(round).child(2).fail()));
        assertCountersRight();
        assertThat(column("failed_children")).containsOnly(1);
        assertAllWokenOnce(retried);
    }

    @Test
    void a_child_is_retried_or_its_parent_is_woken_but_never_both() throws Exception {
        // given: two have failed, and one is open
        List<Family> families = families(ROUNDS, 3, FanIn.tolerating(2));
        families()
                .done(families.stream()
                        .flatMap(family -> family.children().subList(0, 2).stream())
                        .map(Holding::fail)
                        .toList());
        AtomicIntegerArray retried = new AtomicIntegerArray(ROUNDS);

        // when
        race(
                ROUNDS,
                round -> retried.addAndGet(
                        round, retry(round, 0, families.get(round).child(0))),
                round -> retried.addAndGet(
                        round, retry(round, 1, families.get(round).child(1))),
                round -> done(round, 2, families.get(round).child(2).checkpoint()));

        // then
        assertCountersRight();
        for (int round = 0; round < ROUNDS; round++) {
            assertThat(woken().get(round))
                    .as("woken after %d retries", retried.get(round))
                    .isEqualTo(retried.get(round) == 0 ? 1 : 0);
        }
        families()
                .done(families().claimChildren().stream()
                        .map(Holding::checkpoint)
                        .toList());
        assertCountersRight();
        assertAllClaimable(families);
    }

    /** The first takes their parent for a row that it writes, and no row is written twice in a call: the second is busy. */
    @Test
    void siblings_that_are_retried_in_one_call_follow_each_other_one_a_call() {
        // given: two have failed, and one is open
        Family family = families(1, 3, FanIn.tolerating(2)).get(0);
        List<JobWrite> retries = family.children().subList(0, 2).stream()
                .<JobWrite>map(child -> new JobWrite.Retry(child.id(), ANN))
                .toList();
        families()
                .done(family.children().subList(0, 2).stream()
                        .map(Holding::fail)
                        .toList());

        // when
        List<Answer> answers = three().store(0).write(retries);

        // then
        assertThat(answers).hasAtLeastOneElementOfType(Answer.Done.class).hasAtLeastOneElementOfType(Answer.Busy.class);
        assertThat(column("open_children")).containsExactly(2);
        assertCountersRight();

        // when: the busy one is asked for again
        JobWrite busy = retries.get(answers.get(0) instanceof Answer.Busy ? 0 : 1);
        families().done(List.of(busy));

        // then
        assertThat(column("open_children")).containsExactly(3);
        assertThat(column("failed_children")).containsExactly(0);
        assertCountersRight();
    }

    @Test
    void that_a_parent_was_woken_is_told_by_the_child_of_its_present_fan_out() {
        for (boolean lateFirst : List.of(true, false)) {
            // given: a parent at its second fan-out, and a child of the first that is open again
            newQueue();
            Family first = families(1, 1, FanIn.ALL).get(0);
            families().done(List.of(first.child(0).checkpoint()));
            Holding parent = families().claimParents().get(0);
            families().done(List.of(parent.checkpoint()));
            Holding present = families()
                    .split(List.of(parent.atNextStage()), 1, FanIn.ALL)
                    .get(0)
                    .child(0);
            execute(REOPEN, first.child(0).id());
            Holding late = families().claimChildren().get(0);

            // when: both end in one call
            List<JobWrite> ends =
                    lateFirst ? List.of(late.checkpoint(), present.fail()) : List.of(late.fail(), present.checkpoint());
            List<Answer> answers = three().store(0).write(ends);

            // then
            assertThat(answers)
                    .extracting(answer -> ((Answer.Done) answer).wokeParent())
                    .containsExactly(false, true);
        }
    }

    /** Returns how many were retried: one, or none if it was refused. */
    private int retry(int round, int process, Holding child) {
        Answer answer = write(round, process, new JobWrite.Retry(child.id(), ANN));
        assertThat(answer).isInstanceOfAny(Answer.Done.class, Answer.Refused.class);
        return answer instanceof Answer.Done ? 1 : 0;
    }
}
