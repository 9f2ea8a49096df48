package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.job.Enqueued;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.FencingToken;
import dev.pawl.lease.Refusal.Reason;
import dev.pawl.store.Counting;
import dev.pawl.store.JobWrite;
import dev.pawl.store.Removal;
import dev.pawl.store.Removed;
import dev.pawl.view.StatsQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A6: what is removed, and what stays. */
interface RetentionRules extends ViewScene, AuditScene {
    Duration DAY = Duration.ofDays(1);

    /** All steps of a walk over this test's queue; how many jobs each of them removed. */
    default List<Integer> steps(JobStatus as, Duration keep, int most) {
        List<Integer> steps = new ArrayList<>();
        Removal what = new Removal(queue(), as, keep, Optional.empty(), most);
        Removed removed;
        do {
            removed = viewStore().tallies().remove(what);
            assertThat(removed.jobs()).as("jobs that one step removed").isLessThanOrEqualTo(most);
            steps.add(removed.jobs());
            assertThat(steps).as("steps").hasSizeLessThan(FAR);
            what = new Removal(queue(), as, keep, removed.next(), most);
        } while (removed.next().isPresent());
        return steps;
    }

    default int removed(JobStatus as, Duration keep) {
        return steps(as, keep, 100).stream().mapToInt(Integer::intValue).sum();
    }

    default boolean isThere(JobId id) {
        return jobs().find(id).isPresent();
    }

    /** So long after the last thing that happened, with everything counted. */
    default void after(Duration time) {
        time().advance(time);
        count();
    }

    default long endedWithin(Duration window) {
        return Counting.read(viewStore().tallies(), StatsQuery.last(window).queue(queue()))
                .total()
                .ended();
    }

    @Test
    default void A6_what_has_ended_goes_after_its_time_with_all_that_is_recorded_of_it() {
        // given: a checkpoint, a failure, what an operator did
        Held held = held();
        done(held.checkpoint());
        done(held.at(1).failForGood());
        done(retry(held.id()));
        Held again = claim();
        done(again.failForGood());
        JobId other = enqueued();
        after(DAY.plusSeconds(1));

        // when
        int removed = removed(JobStatus.FAILED, DAY);

        // then
        assertThat(removed).isEqualTo(1);
        assertThat(isThere(held.id())).isFalse();
        assertThat(viewStore().past(held.id(), 10)).isEmpty();
        assertThat(isThere(other)).isTrue();
        assertThat(endedWithin(DAY.multipliedBy(3)))
                .as("ends in the statistics")
                .isEqualTo(1);

        // and: a new job under that id has nothing of the old one's
        Enqueued next = jobs().enqueue(List.of(draft().id(held.id()).row())).get(0);
        assertThat(next.created()).isTrue();
        assertThat(jobs().failures(held.id())).isEmpty();
        assertThat(jobs().results(held.id(), Set.of(0, 1, 2))).isEmpty();
        assertThat(kinds(held.id())).hasSize(1);
        assertThat(removed(JobStatus.FAILED, DAY)).as("once more").isZero();
    }

    @Test
    default void A6_nothing_goes_before_its_time_nor_in_another_way_or_queue_than_told() {
        // given: one of each outcome
        done(heldAtLastStage().checkpoint());
        done(held().failForGood());
        end(enqueued());
        JobId living = enqueued();

        // then
        after(DAY);
        assertThat(removed(JobStatus.COMPLETED, DAY)).as("just before").isZero();
        after(Duration.ofMillis(1));
        assertThat(removed(JobStatus.COMPLETED, DAY)).isEqualTo(1);
        assertThat(removed(JobStatus.COMPLETED, DAY)).isZero();
        Removal elsewhere = new Removal(queue() + "-other", JobStatus.FAILED, DAY, Optional.empty(), 10);
        assertThat(viewStore().tallies().remove(elsewhere).jobs()).isZero();
        assertThat(removed(JobStatus.CANCELLED, DAY)).isEqualTo(1);
        assertThat(removed(JobStatus.FAILED, DAY)).isEqualTo(1);
        assertThat(isThere(living)).isTrue();
    }

    @Test
    default void A6_nothing_goes_that_statistics_have_not_looked_at_twice() {
        // given
        completedShort();
        time().advance(DAY.plusSeconds(1));

        // then: not counted, and then counted
        assertThat(removed(JobStatus.COMPLETED, DAY)).isZero();
        count();
        assertThat(removed(JobStatus.COMPLETED, DAY)).isEqualTo(1);
        count();
        assertThat(endedWithin(DAY.multipliedBy(2))).isEqualTo(1);
        time().advance(DAY);
        count();
        assertThat(endedWithin(DAY.multipliedBy(3))).isEqualTo(1);
    }

