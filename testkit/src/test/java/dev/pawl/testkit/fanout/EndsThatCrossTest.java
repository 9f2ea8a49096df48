package dev.pawl.testkit.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.Actor;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobStatus;
import dev.pawl.store.Answer;
import dev.pawl.store.JobStore;
import dev.pawl.store.JobWrite;
import dev.pawl.store.StoreException;
import dev.pawl.testkit.FaultyJobStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Children that end at the same instant as something else happens to their parent, to a sibling, or to themselves. */
class EndsThatCrossTest extends FamilyScene {
    private static final Actor ANN = Actor.user("ann");

    @Test
    void while_the_parent_is_cancelled_every_end_is_counted_and_it_stays_cancelled() throws Exception {
        // given
        List<Family> families = families(ROUNDS, 4, FanIn.ALL);
        families()
                .done(families.stream()
                        .map(family -> family.child(2).checkpoint())
                        .toList());

        // when
        race(
                ROUNDS,
                round -> done(round, 0, families.get(round).child(0).checkpoint()),
                round -> done(round, 1, families.get(round).child(1).fail()),
                round -> done(round, 2, new JobWrite.Cancel(families.get(round).parent(), ANN)));

        // then: the one that is left is cancelled by whoever has the time, or ends meanwhile
        assertThat(woken()).containsOnly(0);
        assertCountersRight();
        assertThat(column("open_children")).containsOnly(1);
        race(
                ROUNDS,
                round -> three().store(0).cancelOrphans(queue(), 1),
                round -> three().store(1).cancelOrphans(queue(), 2),
                round -> write(round, 2, families.get(round).child(3).checkpoint()));
        assertCountersRight();
        assertThat(column("open_children")).containsOnly(0);
        assertThat(woken()).containsOnly(0);
        assertThat(statuses(families)).containsOnly(JobStatus.CANCELLED);
        assertNothingClaimable();
    }

    @Test
    void while_the_parent_is_cancelled_its_last_children_end() throws Exception {
        // given
        List<Family> families = families(ROUNDS, 2, FanIn.ALL);

        // when
        race(
                ROUNDS,
                round -> done(round, 0, families.get(round).child(0).checkpoint()),
                round -> done(round, 1, families.get(round).child(1).checkpoint()),
                round -> done(round, 2, new JobWrite.Cancel(families.get(round).parent(), ANN)));

        // then: woken before it was cancelled, or not at all
        assertCountersRight();
        assertThat(column("open_children")).containsOnly(0);
        assertThat(woken()).allMatch(times -> times <= 1);
        assertThat(statuses(families)).containsOnly(JobStatus.CANCELLED);
        assertNothingClaimable();
    }

    @Test
    void while_siblings_fail_fast_the_parent_is_woken_by_the_first_and_the_rest_is_cancelled_once() throws Exception {
        // given
        List<Family> families = families(ROUNDS, 5, FanIn.FAIL_FAST);

        // when: two fail at once
        race(
                ROUNDS,
                round -> done(round, 0, families.get(round).child(0).fail()),
                round -> done(round, 1, families.get(round).child(1).fail()),
                round -> done(round, 2, families.get(round).child(2).checkpoint()));
        assertCountersRight();
        List<Holding> parents = assertAllWokenOnce(families);

        // and: others end while the parent's holder cancels them
        race(
                ROUNDS,
                round -> write(round, 0, families.get(round).child(3).checkpoint()),
                round -> done(round, 1, parents.get(round).cancelChildren()),
                round -> write(round, 2, families.get(round).child(4).fail()));

        // then
        assertCountersRight();
        assertThat(woken()).containsOnly(0);
        families().done(parents.stream().map(Holding::cancelChildren).toList());
        families().done(parents.stream().map(Holding::fail).toList());
        assertCountersRight();
        assertThat(column("open_children")).containsOnly(0);
        assertThat(statuses(families)).containsOnly(JobStatus.FAILED);
    }

    @Test
    void while_a_lease_is_taken_over_the_zombie_or_its_successor_is_counted() throws Exception {
        // given: of each family, one whose lease has run out, one that is held, and one that has ended
        String each = queue();
        List<Family> families = IntStream.range(0, ROUNDS)
                .mapToObj(round -> new Families(three().store(0), each + "-" + round)
                        .start(1, 3, FanIn.ALL)
                        .get(0))
                .toList();
        for (Family family : families) {
            execute(
                    "update pawl.job set lease_expires_at = now() - interval '1 s'",
                    family.child(0).id());
        }

        // when
        race(
                ROUNDS,
                round -> write(round, 0, families.get(round).child(0).checkpoint()),
                round -> {
                    for (Holding taken : Families.claimChild(three().store(1), each + "-" + round)) {
                        write(round, 1, taken.checkpoint());
                    }
                    done(round, 1, families.get(round).child(2).checkpoint());
                },
                round -> done(round, 2, families.get(round).child(1).checkpoint()));

        // then
        assertThat(woken()).containsOnly(1);
        assertCountersRight();
        assertThat(families)
                .allSatisfy(family -> assertThat(
                                jobs().find(family.child(0).id()).orElseThrow().status())
                        .isEqualTo(JobStatus.COMPLETED));
    }

