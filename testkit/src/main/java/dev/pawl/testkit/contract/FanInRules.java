package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pawl.job.FanIn;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.store.Answer;
import dev.pawl.store.JobWrite;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** F2: how the last end of a child wakes the parent, whatever happens beside it. */
interface FanInRules extends FamilyScene {
    @Test
    default void F2_the_last_child_wakes_its_parent_and_does_not_end_it() {
        // given
        Held parent = held();
        Optional<Instant> place = job(parent).dueAt();
        done(fanOut(parent, FanIn.ALL, "a", "b"));
        List<Held> children = claimChildren(2);
        time().advance(Duration.ofSeconds(1));

        // when
        endsAlone(children.get(0).checkpoint());
        assertWaits(parent);
        assertCounts(parent, 2, 1, 0, 0);
        endsAndWakes(children.get(1).checkpoint());

        // then
        JobSnapshot job = job(parent);
        assertThat(job.status()).isEqualTo(JobStatus.WAITING);
        assertThat(job.stagesDone()).isZero();
        assertThat(job.dueAt()).isEqualTo(place);
        assertCounts(parent, 2, 0, 0, 0);
        Held next = woken(parent);
        assertThat(job(next).attempt()).isEqualTo(1);
        done(next.checkpoint());
        assertThat(job(parent).stagesDone()).isEqualTo(1);
    }

    @Test
    default void F2_of_those_that_end_in_one_call_one_says_that_it_woke() {
        // given
        Held parent = parent(FanIn.ALL, "a", "b", "c");
        List<JobWrite> writes = claimChildren(3).stream().map(Held::checkpoint).toList();

        // when
        List<Answer> answers = jobs().write(writes);

        // then
        assertThat(answers).hasOnlyElementsOfType(Answer.Done.class);
        assertThat(answers)
                .extracting(answer -> ((Answer.Done) answer).wokeParent())
                .containsExactlyInAnyOrder(false, false, true);
        assertCounts(parent, 3, 0, 0, 0);
        done(woken(parent).checkpoint());
    }

    @Test
    default void F2_one_call_may_end_children_of_many_parents_and_some_of_none() {
        // given
        Held one = parent(FanIn.ALL, "a", "b");
        List<Held> ofOne = claimChildren(2);
        Held other = parent(FanIn.ALL, "a", "b");
        List<Held> ofOther = claimChildren(2);
        Held alone = held();

        // when
        List<Answer> answers = jobs().write(List.of(
                ofOther.get(0).checkpoint(),
                ofOne.get(1).failForGood(),
                alone.failForGood(),
                ofOne.get(0).checkpoint()));

        // then: one of the two says so
        assertThat(answers)
                .filteredOn(answer -> ((Answer.Done) answer).wokeParent())
                .hasSize(1)
                .isSubsetOf(answers.get(1), answers.get(3));
        assertCounts(one, 2, 0, 1, 0);
        assertCounts(other, 2, 1, 0, 0);
        assertWaits(other);
        woken(one);
    }

    @Test
    default void F2_a_parent_and_its_child_may_be_written_in_one_call() {
        // given
        Held parent = parent(FanIn.ALL, "a", "b");
        List<Held> children = claimChildren(2);

        // when
        List<Answer> answers = jobs().write(List.of(
                cancel(parent.id()),
                children.get(0).checkpoint(),
                children.get(1).checkpoint()));

        // then
        assertThat(answers)
                .extracting(answer -> ((Answer.Done) answer).wokeParent())
                .containsOnly(false);
        assertCounts(parent, 2, 0, 0, 0);
        assertThat(job(parent).status()).isEqualTo(JobStatus.CANCELLED);
        assertNothingClaimable();
    }

    @Test
    default void F2_children_that_end_at_the_same_time_wake_their_parent_once() {
        for (int round = 0; round < 10; round++) {
            // given
            Held parent = parent(FanIn.ALL, "a", "b", "c");
            List<Held> children = claimChildren(3);

            // when
            List<CompletableFuture<Answer>> ends = children.stream()
                    .map(child -> CompletableFuture.supplyAsync(() -> untilNotBusy(child.checkpoint())))
                    .toList();
            List<Answer> answers = ends.stream().map(CompletableFuture::join).toList();

            // then
            assertThat(answers)
                    .filteredOn(answer -> answer instanceof Answer.Done done && done.wokeParent())
                    .hasSize(1);
            assertCounts(parent, 3, 0, 0, 0);
            done(woken(parent).failForGood());
        }
    }

    private Answer untilNotBusy(JobWrite write) {
        Answer answer = write(write);
        while (answer instanceof Answer.Busy) {
            answer = write(write);
        }
        return answer;
    }

    @Test
    default void F2_the_end_of_a_child_of_a_running_parent_leaves_its_lease_alone() {
        // given: woken by the first failure, and held
        Held parent = parent(FanIn.FAIL_FAST, "a", "b", "c");
        List<Held> children = claimChildren(3);
        endsAndWakes(children.get(0).failForGood());
        Held holder = woken(parent);
        JobSnapshot before = job(holder);

        // when
        endsAlone(children.get(1).failForGood());
        endsAlone(children.get(2).checkpoint());

        // then
        JobSnapshot after = job(holder);
        assertThat(after.holder()).isEqualTo(before.holder());
        assertThat(after.leaseExpiresAt()).isEqualTo(before.leaseExpiresAt());
        assertThat(after.dueAt()).isEqualTo(before.dueAt());
        assertThat(after.since()).isEqualTo(before.since());
        assertCounts(parent, 3, 0, 2, 0);
        done(holder.failForGood());
    }

    @Test
    default void F2_the_end_of_a_child_never_wakes_a_parent_that_has_ended() {
        // given
        Held parent = parent(FanIn.ALL, "a", "b");
        List<Held> children = claimChildren(2);
        done(cancel(parent.id()));

        // when
        endsAlone(children.get(0).checkpoint());
        endsAlone(children.get(1).failForGood());

        // then: but it is counted
        assertThat(job(parent).status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(job(parent).dueAt()).isEmpty();
        assertCounts(parent, 2, 0, 1, 0);
        assertNothingClaimable();
    }

    @Test
    default void F2_a_late_child_of_a_former_fan_out_counts_for_nothing() {
        // given: a join that came too early, by a counter that was wrong
        Held former = parent(FanIn.ALL, "a", "b");
        List<Held> children = claimChildren(2);
        assumeTrue(miscount(former.id(), 1), "the counters of the store under test can't be made wrong");
        endsAndWakes(children.get(0).checkpoint());
        Held holder = woken(former);
        done(holder.checkpoint());
        Held parent = holder.at(1);
        done(fanOut(parent, FanIn.ALL, "c"));
        Held child = claim();

        // when
        endsAlone(children.get(1).checkpoint());

        // then
        assertWaits(parent);
        assertCounts(parent, 1, 1, 0, 0);
        endsAndWakes(child.checkpoint());
    }
}
