package dev.pawl.testkit.contract;

import static dev.pawl.testkit.contract.Walker.END;
import static dev.pawl.testkit.contract.Walker.KEYSET;
import static dev.pawl.testkit.contract.Walker.ROWS;
import static dev.pawl.testkit.contract.Walker.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.lease.Refusal;
import dev.pawl.lease.Refusal.Reason;
import dev.pawl.scan.Lap;
import dev.pawl.scan.ScanState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** S3, S8 and S9: when a lap begins, goes on and ends, over which keys, and how it comes to begin. */
interface LapRules extends ScanScene {
    String OTHER_KEYSET = "id uuid asc nulls last";

    @Test
    default void S3_a_lap_begins_at_the_start_and_knows_its_end() {
        // given
        Walker walker = opened();
        time().advance(Duration.ofSeconds(1));

        // when
        ScanState scan = done(walker.begin());

        // then
        assertThat(scan.lap())
                .isEqualTo(new Lap(1, Optional.empty(), Optional.of(END), 0, 0, Optional.of(time().now())));
        assertThat(scan.step()).isEqualTo(walker.step() + 1);
        assertThat(scan.lastPageAt()).isEmpty();
    }

    @Test
    default void S3_a_page_with_a_successor_moves_the_cursor_to_its_last_row() {
        // given
        Walker walker = walkedTo(key(500));
        Lap before = state().lap();
        time().advance(Duration.ofSeconds(1));

        // when: as far as the end, even
        ScanState scan = done(walker.move(END, 7));

        // then
        assertThat(scan.lap())
                .isEqualTo(new Lap(1, Optional.of(END), Optional.of(END), ROWS + 7, 2, before.startedAt()));
        assertThat(scan.lastPageAt()).contains(time().now());
        assertThat(scan.lastWrapAt()).isEmpty();
        assertThat(scan.step()).isEqualTo(walker.step() + 1);
    }

    @Test
    default void S3_a_page_without_a_successor_wraps() {
        // given
        Walker walker = walkedTo(key(500));
        time().advance(Duration.ofSeconds(1));

        // when
        ScanState scan = done(walker.wrap());

        // then
        assertThat(scan.lap()).isEqualTo(Lap.next(2));
        assertThat(scan.lastWrapAt()).contains(time().now());
        assertThat(scan.lastPageAt()).contains(time().now());
        assertThat(scan.lastLapRows()).isEqualTo(ROWS + ROWS);
        assertThat(scan.step()).isEqualTo(walker.step() + 1);
    }

    @Test
    default void S3_a_page_on_which_nothing_was_left_wraps_as_well() {
        // given: a lap of one page, and a lap whose rows are gone before its first page
        Walker walker = walkedTo(key(500));
        Instant lastPage = time().now();
        time().advance(Duration.ofSeconds(1));

        // when
        ScanState first = done(walker.wrapWithoutRows());
        Walker next = after(walker.at(first.step()), walker.at(first.step()).begin());
        ScanState second = done(next.wrapWithoutRows());

        // then
        assertThat(first.lap()).isEqualTo(Lap.next(2));
        assertThat(first.lastLapRows()).isEqualTo(ROWS);
        assertThat(first.lastPageAt()).contains(lastPage);
        assertThat(first.lastWrapAt()).contains(time().now());
        assertThat(second.lap()).isEqualTo(Lap.next(3));
        assertThat(second.lastLapRows()).isZero();
    }

    @Test
    default void S3_no_page_is_handled_before_a_lap_begins_and_none_begins_twice() {
        // given
        Walker walker = opened();

        // when
        List<Reason> early =
                List.of(reason(walker.move(key(500))), reason(walker.wrap()), reason(walker.wrapWithoutRows()));
        Walker begun = after(walker, walker.begin());

        // then
        assertThat(early).containsOnly(Reason.CONFLICT);
        assertThat(reason(begun.begin(key(2_000)))).isEqualTo(Reason.CONFLICT);
        assertThat(state().lap().end()).contains(END);
    }

    @Test
    default void S8_another_keyset_is_refused_and_says_which_is_stored() {
        // given
        Walker walker = walkedTo(key(500));
        Walker successor = walker();

        // when
        Refusal refusal = refused(successor.open(OTHER_KEYSET, false));

        // then: and the one that has it goes on
        assertThat(refusal.reason()).isEqualTo(Reason.CONFLICT);
        assertThat(refusal.describe()).contains(KEYSET);
        done(walker.move(key(600)));
    }

