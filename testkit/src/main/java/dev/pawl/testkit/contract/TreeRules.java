package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.Refusal;
import dev.pawl.lease.Refusal.Reason;
import dev.pawl.store.Answer;
import dev.pawl.store.JobWrite;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What J6 and J7 say of trees: how a family is retried, and cancelled. */
interface TreeRules extends FamilyScene {
    @Test
    default void J6_with_a_failed_parent_only_what_did_not_complete_runs_again() {
        // given: one of each
        Held parent = parent(FanIn.ALL, "a", "b", "c");
        List<Held> children = claim(2);
        endsAlone(children.get(0).checkpoint());
        endsAlone(children.get(1).failForGood());
        endsAndWakes(cancel(child(parent, "c")));
        done(woken(parent).failForGood());
        Whole completed = whole(children.get(0).id());
        time().advance(LENGTH);

        // when
        done(retry(parent.id()));

        // then: at the family's place; what was never claimed is new again
        assertWaits(parent);
        assertCounts(parent, 3, 2, 0, 0);
        assertThat(whole(children.get(0).id())).isEqualTo(completed);
        assertThat(statusOf(parent, "b")).isEqualTo(JobStatus.WAITING);
        assertThat(statusOf(parent, "c")).isEqualTo(JobStatus.PENDING);
        assertThat(job(child(parent, "b")).dueAt()).contains(job(parent).enqueuedAt());
        assertThat(job(child(parent, "b")).attempt()).isZero();
        List<Held> again = claimChildren(2);
        endsAlone(again.get(0).checkpoint());
        endsAndWakes(again.get(1).checkpoint());
        assertCounts(parent, 3, 0, 0, 0);
        done(woken(parent).checkpoint());
    }

    @Test
    default void J6_the_whole_tree_below_goes_on_from_the_bottom() {
        // given: a grandchild that failed, and so a child, and so the root; another child with no fault of its own
        Held root = deepParent(FanIn.ALL, "a", "b");
        List<Held> children = claimChildren(2);
        Held child = children.get(0);
        done(fanOut(child, FanIn.ALL, "x", "y"));
        List<Held> grandchildren = claimChildren(2);
        endsAlone(grandchildren.get(0).checkpoint());
        endsAndWakes(grandchildren.get(1).failForGood());
        endsAlone(woken(child).failForGood());
        endsAndWakes(cancel(children.get(1).id()));
        done(woken(root).failForGood());

        // when
        done(retry(root.id()));

        // then
        assertWaits(root);
        assertCounts(root, 2, 2, 0, 0);
        assertWaits(child);
        assertCounts(child, 2, 1, 0, 0);
        assertThat(claimedIds(10))
                .containsExactlyInAnyOrder(
                        children.get(1).id(), grandchildren.get(1).id());
    }

    @Test
    default void J6_where_all_children_completed_the_join_is_tried_again_at_once() {
        // given
        Held parent = parent(FanIn.ALL, "a");
        endsAndWakes(claim().checkpoint());
        done(woken(parent).failForGood());
        time().advance(LENGTH);

        // when
        done(retry(parent.id()));

        // then
        assertThat(job(parent).dueAt()).contains(time().now());
        assertCounts(parent, 1, 0, 0, 0);
        done(woken(parent).checkpoint());
    }

