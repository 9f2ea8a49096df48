package dev.pawl.testkit.contract;

import static dev.pawl.testkit.contract.Walker.END;
import static dev.pawl.testkit.contract.Walker.ROWS;
import static dev.pawl.testkit.contract.Walker.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Actor;
import dev.pawl.lease.Refusal.Reason;
import dev.pawl.scan.FailedPage;
import dev.pawl.scan.Lap;
import dev.pawl.scan.ScanState;
import dev.pawl.scan.SkippedPage;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.ScanWrite;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** S7: a page that fails is recorded, tried again, and stepped over only by somebody's named decision. */
interface SkipRules extends ScanScene {
    FailedPage.Bounds BOUNDS = new FailedPage.Bounds(key(600), ROWS, true);
    FailedPage.Bounds OTHER_ROWS = new FailedPage.Bounds(key(610), ROWS, true);
    FailedPage.Bounds LAST = new FailedPage.Bounds(END, 3, false);

    @Test
    default void S7_a_page_that_failed_is_recorded_and_the_cursor_stays() {
        // given
        Walker walker = walkedTo(key(500));
        ScanState before = state();
        time().advance(Duration.ofSeconds(1));
        Instant now = time().now();

        // when
        ScanState scan = done(walker.fail(
                Optional.of(BOUNDS), ErrorInfo.of(new IllegalStateException("no summary")), Walker.DELAY, false));

        // then
        assertThat(scan.failed())
                .contains(new FailedPage(
                        scan(),
                        walker.step(),
                        1,
                        Optional.of(key(500)),
                        Optional.of(BOUNDS),
                        1,
                        "java.lang.IllegalStateException: no summary",
                        walker.token(),
                        now,
                        now.plus(Walker.DELAY),
                        false));
        assertThat(scan.lap()).isEqualTo(before.lap());
        assertThat(scan.step()).isEqualTo(before.step());
        assertThat(scan.lastPageAt()).isEqualTo(before.lastPageAt());
    }

    @Test
    default void S7_each_failure_counts_and_the_first_one_says_since_when() {
        // given
        Walker walker = walkedTo(key(500));
        Instant first = time().now();
        done(walker.fail(BOUNDS));

        // when: it has other rows the next time, and is tried by another the time after that
        time().advance(Duration.ofSeconds(10));
        done(walker.fail(OTHER_ROWS));
        Walker successor = opened();
        time().advance(Duration.ofSeconds(10));
        done(successor.fail(Optional.of(LAST), ErrorInfo.of("still none"), Duration.ofMinutes(1), true));

        // then
        FailedPage page = failedPage();
        assertThat(page.attempts()).isEqualTo(3);
        assertThat(page.since()).isEqualTo(first);
        assertThat(page.bounds()).contains(LAST);
        assertThat(page.error()).isEqualTo("still none");
        assertThat(page.token()).isEqualTo(successor.token());
        assertThat(page.retryAt()).isEqualTo(time().now().plus(Duration.ofMinutes(1)));
        assertThat(page.failing()).isTrue();
    }

    @Test
    default void S7_a_page_is_never_stepped_over_by_failing() {
        // given
        Walker walker = walkedTo(key(500));
        ScanState before = state();

        // when
        for (int i = 0; i < 30; i++) {
            done(walker.fail(Optional.of(BOUNDS), ErrorInfo.of("no"), Walker.DELAY, i > 3));
            time().advance(Walker.DELAY);
        }

        // then
        assertThat(state().lap()).isEqualTo(before.lap());
        assertThat(state().step()).isEqualTo(before.step());
        assertThat(skipped()).isEmpty();
        done(walker.move(key(600)));
    }

    @Test
    default void S7_a_page_that_was_handled_after_all_has_not_failed() {
        // given
        Walker walker = opened();
        done(walker.failToRead());

        // when
        ScanState begun = done(walker.begin());
        Walker next = walker.at(begun.step());
        done(next.fail(BOUNDS));
        ScanState moved = done(next.move(key(600)));

        // then: the next page's failures are counted from one
        assertThat(begun.failed()).isEmpty();
        assertThat(moved.failed()).isEmpty();
        assertThat(done(next.at(moved.step()).fail(LAST)).failed().orElseThrow().attempts())
                .isEqualTo(1);
    }

    @Test
    default void S7_a_lap_that_can_not_begin_has_failed_without_bounds() {
        // given
        Walker walker = opened();

        // when
        ScanState scan = done(walker.failToRead());

        // then
        assertThat(scan.failed().orElseThrow().bounds()).isEmpty();
        assertThat(scan.failed().orElseThrow().after()).isEmpty();
        assertThat(scan.failed().orElseThrow().error()).isEqualTo("no such column");
        assertThat(reason(walker.fail(BOUNDS)))
                .as("bounds of a page before there is one")
                .isEqualTo(Reason.CONFLICT);
    }

