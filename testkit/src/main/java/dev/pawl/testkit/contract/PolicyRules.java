package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pawl.job.Children;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.FencingToken;
import dev.pawl.lease.Refusal.Reason;
import dev.pawl.store.Answer;
import dev.pawl.store.ChildRow;
import dev.pawl.store.JobState;
import dev.pawl.store.JobWrite;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** F3 and F7: when a parent is woken, what its holder then may do about its children, and what it is judged by. */
interface PolicyRules extends FamilyScene {
    List<FanIn> PATIENT = List.of(FanIn.ALL, FanIn.tolerating(1));

    @Test
    default void F3_all_others_are_judged_when_the_last_has_ended() {
        for (FanIn policy : PATIENT) {
            // given
            Held parent = parent(policy, "a", "b", "c");
            List<Held> children = claimChildren(3);

            // when: more than are tolerated
            endsAlone(children.get(0).failForGood());
            endsAlone(cancel(children.get(1).id()));

            // then
            assertWaits(parent);
            endsAndWakes(children.get(2).checkpoint());
            assertCounts(parent, 3, 0, 1, 1);
            done(woken(parent).failForGood());
        }
    }

    @Test
    default void F3_failing_fast_the_first_that_does_not_complete_wakes_the_parent() {
        List<Function<Held, JobWrite>> ends = List.of(Held::failForGood, held -> cancel(held.id()));
        for (Function<Held, JobWrite> kind : ends) {
            // given
            Held parent = parent(FanIn.FAIL_FAST, "a", "b", "c");
            List<Held> children = claimChildren(3);
            endsAlone(children.get(0).checkpoint());

            // when
            endsAndWakes(kind.apply(children.get(1)));

            // then
            assertThat(job(parent).children().orElseThrow().open()).isEqualTo(1);
            done(woken(parent).failForGood());
            done(cancel(children.get(2).id()));
        }
    }

    @Test
    default void F3_a_parent_that_is_awake_is_not_woken_again() {
        // given
        Held parent = parent(FanIn.FAIL_FAST, "a", "b", "c");
        List<Held> children = claimChildren(3);
        endsAndWakes(children.get(0).failForGood());

        // then
        endsAlone(children.get(1).failForGood());
        endsAlone(children.get(2).failForGood());
        woken(parent);
        assertNothingClaimable();
    }

    @Test
    default void F3_the_rest_is_cancelled_in_steps_by_the_parents_holder() {
        // given: one that failed, two that are held, two that are not
        Held parent = parent(FanIn.FAIL_FAST, "a", "b", "c", "d", "e");
        List<Held> held = claim(3);
        endsAndWakes(held.get(0).failForGood());
        Held holder = Held.by(jobs().claim(request(queue(), 1)).get(0));
        assertThat(holder.id()).isEqualTo(parent.id());
        time().advance(Duration.ofSeconds(1));

        // when
        JobState after = done(cancelChildren(holder, 3));

        // then: in the order of their ids, and the lease is renewed
        assertThat(after.family().openChildren()).isEqualTo(1);
        assertCounts(parent, 5, 1, 1, 3);
        assertThat(statusOf(parent, "b")).isEqualTo(JobStatus.CANCELLED);
        assertThat(statusOf(parent, "c")).isEqualTo(JobStatus.CANCELLED);
        assertThat(statusOf(parent, "d")).isEqualTo(JobStatus.CANCELLED);
        assertThat(statusOf(parent, "e")).isEqualTo(JobStatus.PENDING);
        assertThat(job(child(parent, "d")).endedAt()).contains(time().now());
        assertThat(reason(held.get(1).checkpoint())).isEqualTo(Reason.ENDED);
        assertThat(job(holder).leaseExpiresAt()).contains(time().now().plus(LENGTH));
        done(cancelChildren(holder, 3));
        assertCounts(parent, 5, 0, 1, 4);
        done(holder.failForGood());
        assertThat(job(parent).status()).isEqualTo(JobStatus.FAILED);
        assertNothingClaimable();
    }