    @Test
    default void J6_a_tree_with_open_children_is_not_retried_at_any_level() {
        // given: a root and a child that were cancelled, with grandchildren that are still to follow
        Held root = deepParent(FanIn.ALL, "a");
        Held child = claim();
        done(fanOut(child, FanIn.ALL, "x", "y"));
        done(cancel(root.id()));
        assertThat(refused(retry(root.id())))
                .isEqualTo(new Refusal.NotAllowed("retry", "CANCELLED with 1 children still open"));
        endsAlone(cancel(child.id()));

        // then
        assertThat(refused(retry(root.id())))
                .isEqualTo(new Refusal.NotAllowed("retry", "CANCELLED with 2 children still open"));
        assertThat(job(child).status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(cancelOrphans(10)).isEqualTo(2);
        done(retry(root.id()));
        assertThat(claimChildren(2)).hasSize(2);
    }

    @Test
    default void J6_a_child_alone_is_retried_while_its_parent_waits_for_others() {
        // given
        Held parent = parent(FanIn.ALL, "a", "b", "c");
        List<Held> children = claimChildren(3);
        endsAlone(children.get(0).failForGood());
        endsAlone(cancel(children.get(1).id()));
        time().advance(LENGTH.dividedBy(2));

        // when
        done(retry(children.get(0).id()));
        done(retry(children.get(1).id()));

        // then
        assertWaits(parent);
        assertCounts(parent, 3, 3, 0, 0);
        endsAlone(children.get(2).checkpoint());
        List<Held> again = claimChildren(2);
        endsAlone(again.get(0).checkpoint());
        endsAndWakes(again.get(1).checkpoint());
        done(woken(parent).checkpoint());
    }

    @Test
    default void J6_a_child_alone_is_not_retried_once_its_parent_goes_on_or_has_ended() {
        // given
        Held parent = parent(FanIn.ALL, "a", "b");
        List<Held> children = claimChildren(2);
        endsAlone(children.get(0).failForGood());
        endsAndWakes(children.get(1).checkpoint());

        // then: awake, held, ended
        assertThat(refused(retry(children.get(0).id())).describe()).contains("waits for its children no longer");
        assertCounts(parent, 2, 0, 1, 0);
        Held holder = woken(parent);
        assertThat(reason(retry(children.get(0).id()))).isEqualTo(Reason.NOT_ALLOWED);
        done(holder.failForGood());
        assertThat(refused(retry(children.get(0).id())).describe())
                .contains("FAILED", "retry that", parent.id().toString());
        assertCounts(parent, 2, 0, 1, 0);
        assertNothingClaimable();
    }

    @Test
    default void J6_a_retry_is_busy_while_another_has_any_row_of_the_tree_and_changes_none() {
        // given: a child that failed beside one that has not ended, and a tree that has
        Held waiting = parent(FanIn.ALL, "a", "b");
        List<Held> children = claimChildren(2);
        endsAlone(children.get(0).failForGood());
        Held parent = parent(FanIn.ALL, "a", "b");
        List<JobWrite> fails = claimChildren(2).stream().map(Held::failForGood).toList();
        jobs().write(fails);
        done(woken(parent).failForGood());
        JobId last = child(parent, "b");

        // when
        try (OpenTransaction other = transaction()) {
            other.hold(last);
            other.hold(waiting.id());
            assertThat(write(retry(parent.id()))).isInstanceOf(Answer.Busy.class);
            assertThat(write(retry(children.get(0).id()))).isInstanceOf(Answer.Busy.class);
        }

        // then
        assertThat(job(parent).status()).isEqualTo(JobStatus.FAILED);
        assertThat(statusOf(parent, "a")).isEqualTo(JobStatus.FAILED);
        assertThat(job(children.get(0)).status()).isEqualTo(JobStatus.FAILED);
        assertCounts(waiting, 2, 1, 1, 0);
        done(retry(parent.id()));
        done(retry(children.get(0).id()));
        assertThat(claimChildren(3)).hasSize(3);
    }

    @Test
    default void J7_the_descendants_of_a_cancelled_job_follow_in_steps() {
        // given: a tree of three levels, with one that has completed
        Held root = deepParent(FanIn.ALL, "a", "b", "c");
        List<Held> children = claimChildren(3);
        done(children.get(0).checkpoint());
        done(children.get(0).at(1).checkpoint());
        endsAlone(children.get(0).at(2).checkpoint());
        done(fanOut(children.get(1), FanIn.ALL, "x", "y"));

        // when: nobody is cancelled by the cancel itself
        done(cancel(root.id()));
        assertCounts(root, 3, 2, 0, 0);
        done(children.get(2).renew());

        // then: step by step, by whoever asks
        assertThat(cancelOrphans(1)).isEqualTo(1);
        assertThat(job(children.get(1)).status()).isEqualTo(JobStatus.CANCELLED);
        assertCounts(root, 3, 1, 0, 1);
        assertThat(cancelOrphans(10)).isEqualTo(3);
        assertThat(cancelOrphans(10)).isZero();
        assertThat(reason(children.get(2).checkpoint())).isEqualTo(Reason.ENDED);
        assertThat(statusOf(root, "a")).isEqualTo(JobStatus.COMPLETED);
        assertThat(statusOf(children.get(1), "x")).isEqualTo(JobStatus.CANCELLED);
        assertThat(job(children.get(2)).endedAt()).contains(time().now());
        assertCounts(root, 3, 0, 0, 2);
        assertCounts(children.get(1), 2, 0, 0, 2);
        assertNothingClaimable();
    }

    @Test
    default void J7_the_children_of_a_failed_job_follow_too_and_nobody_elses() {
        // given
        Held failed = parent(FanIn.FAIL_FAST, "a", "b");
        endsAndWakes(claimChildren(2).get(0).failForGood());
        done(woken(failed).failForGood());
        Held living = parent(FanIn.ALL, "a");

        // when
        int cancelled = cancelOrphans(10);

        // then
        assertThat(cancelled).isEqualTo(1);
        assertThat(statusOf(failed, "b")).isEqualTo(JobStatus.CANCELLED);
        assertThat(statusOf(living, "a")).isEqualTo(JobStatus.PENDING);
        assertThat(jobs().cancelOrphans(queue() + "-other", 10)).isZero();
    }

    @Test
    default void J7_another_queues_are_left_to_its_own_workers_and_a_pause_holds_up_nobodys() {
        // given
        Held parent = parent(FanIn.ALL, "a");
        done(cancel(parent.id()));
        queues().pause(queue(), ANN);

        // then
        assertThat(jobs().cancelOrphans(queue() + "-other", 10)).isZero();
        assertThat(statusOf(parent, "a")).isEqualTo(JobStatus.PENDING);
        assertThat(cancelOrphans(10)).isEqualTo(1);
    }

    @Test
    default void J7_what_is_locked_or_has_a_locked_parent_is_left_out_of_a_step() {
        // given
        Held one = parent(FanIn.ALL, "a", "b");
        claimChildren(2);
        Held other = parent(FanIn.ALL, "a", "b");
        done(cancel(one.id()));
        done(cancel(other.id()));

        // when
        try (OpenTransaction transaction = transaction()) {
            transaction.hold(one.id());
            transaction.hold(child(other, "a"));
            assertThat(cancelOrphans(10)).isEqualTo(1);
        }

        // then
        assertCounts(one, 2, 2, 0, 0);
        assertCounts(other, 2, 1, 0, 1);
        assertThat(statusOf(other, "a")).isEqualTo(JobStatus.PENDING);
        assertThat(cancelOrphans(10)).isEqualTo(3);
    }

    @Test
    default void J7_a_job_that_has_children_is_fenced_by_its_cancel_at_once() {
        // given: held by who joins
        Held parent = parent(FanIn.FAIL_FAST, "a", "b");
        endsAndWakes(claimChildren(2).get(0).failForGood());
        Held holder = woken(parent);

        // when
        done(cancel(parent.id()));

        // then
        assertThat(reason(cancelChildren(holder, 10))).isEqualTo(Reason.ENDED);
        assertThat(reason(awaitChildren(holder))).isEqualTo(Reason.ENDED);
        assertThat(statusOf(parent, "b")).isEqualTo(JobStatus.RUNNING);
        assertCounts(parent, 2, 1, 1, 0);
    }
}
