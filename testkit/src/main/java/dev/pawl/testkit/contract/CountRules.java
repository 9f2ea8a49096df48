package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.job.FanIn;
import dev.pawl.job.Outcome;
import dev.pawl.lease.Refusal.Reason;
import dev.pawl.store.Answer;
import dev.pawl.store.Claimed;
import dev.pawl.store.JobWrite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** F5, and what F2 and J16 say of it: what counts as the end of a child, in transactions of others too. */
interface CountRules extends FamilyScene {
    @Test
    default void F2_a_child_that_ends_in_a_transaction_counts_with_its_commit() throws Exception {
        // given
        Held parent = parent(FanIn.ALL, "a", "b");
        List<Claimed> children = jobs().claim(request(queue(), 10));
        Whole before = whole(parent.id());

        // when
        try (OpenTransaction rolledBack = transaction()) {
            rolledBack.jobs().record(shortAttempt(children.get(0)), Outcome.done(Held.RESULT));
        }
        assertThat(whole(parent.id())).isEqualTo(before);
        try (OpenTransaction transaction = transaction()) {
            transaction.jobs().record(shortAttempt(children.get(0)), Outcome.done(Held.RESULT));
            transaction.jobs().record(shortAttempt(children.get(1)), Outcome.failed("no such day"));
            assertThat(whole(parent.id())).as("before the commit").isEqualTo(before);
            transaction.commit();
        }

        // then
        assertCounts(parent, 2, 0, 1, 0);
        woken(parent);
    }

    @Test
    default void F2_a_child_whose_parent_is_locked_is_busy_and_has_not_ended() {
        List<Function<Held, JobWrite>> ends = List.of(Held::checkpoint, Held::failForGood, held -> cancel(held.id()));
        for (Function<Held, JobWrite> kind : ends) {
            // given
            Held parent = parent(FanIn.ALL, "a");
            Held child = claim();
            Whole before = whole(child.id());

            // when
            try (OpenTransaction other = transaction()) {
                other.hold(parent.id());
                assertThat(write(kind.apply(child))).isInstanceOf(Answer.Busy.class);
                done(child.renew());
            }

            // then
            assertThat(whole(child.id())).isEqualTo(before);
            assertCounts(parent, 1, 1, 0, 0);
            endsAndWakes(kind.apply(child));
            done(cancel(parent.id()));
        }
    }

    @Test
    default void F5_every_end_counts_down_once() {
        // given: held, waiting for another try, and never claimed
        Held parent = parent(FanIn.tolerating(9), "a", "b", "c", "d", "e");
        List<Held> children = new ArrayList<>(claim(4));
        done(children.get(3).fail(LENGTH));

        // when
        endsAlone(children.get(0).checkpoint());
        assertCounts(parent, 5, 4, 0, 0);
        endsAlone(children.get(1).failForGood());
        assertCounts(parent, 5, 3, 1, 0);
        endsAlone(cancel(children.get(2).id()));
        assertCounts(parent, 5, 2, 1, 1);
        endsAlone(cancel(children.get(3).id()));
        assertCounts(parent, 5, 1, 1, 2);
        endsAndWakes(cancel(child(parent, "e")));

        // then
        assertCounts(parent, 5, 0, 1, 3);
        assertThat(jobs().countChildren(parent.id(), parent.token()))
                .isEqualTo(job(parent).children().orElseThrow());
        done(woken(parent).checkpoint());
    }

    @Test
    default void F5_what_does_not_end_a_child_counts_nothing() {
        // given
        Held parent = deepParent(FanIn.ALL, "a");
        Whole before = whole(parent.id());
        Held child = claim();

        // when
        done(child.renew());
        done(child.saveProgress(1));
        done(child.checkpoint());
        done(child.at(1).release());
        child = claim();
        done(child.fail(Duration.ZERO));
        child = claim();
        child = takenOver(child);

        // then
        assertThat(whole(parent.id())).isEqualTo(before);
        done(child.checkpoint());
        endsAndWakes(child.at(2).checkpoint());
    }

    @Test
    default void F5_a_repeat_counts_nothing() {
        // given
        Held parent = parent(FanIn.ALL, "a", "b");
        List<Held> children = claimChildren(2);
        endsAlone(children.get(0).checkpoint());

        // when: as after a lost answer
        repeated(children.get(0).checkpoint());
        repeated(children.get(0).checkpoint());

        // then
        assertCounts(parent, 2, 1, 0, 0);
        assertWaits(parent);
        endsAndWakes(cancel(children.get(1).id()));
        repeated(cancel(children.get(1).id()));
        assertCounts(parent, 2, 0, 0, 1);
    }

    @Test
    default void F5_a_refused_write_counts_nothing() {
        // given: a zombie, and what has ended
        Held parent = parent(FanIn.ALL, "a", "b");
        List<Held> children = claimChildren(2);
        endsAlone(children.get(1).failForGood());
        Held zombie = children.get(0);
        Held holder = takenOver(zombie);

        // then
        assertThat(reason(zombie.checkpoint())).isEqualTo(Reason.SUPERSEDED);
        assertThat(reason(zombie.failForGood())).isEqualTo(Reason.SUPERSEDED);
        assertThat(reason(children.get(1).checkpoint())).isEqualTo(Reason.ENDED);
        assertThat(reason(cancel(children.get(1).id()))).isEqualTo(Reason.ENDED);
        assertCounts(parent, 2, 1, 1, 0);
        endsAndWakes(holder.checkpoint());
    }

    @Test
    default void J16_children_are_counted_in_a_paused_queue_and_a_woken_parent_waits_for_its_end() {
        // given
        Held parent = parent(FanIn.ALL, "a");
        Held child = claim();
        queues().pause(queue(), ANN);

        // when
        endsAndWakes(child.checkpoint());

        // then
        assertCounts(parent, 1, 0, 0, 0);
        assertNothingClaimable();
        queues().resume(queue(), ANN);
        woken(parent);
    }
}
