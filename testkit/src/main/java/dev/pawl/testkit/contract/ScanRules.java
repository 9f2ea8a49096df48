package dev.pawl.testkit.contract;

import static dev.pawl.testkit.contract.Walker.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pawl.Json;
import dev.pawl.lease.Refusal;
import dev.pawl.lease.Refusal.Reason;
import dev.pawl.scan.FailedPage;
import dev.pawl.scan.Lap;
import dev.pawl.scan.ScanState;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.ScanWrite;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** S1 and S6: who may move a scan's cursor, and what a crash or a lost answer makes of it; and L5 and J11 of scans. */
interface ScanRules extends ScanScene {
    @Test
    default void S1_a_scan_that_is_opened_first_stands_before_its_first_lap() {
        // given
        Walker walker = walker();

        // when
        ScanState scan = done(walker.open());

        // then
        assertThat(scan.keyset()).isEqualTo(Walker.KEYSET);
        assertThat(scan.isHeldBy(walker.fence())).isTrue();
        assertThat(scan.lap()).isEqualTo(Lap.next(1));
        assertThat(scan.lastLapRows()).isZero();
        assertThat(List.of(scan.lastPageAt(), scan.lastWrapAt(), scan.nudgedAt(), scan.failed()))
                .containsOnly(Optional.empty());
        assertThat(skipped()).isEmpty();
    }

    @Test
    default void S1_a_walker_that_was_replaced_changes_nothing() {
        for (Function<Walker, ScanWrite> kind : Walker.WRITES) {
            // given
            Walker zombie = opened();
            if (!(kind.apply(zombie) instanceof ScanWrite.Begin)
                    && !state().lap().hasBegun()) {
                zombie = after(zombie, zombie.begin());
            }
            Walker successor = opened();

            // when
            Refusal refusal = refused(kind.apply(zombie));

            // then: also of what would be a repeat
            assertThat(refusal).isInstanceOf(Refusal.Superseded.class);
            assertThat(((Refusal.Superseded) refusal).by()).isEqualTo(successor.token());
            assertThat(((Refusal.Superseded) refusal).holder())
                    .contains(successor.fence().holder());
            assertThat(reason(kind.apply(zombie.at(zombie.step() - 1)))).isEqualTo(Reason.SUPERSEDED);
        }
    }

    @Test
    default void S1_a_walker_that_comes_late_does_not_take_the_scan_back() {
        // given
        Walker late = walker();
        done(late.open());
        Walker successor = opened();

        // when
        List<Reason> reasons =
                List.of(reason(late.open()), reason(late.open("id bigint asc nulls last", true)), reason(late.begin()));

        // then
        assertThat(reasons).containsOnly(Reason.SUPERSEDED);
        done(successor.begin());
    }

    @Test
    default void S1_token_and_holder_both_are_the_guard() {
        // given
        Walker walker = walkedTo(key(500));

        // when
        List<Walker> strangers = List.of(
                walker.named("walker-2#1"),
                walker.numbered(walker.token().value() + 1),
                walker.numbered(Math.max(1, walker.token().value() - 1)).named("walker-2#1"));

        // then
        for (Walker stranger : strangers) {
            assertThat(stranger.everyWrite().stream().map(this::reason))
                    .as("%s", stranger)
                    .containsOnly(Reason.SUPERSEDED);
        }
        assertThat(reason(walker.named("walker-2#1").open())).isEqualTo(Reason.SUPERSEDED);
        done(walker.move(key(600)));
    }

    @Test
    default void S1_a_scan_that_was_never_opened_is_missing() {
        // given
        Walker walker = walker();

        // when
        List<Reason> reasons = walker.everyWrite().stream().map(this::reason).toList();

        // then
        assertThat(reasons).containsOnly(Reason.MISSING);
        assertThat(reason(nudge())).isEqualTo(Reason.MISSING);
        assertThat(scanStore().find(scan())).isEmpty();
        assertThat(skipped()).isEmpty();
    }

    @Test
    default void S1_scans_are_told_apart_by_their_names() {
        // given
        Walker walker = walking();
        Walker other = walker.of(scan() + ".b");
        Walker first = walker.of(scan() + ".a");

        // when
        done(other.at(0).open());
        done(first.at(0).open());
        done(other.at(0).begin(key(7)));

        // then
        assertThat(state().lap().end()).contains(Walker.END);
        assertThat(scanStore().all().stream()
                        .filter(scan -> scan.name().startsWith(scan()))
                        .map(ScanState::name))
                .containsExactly(scan(), first.scan(), other.scan());
        assertThat(scanStore().all()).contains(state());
    }