    @Test
    default void F3_cancelling_the_rest_spares_what_has_ended_and_leaves_out_what_is_locked() {
        // given
        Held parent = parent(FanIn.FAIL_FAST, "a", "b", "c", "d");
        List<Held> children = claimChildren(4);
        endsAlone(children.get(0).checkpoint());
        endsAndWakes(children.get(1).failForGood());
        Held holder = woken(parent);
        Whole completed = whole(children.get(0).id());

        // when
        try (OpenTransaction other = transaction()) {
            other.hold(children.get(2).id());
            done(cancelChildren(holder, 10));
        }

        // then
        assertThat(whole(children.get(0).id())).isEqualTo(completed);
        assertThat(statusOf(parent, "b")).isEqualTo(JobStatus.FAILED);
        assertThat(statusOf(parent, "c")).isEqualTo(JobStatus.RUNNING);
        assertThat(statusOf(parent, "d")).isEqualTo(JobStatus.CANCELLED);
        assertCounts(parent, 4, 1, 1, 1);
    }

    @Test
    default void F3_only_the_parents_holder_cancels_and_waits() {
        // given
        Held parent = parent(FanIn.FAIL_FAST, "a", "b");
        List<Held> children = claimChildren(2);
        endsAndWakes(children.get(0).failForGood());
        Held zombie = woken(parent);
        time().advance(LENGTH);
        Held holder = claim(10).stream()
                .filter(held -> held.id().equals(parent.id()))
                .findFirst()
                .orElseThrow();

        // then
        assertThat(reason(cancelChildren(zombie, 10))).isEqualTo(Reason.SUPERSEDED);
        assertThat(reason(awaitChildren(zombie))).isEqualTo(Reason.SUPERSEDED);
        assertThat(reason(cancelChildren(holder.at(1), 10))).isEqualTo(Reason.NOT_AT_STAGE);
        assertThat(reason(awaitChildren(holder.at(1)))).isEqualTo(Reason.NOT_AT_STAGE);
        assertThat(statusOf(parent, "b")).isEqualTo(JobStatus.RUNNING);
        done(cancelChildren(holder, 10));
        assertThat(statusOf(parent, "b")).isEqualTo(JobStatus.CANCELLED);
    }

    @Test
    default void F3_a_stage_that_has_not_fanned_out_has_no_children_to_cancel_or_await() {
        // given
        Held held = held();

        // then
        assertThat(reason(cancelChildren(held, 10))).isEqualTo(Reason.CONFLICT);
        assertThat(reason(awaitChildren(held))).isEqualTo(Reason.CONFLICT);
    }

    @Test
    default void F3_a_join_is_not_checkpointed_over_open_children() {
        // given
        Held parent = parent(FanIn.FAIL_FAST, "a", "b");
        endsAndWakes(claimChildren(2).get(0).failForGood());
        Held holder = woken(parent);

        // then
        assertThat(reason(holder.checkpoint())).isEqualTo(Reason.CONFLICT);
        assertThat(job(parent).stagesDone()).isZero();
    }

    @Test
    default void F3_the_join_reads_what_became_of_each_child() {
        // given
        Held parent = parent(FanIn.tolerating(3), "a", "b", "c", "d");
        List<Held> children = claimChildren(4);
        done(children.get(0).fail(Duration.ZERO));
        done(claim().checkpoint());
        done(children.get(1).failForGood());
        done(children.get(2).fail(Duration.ZERO));
        done(cancel(children.get(2).id()));

        // when
        List<ChildRow> rows = children(parent);

        // then: a result of what completed, a message of what failed
        assertThat(rows)
                .containsExactly(
                        row("a", children.get(0), JobStatus.COMPLETED, true, false),
                        row("b", children.get(1), JobStatus.FAILED, false, true),
                        row("c", children.get(2), JobStatus.CANCELLED, false, false),
                        row("d", children.get(3), JobStatus.RUNNING, false, false));
    }

    private static ChildRow row(String key, Held child, JobStatus status, boolean result, boolean failure) {
        return new ChildRow(
                key,
                child.id(),
                status,
                result ? Optional.of(Held.RESULT) : Optional.empty(),
                failure ? Optional.of("no such day") : Optional.empty());
    }

    @Test
    default void F7_the_rows_are_counted_for_the_verdict_and_not_the_counter() {
        // given
        Held parent = parent(FanIn.ALL, "a", "b", "c", "d");
        List<Held> children = claimChildren(4);
        endsAlone(children.get(0).checkpoint());
        endsAlone(children.get(1).failForGood());
        endsAlone(cancel(children.get(2).id()));
        assumeTrue(miscount(parent.id(), 3), "the counters of the store under test can't be made wrong");

        // then
        assertThat(jobs().countChildren(parent.id(), parent.token())).isEqualTo(new Children.Counts(4, 1, 1, 1));
        assertThat(jobs().countChildren(
                                parent.id(), new FencingToken(parent.token().value() + 1_000)))
                .isEqualTo(new Children.Counts(0, 0, 0, 0));
        assertThat(jobs().countChildren(children.get(0).id(), parent.token()))
                .isEqualTo(new Children.Counts(0, 0, 0, 0));
    }