    @Test
    default void A6_what_was_counted_of_a_queue_stays_when_nothing_else_of_it_does() {
        // given: the only job of its queue, of a pipeline that no other has
        String pipeline = "gone-" + UUID.randomUUID();
        JobId id = enqueue(Draft.of(queue(), pipeline, List.of("only"))).id();
        done(cancel(id));
        after(DAY.plusSeconds(1));

        // when
        assertThat(removed(JobStatus.CANCELLED, DAY)).isEqualTo(1);

        // then: asked for all queues, too
        StatsQuery days = StatsQuery.last(DAY.multipliedBy(3)).pipeline(pipeline);
        assertThat(listed(here(), 10, FAR)).isEmpty();
        assertThat(Counting.read(viewStore().tallies(), days.queue(queue()))
                        .total()
                        .cancelled())
                .isEqualTo(1);
        assertThat(Counting.read(viewStore().tallies(), days).total().cancelled())
                .isEqualTo(1);
    }

    /** A job of one stage that completes now. */
    default JobId completedShort() {
        enqueue(shortDraft());
        Held held = claim();
        done(held.checkpoint());
        return held.id();
    }

    @Test
    default void A6_a_child_stays_as_long_as_its_parent_is_alive_however_old_it_is() {
        // given
        Held parent = parent(FanIn.ALL, "a", "b");
        endsAlone(claimChildren(2).get(0).checkpoint());
        after(DAY.multipliedBy(30));

        // then
        assertThat(removed(JobStatus.COMPLETED, DAY)).isZero();
        assertThat(statusOf(parent, "a")).isEqualTo(JobStatus.COMPLETED);
        assertThat(found()).isEmpty();
    }

    @Test
    default void A6_a_tree_goes_whole_once_all_in_it_ended_long_enough_ago() {
        // given: a root that was cancelled; a child that completed, one that failed, and one with a grandchild that is
        // open
        Held root = deepParent(FanIn.tolerating(2), "a", "b", "c");
        List<Held> children = claimChildren(3);
        done(children.get(0).checkpoint());
        done(children.get(0).at(1).checkpoint());
        endsAlone(children.get(0).at(2).checkpoint());
        endsAlone(children.get(1).failForGood());
        done(fanOut(children.get(2), FanIn.ALL, "x"));
        JobId open = child(children.get(2), "x");
        done(cancel(root.id()));
        done(cancel(children.get(2).id()));
        after(DAY.plusSeconds(1));

        // then: as long as it is open, and for the minimum after that
        assertThat(removed(JobStatus.CANCELLED, DAY))
                .as("with an open grandchild")
                .isZero();
        assertThat(steps(JobStatus.CANCELLED, DAY, 1)).as("in small steps").containsOnly(0);
        assertThat(cancelOrphans(10)).isEqualTo(1);
        after(Removal.MINIMUM);
        assertThat(removed(JobStatus.CANCELLED, DAY)).as("within the minimum").isZero();
        assertThat(steps(JobStatus.CANCELLED, DAY, 1)).as("in small steps").containsOnly(0);
        assertThat(isThere(open)).isTrue();

        // and: whatever became of the others
        after(Duration.ofMinutes(1));
        assertThat(removed(JobStatus.CANCELLED, DAY)).isEqualTo(5);
        assertThat(isThere(root.id())).isFalse();
        children.forEach(child -> assertThat(isThere(child.id())).isFalse());
        assertThat(isThere(open)).isFalse();
    }

    @Test
    default void A6_a_tree_that_is_too_large_for_a_step_goes_from_the_root_down() {
        // given: five children, one with three of its own; and a job that ended before
        JobId before = completedShort();
        time().advance(Duration.ofSeconds(1));
        Held root = deepParent(FanIn.tolerating(5), "a", "b", "c", "d", "e");
        List<Held> children = claimChildren(5);
        done(fanOut(children.get(0), FanIn.tolerating(3), "x", "y", "z"));
        List<Held> grandchildren = claimChildren(3);
        grandchildren.forEach(held -> ended(held.checkpoint()));
        Held first = woken(children.get(0));
        done(first.checkpoint());
        done(first.at(1).checkpoint());
        endsAlone(first.at(2).checkpoint());
        children.subList(1, 5).forEach(held -> ended(held.failForGood()));
        Held last = woken(root);
        done(last.checkpoint());
        done(last.at(1).checkpoint());
        done(last.at(2).checkpoint());
        after(DAY.plusSeconds(1));

        // when: one step after the other
        List<JobId> all = new ArrayList<>(List.of(before, root.id()));
        children.forEach(held -> all.add(held.id()));
        grandchildren.forEach(held -> all.add(held.id()));
        Removal what = new Removal(queue(), JobStatus.COMPLETED, DAY, Optional.empty(), 2);
        Removed removed;
        int steps = 0;
        do {
            removed = viewStore().tallies().remove(what);
            assertThat(removed.jobs()).isLessThanOrEqualTo(2);
            if (isThere(root.id())) {
                children.forEach(held -> assertThat(isThere(held.id())).isTrue());
            }
            if (isThere(children.get(0).id())) {
                grandchildren.forEach(held -> assertThat(isThere(held.id())).isTrue());
            }
            assertThat(found()).as("what an audit finds meanwhile").isEmpty();
            assertThat(++steps).isLessThan(FAR);
            what = new Removal(queue(), JobStatus.COMPLETED, DAY, removed.next(), 2);
        } while (removed.next().isPresent());

        // then
        assertThat(all).filteredOn(this::isThere).isEmpty();
        assertThat(steps).isGreaterThan(5);
    }

