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
import dev.pawl.view.StatsQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A6: what is removed, and what stays. */
interface RetentionRules extends RetentionScene {
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
