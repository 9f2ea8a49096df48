package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.job.Outcome;
import dev.pawl.store.Claimed;
import dev.pawl.store.Counting;
import dev.pawl.store.RollUp;
import dev.pawl.view.Stats;
import dev.pawl.view.StatsQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** V7: what ended within a window. */
interface StatsRules extends ViewScene {
    default Stats stats(Duration window) {
        return stats(StatsQuery.last(window));
    }

    default Stats stats(StatsQuery query) {
        return Counting.read(viewStore().tallies(), query.queue(queue()));
    }

    default Stats.Figures day() {
        return stats(Duration.ofHours(24)).total();
    }

    /** A job of one stage that waited and ran for so long. */
    default void completed(Duration waited, Duration ran) {
        enqueue(shortDraft());
        time().advance(waited);
        Held held = claim();
        time().advance(ran);
        done(held.checkpoint());
    }

    @Test
    default void V7_an_end_counts_once_before_it_is_counted_and_after_and_after_the_second_look() {
        // given: a completed job, one that failed in its second attempt after a takeover, and one that was cancelled
        // unclaimed
        completed(Duration.ofMinutes(1), Duration.ofMinutes(2));
        Held first = held();
        done(first.fail(Duration.ZERO));
        Held second = takenOver(claim());
        done(second.failForGood());
        end(enqueued());

        // then: on the way
        Stats.Figures before = day();
        assertThat(before.completed()).isEqualTo(1);
        assertThat(before.failed()).isEqualTo(1);
        assertThat(before.cancelled()).isEqualTo(1);
        assertThat(before.ended()).isEqualTo(3);
        assertThat(before.failedAttempts()).isEqualTo(2);
        assertThat(before.takeovers()).isEqualTo(1);
        assertThat(before.successRate()).contains(0.5);

        // and: once they are counted, also twice
        time().advance(RollUp.BEHIND.plusSeconds(1));
        count();
        assertThat(day()).isEqualTo(before);
        count();
        assertThat(day()).isEqualTo(before);

        // and: after the second look, and after their hour
        time().advance(RollUp.SETTLED.plusMinutes(6));
        count();
        assertThat(day()).isEqualTo(before);
        time().advance(Duration.ofHours(3));
        count();
        assertThat(day()).isEqualTo(before);
    }

    @Test
    default void V7_each_of_many_ends_at_the_same_microsecond_counts_once() {
        // given: one is counted, and others end at the very same time
        Instant now = time().now();
        end(enqueued());
        List<Held> held = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            enqueue(shortDraft());
        }
        held.addAll(claim(5));
        held.forEach(one -> done(one.checkpoint()));
        assertThat(time().now()).isEqualTo(now);

        // when
        time().advance(RollUp.BEHIND.plusSeconds(1));
        count();
        end(enqueued());