    @Test
    default void S8_another_keyset_begins_a_new_lap_where_the_caller_wants_that() {
        // given
        Walker walker = walkedTo(key(500));
        done(walker.fail(SkipRules.BOUNDS));
        done(nudge());
        ScanState before = state();
        Walker successor = walker();

        // when
        ScanState scan = done(successor.open(OTHER_KEYSET, true));

        // then
        assertThat(scan.keyset()).isEqualTo(OTHER_KEYSET);
        assertThat(scan.lap()).isEqualTo(Lap.next(2));
        assertThat(scan.failed()).isEmpty();
        assertThat(scan.step()).isEqualTo(before.step() + 1);
        assertThat(scan.lastWrapAt())
                .as("a lap that was left is none that ended")
                .isEmpty();
        assertThat(scan.lastPageAt()).isEqualTo(before.lastPageAt());
        assertThat(scan.nudgedAt()).isEqualTo(before.nudgedAt());
        assertThat(done(successor.open(OTHER_KEYSET, true))).as("opened again").isEqualTo(scan);
        assertThat(reason(walker.move(key(600)))).isEqualTo(Reason.SUPERSEDED);
    }

    @Test
    default void S8_the_same_keyset_goes_on_also_where_another_would_not() {
        // given
        walkedTo(key(500));
        Lap before = state().lap();

        // when
        ScanState scan = done(walker().open(KEYSET, true));

        // then
        assertThat(scan.lap()).isEqualTo(before);
    }

    @Test
    default void S8_an_empty_range_is_a_lap_that_ends_with_its_beginning() {
        // given
        Walker walker = opened();
        time().advance(Duration.ofSeconds(1));

        // when
        ScanState scan = done(walker.begin(Optional.empty(), Optional.empty()));

        // then: once, however often it is said
        assertThat(scan.lap()).isEqualTo(Lap.next(2));
        assertThat(scan.lastWrapAt()).contains(time().now());
        assertThat(scan.lastLapRows()).isZero();
        assertThat(scan.lastPageAt()).isEmpty();
        repeated(walker.begin(Optional.empty(), Optional.empty()));
    }

    @Test
    default void S9_a_nudge_stands_until_a_lap_begins_that_knew_of_it() {
        // given: while a lap is under way
        Walker walker = walkedTo(key(500));
        ScanState before = state();
        time().advance(Duration.ofSeconds(1));

        // when
        ScanState nudged = done(nudge());
        Walker moved = after(walker, walker.move(key(600)));
        Walker wrapped = after(moved, moved.wrap());

        // then
        assertThat(nudged.nudgedAt()).contains(time().now());
        assertThat(nudged.step()).isEqualTo(before.step());
        assertThat(nudged.lap()).isEqualTo(before.lap());
        assertThat(state().nudgedAt()).isEqualTo(nudged.nudgedAt());
        assertThat(done(wrapped.begin(Optional.of(END), nudged.nudgedAt())).nudgedAt())
                .isEmpty();
    }

    @Test
    default void S9_a_lap_without_rows_answers_a_nudge_as_well() {
        // given
        Walker walker = opened();
        Optional<Instant> nudged = done(nudge()).nudgedAt();

        // when
        ScanState scan = done(walker.begin(Optional.empty(), nudged));

        // then
        assertThat(scan.nudgedAt()).isEmpty();
    }

    @Test
    default void S9_a_nudge_after_the_end_was_read_is_not_lost() {
        // given: the row that the second is for may lie beyond the end of this lap
        Walker walker = opened();
        Optional<Instant> known = done(nudge()).nudgedAt();
        time().advance(Duration.ofMillis(1));
        Optional<Instant> later = done(nudge()).nudgedAt();

        // when
        Walker begun = after(walker, walker.begin(Optional.of(END), known));
        Walker wrapped = after(begun, begun.wrap());

        // then
        assertThat(later).contains(time().now());
        assertThat(state().nudgedAt()).isEqualTo(later);
        assertThat(done(wrapped.begin(Optional.of(END), later)).nudgedAt()).isEmpty();
    }

    @Test
    default void S9_a_nudge_that_the_walker_did_not_know_of_is_not_lost() {
        // given
        Walker walker = opened();
        Optional<Instant> nudged = done(nudge()).nudgedAt();

        // when
        ScanState scan = done(walker.begin(Optional.of(END), Optional.empty()));

        // then
        assertThat(scan.nudgedAt()).isEqualTo(nudged);
    }

    @Test
    default void S9_several_nudges_are_one() {
        // given
        Walker walker = opened();
        done(nudge());

        // when: at the same instant
        repeated(nudge());
        Walker begun = after(walker, walker.begin(Optional.of(END), state().nudgedAt()));

        // then
        assertThat(state().nudgedAt()).isEmpty();
        done(begun.wrap());
    }
}
