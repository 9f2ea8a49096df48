package dev.pawl.testkit.contract;

import static dev.pawl.scan.KeyColumn.asc;
import static dev.pawl.testkit.contract.Walker.KEYSET;
import static dev.pawl.testkit.contract.Walker.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pawl.lease.Refusal.Reason;
import dev.pawl.scan.Lap;
import dev.pawl.scan.ScanState;
import dev.pawl.store.RowSource;
import dev.pawl.store.ScanWrite;
import dev.pawl.store.Slice;
import dev.pawl.testkit.contract.ScannedRows.Row;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** S7 and S8 where rows can't be read for a while: their table was dropped, say, or a column renamed in the middle of a lap. */
interface UnreadRules extends ScanScene {
    @Test
    default void S8_a_keyset_that_can_not_be_read_leaves_the_stored_one_and_the_lap() {
        for (boolean startOver : List.of(false, true)) {
            // given
            Walker former = walking();
            done(former.move(key(500)));
            ScanState before = state();
            Walker walker = walker();

            // when
            ScanState scan = done(walker.open(ScanWrite.Open.UNREAD, startOver));

            // then: its walker can say so, and whoever can read it goes on
            assertThat(scan.isHeldBy(walker.fence())).isTrue();
            assertThat(scan.keyset()).isEqualTo(KEYSET);
            assertThat(scan.lap()).isEqualTo(before.lap());
            assertThat(scan.step()).isEqualTo(before.step());
            done(walker.at(scan.step()).failToRead());
            assertThat(reason(walker().open("id bigint asc nulls last", false))).isEqualTo(Reason.CONFLICT);
            assertThat(done(walker().open(KEYSET, startOver)).lap()).isEqualTo(before.lap());
            done(holding().wrap());
        }
    }

    @Test
    default void S8_no_lap_begins_before_the_keyset_was_read_and_the_first_that_is_read_is_the_scans() {
        // given
        Walker walker = walker();
        done(walker.open(ScanWrite.Open.UNREAD, false));

        // when
        List<Reason> reasons = List.of(reason(walker.begin()), reason(walker.move(key(500))), reason(walker.wrap()));
        done(walker.failToRead());

        // then
        assertThat(reasons).containsOnly(Reason.CONFLICT);
        assertThat(state().lap()).isEqualTo(Lap.next(1));
        ScanState scan = done(walker().open(KEYSET, false));
        assertThat(scan.keyset()).isEqualTo(KEYSET);
        assertThat(scan.failed()).as("until a lap begins").isPresent();
        assertThat(done(holding().begin()).failed()).isEmpty();
    }

    @Test
    default void S7_rows_that_can_not_be_read_are_a_page_that_failed_and_not_one_without_rows() {
        // given: a lap of three pages, of which one was handled
        Optional<ScannedRows> rows = rows();
        assumeTrue(rows.isPresent(), "there are no rows to scan beside the store under test");
        ScannedRows table = rows.get();
        LongStream.rangeClosed(1, 6).forEach(id -> table.put(new Row(id, 1, null)));
        RowSource<Row> source = twoByTwo(table);
        Walker walker = opened();
        done(walker.begin(source.lastKey(), Optional.empty()));
        handled(page(source));
        ScanState before = state();

        // when
        assumeTrue(table.hide(true), "the rows beside the store under test can always be read");
        RowSource<Row> anew = twoByTwo(table);

        // then: neither the walker that has read the order of the keys nor the next one takes them for none
        assertThatThrownBy(() -> page(source)).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> read(anew)).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(source::lastKey).isInstanceOf(RuntimeException.class);
        done(holding().failToRead());
        assertThat(reason(skip(failedPage()))).as("skipped unseen").isEqualTo(Reason.CONFLICT);
        assertThat(state().lap()).isEqualTo(before.lap());

        // and: once they can be read again, the lap goes on where it stood
        table.hide(false);
        Slice<Row> second = page(twoByTwo(table));
        assertThat(second.rows()).extracting(Row::id).containsExactly(3L, 4L);
        handled(second);
        handled(page(source));
        assertThat(state().lastLapRows()).isEqualTo(6);
        assertThat(state().failed()).isEmpty();
    }

    private static RowSource<Row> twoByTwo(ScannedRows table) {
        return table.by(2, List.of(asc("rank"), asc("id")));
    }

    /** As a walk does: first the order of the keys. */
    private Slice<Row> read(RowSource<Row> rows) {
        assertThat(rows.keyset()).isNotEmpty();
        return page(rows);
    }
}