    @Test
    void while_one_completes_one_fails_and_one_is_cancelled_each_is_counted_as_what_it_is() throws Exception {
        // given
        List<Family> families = families(ROUNDS, 3, FanIn.tolerating(2));

        // when
        race(
                ROUNDS,
                round -> done(round, 0, families.get(round).child(0).checkpoint()),
                round -> done(round, 1, families.get(round).child(1).fail()),
                round -> done(
                        round,
                        2,
                        new JobWrite.Cancel(families.get(round).child(2).id(), ANN)));

        // then
        assertCountersRight();
        assertThat(column("failed_children")).containsOnly(1);
        assertThat(column("cancelled_children")).containsOnly(1);
        assertAllWokenOnce(families);
    }

    @Test
    void while_answers_are_lost_a_repeated_end_is_counted_once() throws Exception {
        // given
        List<Family> families = families(ROUNDS, 4, FanIn.tolerating(1));
        FaultyJobStore forgetful = FaultyJobStore.over(three().store(0));
        FaultyJobStore another = FaultyJobStore.over(three().store(1));

        // when: the answer that was lost may have been that the row is busy, where the machine is: then the repeat is
        // the first
        race(
                ROUNDS,
                round -> {
                    JobWrite end = families.get(round).child(0).checkpoint();
                    losesItsAnswer(forgetful, end);
                    assertThat(write(round, forgetful, end)).isInstanceOfAny(Answer.Repeated.class, Answer.Done.class);
                },
                round -> {
                    JobWrite end = families.get(round).child(1).fail();
                    losesItsAnswer(another, end);
                    assertThat(write(round, another, end)).isInstanceOfAny(Answer.Refused.class, Answer.Done.class);
                },
                round -> {
                    done(round, 2, families.get(round).child(2).checkpoint());
                    done(round, 2, families.get(round).child(3).checkpoint());
                });

        // then: nobody was told twice, though somebody may have missed it
        assertThat(woken()).allMatch(times -> times <= 1);
        assertCountersRight();
        assertThat(column("open_children")).containsOnly(0);
        assertAllClaimable(families);
    }

    @Test
    void parents_that_fail_by_policy_at_the_same_instant_wake_the_grandparent_once() throws Exception {
        // given: each has three children, and each of those has three
        List<Family> grand = families().splitIntoParents(families().held(ROUNDS), 3, FanIn.ALL);
        List<Family> families = families()
                .split(
                        grand.stream()
                                .flatMap(family -> family.children().stream())
                                .toList(),
                        3,
                        FanIn.ALL);

        // when: each process ends one child of each parent, in an order of its own
        race(
                ROUNDS,
                round -> endOneOfEach(families.subList(3 * round, 3 * round + 3), round, 0),
                round -> endOneOfEach(families.subList(3 * round, 3 * round + 3), round, 1),
                round -> endOneOfEach(families.subList(3 * round, 3 * round + 3), round, 2));

        // then
        assertThat(woken()).as("parents woken of each grandparent").containsOnly(3);
        assertCountersRight();
        List<Holding> parents = inOrder(families, families().claimMiddles());

        // when: their holders find that they have failed
        race(
                ROUNDS,
                round -> done(round, 0, parents.get(3 * round).fail()),
                round -> done(round, 1, parents.get(3 * round + 1).fail()),
                round -> done(round, 2, parents.get(3 * round + 2).fail()));

        // then
        assertCountersRight();
        assertAllWokenOnce(grand);
    }

    /** In one call, which takes the counts of all three parents down; the first process's fail. */
    private void endOneOfEach(List<Family> families, int round, int process) {
        List<JobWrite> ends = new ArrayList<>();
        for (Family family : families) {
            Holding child = family.child(process);
            ends.add(process == 0 ? child.fail() : child.checkpoint());
        }
        Collections.rotate(ends, process);
        for (Answer answer : three().store(process).write(ends)) {
            assertThat(answer).isInstanceOf(Answer.Done.class);
            count(round, answer);
        }
    }

    private static void losesItsAnswer(FaultyJobStore store, JobWrite write) {
        store.faults().failAfterCommit();
        assertThatThrownBy(() -> store.write(List.of(write))).isInstanceOf(StoreException.class);
    }

    private List<JobStatus> statuses(List<Family> families) {
        return families.stream()
                .map(family -> jobs().find(family.parent()).orElseThrow().status())
                .toList();
    }

    private JobStore jobs() {
        return three().store(0);
    }
}