    @Test
    default void S7_a_skip_steps_over_the_page_and_is_recorded_with_token_bounds_and_who() {
        // given
        Walker walker = walkedTo(key(500));
        done(walker.fail(BOUNDS));
        time().advance(Duration.ofSeconds(3));
        FailedPage page = failedPage();
        ScanState before = state();

        // when
        ScanState scan = done(skip(page));

        // then: its rows were not handled
        assertThat(scan.lap())
                .isEqualTo(new Lap(
                        1,
                        Optional.of(key(600)),
                        Optional.of(END),
                        ROWS,
                        1,
                        before.lap().startedAt()));
        assertThat(scan.step()).isEqualTo(before.step() + 1);
        assertThat(scan.failed()).isEmpty();
        assertThat(scan.lastPageAt()).isEqualTo(before.lastPageAt());
        assertThat(skipped()).containsExactly(new SkippedPage(page, ANN, time().now()));
        assertThat(page.token()).isEqualTo(walker.token());
    }

    @Test
    default void S7_a_skip_of_a_laps_last_page_wraps() {
        // given
        Walker walker = walkedTo(key(500));
        done(walker.fail(LAST));
        time().advance(Duration.ofSeconds(1));

        // when
        ScanState scan = done(skip(failedPage()));

        // then
        assertThat(scan.lap()).isEqualTo(Lap.next(2));
        assertThat(scan.lastWrapAt()).contains(time().now());
        assertThat(scan.lastLapRows()).isEqualTo(ROWS);
    }

    @Test
    default void S7_a_skip_keeps_its_walkers_late_move_out() {
        // given: while its page is skipped, a walker succeeds with it
        Walker walker = walkedTo(key(500));
        done(walker.fail(BOUNDS));
        done(skip(failedPage()));

        // when
        List<Reason> reasons = walker.everyWrite().stream().map(this::reason).toList();

        // then: it has to look where the scan is now
        assertThat(reasons).containsOnly(Reason.RELEASED);
        assertThat(reason(walker.at(walker.step() + 1).move(key(700)))).isEqualTo(Reason.RELEASED);
        ScanState opened = done(walker.open());
        assertThat(opened.lap().cursor()).contains(key(600));
        done(walker.at(opened.step()).move(key(700)));
    }

    @Test
    default void S7_a_skip_is_for_the_page_as_it_was_seen_and_no_other() {
        // given
        Walker walker = walkedTo(key(500));
        done(walker.fail(BOUNDS));
        FailedPage seen = failedPage();

        // when: it has other rows the next time, and is handled at last, and the next page fails
        done(walker.fail(OTHER_ROWS));
        Reason otherRows = reason(skip(seen));
        Walker moved = after(walker, walker.move(key(600)));
        Reason handled = reason(skip(seen));
        done(moved.fail(BOUNDS));
        Reason next = reason(skip(seen));

        // then
        assertThat(List.of(otherRows, handled, next)).containsOnly(Reason.CONFLICT);
        assertThat(skipped()).isEmpty();
    }

    @Test
    default void S7_a_skip_of_the_page_as_it_failed_last_is_recorded_so() {
        // given: the same rows failed once more, after somebody looked
        Walker walker = walkedTo(key(500));
        done(walker.fail(BOUNDS));
        FailedPage seen = failedPage();
        Walker successor = opened();
        done(successor.fail(BOUNDS));
        FailedPage last = failedPage();

        // when
        done(skip(seen));

        // then
        assertThat(last.token()).isEqualTo(successor.token());
        assertThat(skipped()).extracting(SkippedPage::page).containsExactly(last);
    }

    @Test
    default void S7_what_has_not_failed_or_could_not_be_read_is_not_skipped() {
        // given
        Walker walker = walkedTo(key(500));
        done(walker.fail(BOUNDS));
        FailedPage known = failedPage();
        done(walker.failToRead());
        FailedPage unknown = failedPage();

        // when
        List<Reason> unread = List.of(reason(skip(unknown)), reason(skip(known)));
        Walker moved = after(walker, walker.move(key(600)));
        done(moved.fail(BOUNDS));
        FailedPage skipped = failedPage();
        done(skip(skipped));

        // then: nor twice
        assertThat(unread).containsOnly(Reason.CONFLICT);
        assertThat(reason(skip(skipped))).isEqualTo(Reason.CONFLICT);
        assertThat(skipped()).hasSize(1);
    }

    @Test
    default void S7_skipped_pages_are_told_latest_first_each_with_who_decided() {
        // given
        Walker walker = walkedTo(key(500));
        List<Actor> deciders = List.of(ANN, Actor.SYSTEM, Actor.user("bob"));

        // when
        for (Actor by : deciders) {
            done(walker.fail(BOUNDS));
            done(new ScanWrite.Skip(failedPage(), by));
            walker = walker.at(done(walker.open()).step());
            time().advance(Duration.ofSeconds(1));
        }

        // then
        assertThat(skipped()).extracting(SkippedPage::by).containsExactly(Actor.user("bob"), Actor.SYSTEM, ANN);
        assertThat(scanStore().skipped(scan(), 2)).isEqualTo(skipped().subList(0, 2));
        assertThat(scanStore().skipped(scan() + ".other", 2)).isEmpty();
    }
}