        // then
        assertThat(day().completed()).isEqualTo(5);
        assertThat(day().cancelled()).isEqualTo(2);
    }

    @Test
    default void V7_an_end_that_was_undone_before_the_second_look_is_not_counted() {
        // given
        Held held = held();
        done(held.failForGood());
        time().advance(RollUp.BEHIND.plusSeconds(1));
        count();
        assertThat(day().failed()).isEqualTo(1);

        // when
        done(retry(held.id()));
        time().advance(RollUp.SETTLED.plusMinutes(6));
        count();

        // then
        assertThat(day().failed()).isZero();

        // and: it counts where it ends next
        Held again = claim();
        done(again.failForGood());
        assertThat(day().failed()).isEqualTo(1);
    }

    @Test
    default void V7_the_second_look_is_reached_under_steady_load() {
        // given: a failure that is counted, and undone
        Held held = held();
        done(held.failForGood());
        time().advance(Duration.ofMinutes(10));
        assertThat(RollUp.step(viewStore().tallies(), queue())).isFalse();
        done(retry(held.id()));
        assertThat(day().failed()).isEqualTo(1);
        Held again = claim();
        assertThat(again.id()).isEqualTo(held.id());

        // when: at each step there is another end to be counted
        for (int minute = 0; minute < 20; minute++) {
            end(enqueued());
            time().advance(Duration.ofMinutes(1));
            RollUp.step(viewStore().tallies(), queue());
        }

        // then
        assertThat(day().failed()).isZero();
        assertThat(day().cancelled()).isEqualTo(20);
    }

    @Test
    default void V7_an_end_that_is_committed_late_is_counted_by_the_second_look() throws Exception {
        // given: a transaction ends a job, and another job ends after that
        enqueue(shortDraft());
        Claimed late = jobs().claim(request(queue(), 1)).get(0);
        try (OpenTransaction open = transaction()) {
            open.jobs().record(shortAttempt(late), Outcome.failed("no such day"));
            time().advance(Duration.ofSeconds(1));
            end(enqueued());
            time().advance(RollUp.BEHIND.plusSeconds(1));

            // when: the first look passes it before it is committed
            count();
            open.commit();
        }
        count();
        assertThat(day().cancelled()).isEqualTo(1);
        time().advance(RollUp.SETTLED.plusMinutes(6));
        count();

        // then
        assertThat(day().failed()).isEqualTo(1);
        assertThat(day().cancelled()).isEqualTo(1);
    }

    @Test
    default void V7_an_end_that_was_counted_for_good_stays_though_the_job_goes_on() {
        // given
        Held held = held();
        done(held.failForGood());
        time().advance(RollUp.SETTLED.plusMinutes(6));
        count();

        // when
        done(retry(held.id()));
        Held again = claim();
        done(again.failForGood());

        // then
        assertThat(day().failed()).isEqualTo(2);
    }

    @Test
    default void V7_means_are_exact_and_quantiles_are_within_five_percent() {
        // given: 1 to 20 s, and each waited for a second
        for (int seconds = 1; seconds <= 20; seconds++) {
            completed(Duration.ofSeconds(1), Duration.ofSeconds(seconds));
        }
        time().advance(RollUp.BEHIND.plusSeconds(1));
        count();

        // then
        Stats.Times run = day().run();
        assertThat(run.mean()).isEqualTo(Duration.ofMillis(10_500));
        assertWithin(run.p50(), Duration.ofSeconds(10));
        assertWithin(run.p95(), Duration.ofSeconds(19));
        assertWithin(run.p99(), Duration.ofSeconds(20));
        assertThat(day().waited().mean()).isEqualTo(Duration.ofSeconds(1));
        assertWithin(day().waited().p50(), Duration.ofSeconds(1));
    }

    private static void assertWithin(Duration told, Duration right) {
        assertThat(told)
                .isBetween(
                        right.multipliedBy(95).dividedBy(100),
                        right.multipliedBy(105).dividedBy(100));
    }

    @Test
    default void V7_statistics_tell_of_each_pipeline_and_of_each_span() {
        // given: at the beginning of an hour; two ends in it, and one two hours later
        time().advance(Duration.ofSeconds(3_600 - time().now().getEpochSecond() % 3_600));
        Instant hour = time().now();
        completed(Duration.ofMinutes(1), Duration.ofMinutes(1));
        end(enqueued());
        time().advance(Duration.ofHours(2));
        completed(Duration.ZERO, Duration.ofMinutes(1));
        time().advance(RollUp.SETTLED.plusMinutes(6));
        count();

        // when
        Stats stats = stats(Duration.ofHours(24));

        // then
        assertThat(stats.byPipeline()).containsOnlyKeys(PIPELINE, SHORT);
        assertThat(stats.byPipeline())
                .hasEntrySatisfying(SHORT, of -> assertThat(of.completed()).isEqualTo(2));
        assertThat(stats.byPipeline())
                .hasEntrySatisfying(PIPELINE, of -> assertThat(of.cancelled()).isEqualTo(1));
        assertThat(stats.series()).extracting(Stats.Step::from).containsExactly(hour, hour.plus(Duration.ofHours(2)));
        assertThat(stats.series()).extracting(step -> step.figures().ended()).containsExactly(2L, 1L);
        assertThat(stats.to()).isEqualTo(time().now());
        assertThat(stats.asOf()).isEqualTo(time().now());
        assertThat(stats(StatsQuery.last(Duration.ofHours(24)).pipeline(SHORT))
                        .total()
                        .ended())
                .isEqualTo(2);
    }

    @Test
    default void V7_a_window_begins_with_the_five_minutes_in_which_it_is_asked_to_begin() {
        // given: an end in each of two spans of five minutes
        time().advance(Duration.ofSeconds(3_600 - time().now().getEpochSecond() % 3_600));
        Instant hour = time().now();
        time().advance(Duration.ofMinutes(21));
        end(enqueued());
        time().advance(Duration.ofMinutes(5));
        end(enqueued());
        time().advance(Duration.ofHours(5));
        count();

        // then: 5:26 hours after the hour
        Stats both = stats(Duration.ofHours(5).plusMinutes(2));
        assertThat(both.from()).isEqualTo(hour.plus(Duration.ofMinutes(20)));
        assertThat(both.total().ended()).isEqualTo(2);
        Stats one = stats(Duration.ofHours(5).plusMinutes(1));
        assertThat(one.from()).isEqualTo(hour.plus(Duration.ofMinutes(25)));
        assertThat(one.total().ended()).isEqualTo(1);
        assertThat(stats(Duration.ofHours(5).minusMinutes(5)).total().ended()).isZero();
    }
}