    @Test
    default void A6_whoever_comes_after_a_crash_goes_on_with_a_tree_that_was_begun() {
        // given
        Held root = parent(FanIn.tolerating(3), "a", "b", "c");
        List<Held> children = claimChildren(3);
        children.forEach(held -> ended(held.failForGood()));
        Held last = woken(root);
        done(last.failForGood());
        after(DAY.plusSeconds(1));
        Removal first = new Removal(queue(), JobStatus.FAILED, DAY, Optional.empty(), 1);
        assertThat(viewStore().tallies().remove(first).jobs()).isEqualTo(1);
        assertThat(isThere(root.id())).isFalse();
        assertThat(reason(retry(children.get(0).id())))
                .as("retry of a child whose root is gone")
                .isEqualTo(Reason.NOT_ALLOWED);

        // when: whoever comes begins at the beginning, for another outcome perhaps
        int removed = removed(JobStatus.COMPLETED, DAY);

        // then
        assertThat(removed).isEqualTo(3);
        children.forEach(held -> assertThat(isThere(held.id())).isFalse());
    }

    @Test
    default void A6_steps_go_on_where_the_last_one_ended_also_within_a_microsecond() {
        // given: all at the same time; two that stay
        List<JobWrite> ends = new ArrayList<>();
        List<JobId> all = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            all.add(enqueue(shortDraft()).id());
        }
        List<Held> held = claim(7);
        for (int i = 0; i < 7; i++) {
            ends.add(i % 3 == 1 ? held.get(i).failForGood() : held.get(i).checkpoint());
        }
        jobs().write(ends);
        after(DAY.plusSeconds(1));

        // then
        assertThat(steps(JobStatus.COMPLETED, DAY, 2).stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(5);
        assertThat(all).filteredOn(this::isThere).hasSize(2);
    }

    @Test
    default void A6_what_somebody_has_locked_stays_and_holds_up_nothing_else() {
        // given: a job, and a tree, and a job after them
        JobId locked = completedShort();
        Held parent = parent(FanIn.tolerating(2), "a", "b");
        claimChildren(2).forEach(held -> ended(held.checkpoint()));
        Held last = woken(parent);
        done(last.checkpoint());
        done(last.at(1).checkpoint());
        done(last.at(2).checkpoint());
        JobId after = completedShort();
        JobId child = child(parent, "b");
        after(DAY.plusSeconds(1));

        // when
        try (OpenTransaction other = transaction()) {
            other.hold(locked);
            other.hold(child);
            assertThat(removed(JobStatus.COMPLETED, DAY)).isEqualTo(1);
        }

        // then
        assertThat(isThere(after)).isFalse();
        assertThat(isThere(locked)).isTrue();
        assertThat(isThere(parent.id())).isTrue();
        assertThat(removed(JobStatus.COMPLETED, DAY)).isEqualTo(4);
    }

    @Test
    default void A6_a_job_that_was_retried_stays_and_one_that_is_gone_is_missing() {
        // given
        Held retried = held();
        done(retried.failForGood());
        Held gone = held();
        done(gone.failForGood());
        after(DAY.plusSeconds(1));
        done(retry(retried.id()));

        // when
        assertThat(removed(JobStatus.FAILED, DAY)).isEqualTo(1);

        // then
        assertThat(job(retried.id()).status()).isEqualTo(JobStatus.WAITING);
        assertThat(reason(retry(gone.id()))).isEqualTo(Reason.MISSING);
        assertThat(reason(gone.failForGood())).isEqualTo(Reason.MISSING);
        done(claim().checkpoint());
    }

    @Test
    default void A6_the_key_of_a_removed_job_is_free_and_tokens_rise_on() {
        // given
        Draft keyed = shortDraft().key("monday");
        JobId first = enqueue(keyed).id();
        Held held = claim();
        FencingToken token = held.token();
        done(held.checkpoint());
        after(DAY.plusSeconds(1));
        assertThat(enqueue(shortDraft().key("monday")).id()).isEqualTo(first);

        // when
        assertThat(removed(JobStatus.COMPLETED, DAY)).isEqualTo(1);

        // then
        Enqueued next = enqueue(shortDraft().key("monday"));
        assertThat(next.created()).isTrue();
        assertThat(claim().token()).isGreaterThan(token);
    }
}