    @Test
    default void F3_the_first_children_that_failed_are_told_in_the_order_of_their_keys() {
        // given: of six, one has completed, one was cancelled, one is open, and three have failed
        Held parent = parent(FanIn.tolerating(6), "\uD83D\uDE00", "b", "\uFF66", "a", "c", "d");
        List<Held> children = claimChildren(6);
        done(children.get(1).checkpoint());
        done(cancel(children.get(3).id()));
        List.of(0, 2, 4).forEach(i -> done(children.get(i).failForGood()));

        // when
        List<ChildRow> two = jobs().failedChildren(parent.id(), parent.token(), 2);
        List<ChildRow> all = jobs().failedChildren(parent.id(), parent.token(), MANY);

        // then
        assertThat(all).extracting(ChildRow::key).containsExactly("c", "\uFF66", "\uD83D\uDE00");
        assertThat(all).allSatisfy(child -> {
            assertThat(child.status()).isEqualTo(JobStatus.FAILED);
            assertThat(child.failure()).contains("no such day");
        });
        assertThat(two).isEqualTo(all.subList(0, 2));
        assertThat(jobs().failedChildren(
                                parent.id(), new FencingToken(parent.token().value() + 1_000), MANY))
                .isEmpty();
    }

    @Test
    default void F7_a_parent_that_was_woken_too_early_goes_back_to_waiting_with_the_number_counted_anew() {
        // given: a counter that was one too low
        Held parent = parent(FanIn.ALL, "a", "b", "c");
        List<Held> children = claimChildren(3);
        assumeTrue(miscount(parent.id(), 1), "the counters of the store under test can't be made wrong");
        endsAndWakes(children.get(0).checkpoint());
        Held holder = woken(parent);

        // when
        done(awaitChildren(holder));

        // then
        assertWaits(parent);
        assertCounts(parent, 3, 2, 0, 0);
        assertThat(job(parent).attempt()).isZero();
        assertNothingClaimable();
        endsAlone(children.get(1).checkpoint());
        endsAndWakes(children.get(2).checkpoint());
        done(woken(parent).checkpoint());
    }

    @Test
    default void F7_a_parent_whose_counter_is_too_high_goes_on_once_it_is_counted_anew() {
        // given: awake by a failure, and one of the others counted twice
        Held parent = parent(FanIn.FAIL_FAST, "a", "b");
        List<Held> children = claimChildren(2);
        assumeTrue(miscount(parent.id(), 3), "the counters of the store under test can't be made wrong");
        endsAlone(children.get(0).checkpoint());
        endsAndWakes(children.get(1).failForGood());
        done(awaitChildren(woken(parent)));

        // then
        assertCounts(parent, 2, 0, 1, 0);
        done(woken(parent).failForGood());
    }

    @Test
    default void F7_a_wrong_counter_harms_no_child_and_never_falls_below_zero() {
        // given
        Held parent = parent(FanIn.ALL, "a", "b", "c");
        List<Held> children = claimChildren(3);
        assumeTrue(miscount(parent.id(), 1), "the counters of the store under test can't be made wrong");

        // when
        List<Answer> answers = jobs().write(
                        List.of(children.get(0).checkpoint(), children.get(1).checkpoint()));
        endsAlone(children.get(2).checkpoint());

        // then
        assertThat(answers).hasOnlyElementsOfType(Answer.Done.class);
        assertCounts(parent, 3, 0, 0, 0);
        done(woken(parent).checkpoint());
    }

    @Test
    default void F7_an_end_in_the_same_call_as_the_recount_is_counted_once() {
        // given: two failed, one open, awake
        Held parent = parent(FanIn.ALL, "a", "b", "c", "d");
        List<Held> children = claimChildren(4);
        assumeTrue(miscount(parent.id(), 1), "the counters of the store under test can't be made wrong");
        endsAndWakes(children.get(0).failForGood());
        Held holder = woken(parent);

        // when
        jobs().write(List.of(awaitChildren(holder), children.get(1).failForGood()));

        // then
        assertCounts(parent, 4, 2, 2, 0);
        assertWaits(parent);
        endsAlone(children.get(2).checkpoint());
        endsAndWakes(children.get(3).checkpoint());
    }
}