    @Test
    default void S6_a_successor_goes_on_where_the_cursor_stands_so_that_one_page_is_repeated_at_most() {
        // given: a walker that handled the page after 500, and died before it moved the cursor
        Walker dead = walkedTo(key(500));
        done(dead.failToRead());
        done(nudge());
        ScanState before = state();

        // when
        Walker successor = opened();

        // then: but for the holder, all is as it was
        ScanState after = state();
        assertThat(after.isHeldBy(successor.fence())).isTrue();
        assertThat(after.lap()).isEqualTo(before.lap());
        assertThat(after.step()).isEqualTo(before.step());
        assertThat(after.failed()).isEqualTo(before.failed());
        assertThat(after.nudgedAt()).isEqualTo(before.nudgedAt());
        assertThat(after.lastPageAt()).isEqualTo(before.lastPageAt());
        assertThat(after.lap().cursor()).contains(key(500));
        done(successor.move(key(600)));
    }

    @Test
    default void S6_a_write_whose_answer_was_lost_may_be_repeated() {
        // given
        Walker walker = opened();

        // then: it has its effect once
        time().advance(Duration.ofSeconds(1));
        assertThat(done(walker.open())).isEqualTo(state());
        done(walker.begin());
        time().advance(Duration.ofSeconds(1));
        repeated(walker.begin());
        Walker begun = walker.at(walker.step() + 1);
        done(begun.move(key(500)));
        repeated(begun.move(key(500)));
        Walker moved = begun.at(begun.step() + 1);
        done(moved.wrap());
        time().advance(Duration.ofSeconds(1));
        repeated(moved.wrap());
        assertThat(state().lap().number()).isEqualTo(2);
    }

    @Test
    default void S6_a_write_of_another_step_is_late_or_early_and_changes_nothing() {
        // given
        Walker walker = walkedTo(key(500));
        Walker far = after(walker, walker.move(key(600)));

        // when
        List<ScanWrite> late = List.of(
                far.at(far.step() - 2).move(key(400)),
                far.at(far.step() - 2).wrap(),
                far.at(far.step() - 1).failToRead(),
                far.at(far.step() + 1).move(key(700)),
                far.at(far.step() + 1).failToRead());

        // then
        assertThat(late.stream().map(this::reason)).containsOnly(Reason.CONFLICT);
        done(far.move(key(700)));
    }

    @Test
    default void S6_an_acknowledged_move_survives_a_crash() {
        // given
        Walker walker = walkedTo(key(500));
        done(walker.fail(SkipRules.BOUNDS));
        WholeScan before = wholeScan();

        // when
        assumeTrue(crash(), "the store under test can't be made to crash here");

        // then
        assertThat(wholeScan()).isEqualTo(before);
        done(walker.move(key(600)));
    }

    @Test
    default void L5_the_times_of_a_scan_are_the_stores_to_the_microsecond() {
        // given
        time().advance(Duration.ofNanos(1_234_567_000));
        Walker walker = walking();
        Duration odd = Duration.ofNanos(5_000_001_999L);

        // when
        done(walker.fail(Optional.empty(), ErrorInfo.of("no"), odd, false));

        // then
        assertThat(state().lap().startedAt()).contains(time().now());
        assertThat(failedPage().since()).isEqualTo(time().now());
        assertThat(failedPage().retryAt()).isEqualTo(time().now().plus(Duration.ofNanos(5_000_001_000L)));
        time().advance(Duration.ofNanos(1_000));
        done(walker.wrap());
        assertThat(state().lastPageAt()).contains(time().now());
        assertThat(state().lastWrapAt()).contains(time().now());
    }

    @Test
    default void J11_keys_come_back_to_the_letter() {
        // given
        Json end = Json.of("[ \"\\u0000 \\u00e4\",1.10, 1e400 ,null]");
        Json cursor = Json.of("{\"b\" : 1, \"a\":2, \"b\": 3}");
        Walker walker = opened();

        // when
        Walker begun = after(walker, walker.begin(end));
        Walker moved = after(begun, begun.move(cursor));
        done(moved.fail(new FailedPage.Bounds(end, 3, true)));

        // then
        assertThat(state().lap().end()).contains(end);
        assertThat(state().lap().cursor()).contains(cursor);
        assertThat(failedPage().after()).contains(cursor);
        assertThat(failedPage().bounds().orElseThrow().last()).isEqualTo(end);
        done(skip(failedPage()));
        assertThat(skipped().get(0).page().after()).contains(cursor);
        assertThat(state().lap().cursor()).contains(end);
    }
}
