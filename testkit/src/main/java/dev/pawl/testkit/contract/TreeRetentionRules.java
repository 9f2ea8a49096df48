package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.Refusal.Reason;
import dev.pawl.store.Removal;
import dev.pawl.store.Removed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A6: families go whole, or from the root down. */
interface TreeRetentionRules extends RetentionScene {
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
}
