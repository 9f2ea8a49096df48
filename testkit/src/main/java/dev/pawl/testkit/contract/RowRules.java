package dev.pawl.testkit.contract;

import static dev.pawl.scan.KeyColumn.asc;
import static dev.pawl.scan.KeyColumn.desc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pawl.scan.KeyColumn;
import dev.pawl.store.RowSource;
import dev.pawl.store.Slice;
import dev.pawl.testkit.contract.ScannedRows.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** S2 and S4: which rows a lap sees, whatever happens to them meanwhile. */
interface RowRules extends ScanScene {
    int MOST_PAGES = 100;

    List<List<KeyColumn>> ORDERS = List.of(
            List.of(asc("id")),
            List.of(desc("id")),
            List.of(asc("rank"), asc("id")),
            List.of(desc("rank"), desc("id")),
            List.of(asc("rank").withNullsFirst(), desc("name"), asc("id")),
            List.of(desc("name").withNullsLast(), asc("rank"), desc("id")),
            List.of(desc("rank").withNullsLast(), asc("name").withNullsFirst(), asc("id")));

    List<KeyColumn> BY_RANK = List.of(asc("rank"), asc("id"));

    @Test
    default void S2_equal_sort_keys_skip_and_repeat_nothing() {
        // given: few values, each of many rows, and none
        ScannedRows table = table();
        List<Row> all = new ArrayList<>();
        @Nullable Integer[] ranks = {null, 1, 1, 2};
        @Nullable String[] names = {"a", null, "b"};
        for (int id = 1; id <= 14; id++) {
            Row row = new Row(id, ranks[id % ranks.length], names[id * id % 5 % names.length]);
            all.add(row);
            table.put(row);
        }
        opened();

        for (List<KeyColumn> order : ORDERS) {
            for (int page : List.of(1, 2, 3, 14, 100)) {
                // when
                List<Row> seen = lap(table.by(page, order), handled -> {});

                // then: each once, and in order
                assertThat(seen)
                        .as("by %s, in pages of %d", order, page)
                        .isEqualTo(all.stream().sorted(comparator(order)).toList());
            }
        }
    }

    @Test
    default void S2_rows_that_can_not_be_told_apart_are_refused() {
        // given
        ScannedRows table = table();
        table.put(new Row(1, 7, null));
        table.put(new Row(2, 7, "a"));

        for (int page : List.of(1, 2)) {
            // when
            RowSource<Row> twice = table.by(page, List.of(asc("rank")));
            RowSource<Row> nothing = table.by(page, List.of(desc("name")));

            // then
            assertThatThrownBy(() -> readAll(twice)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> readAll(nothing)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    default void S4_a_row_that_stays_is_seen_whatever_happens_to_the_others() {
        // given: ten rows with one rank, and one with none
        ScannedRows table = table();
        LongStream.rangeClosed(1, 10).forEach(id -> table.put(new Row(id * 10, 5, null)));
        table.put(new Row(1_000, null, null));
        opened();

        // when: the row at the cursor goes, or moves; rows come on both sides of it; the last one goes
        List<Row> seen = lap(table.by(2, BY_RANK), page -> {
            if (page == 1) {
                table.delete(20);
                table.put(new Row(1, 5, null));
                table.put(new Row(35, 5, "came"));
            } else if (page == 2) {
                table.put(new Row(35, 4, "moved behind"));
                table.put(new Row(50, 9, "moved ahead"));
                table.delete(1_000);
            }
        });

        // then
        List<Long> ids = seen.stream().map(Row::id).toList();
        assertThat(ids).contains(10L, 20L, 30L, 40L, 60L, 70L, 80L, 90L, 100L);
        assertThat(ids).containsExactly(10L, 20L, 30L, 35L, 40L, 60L, 70L, 80L, 90L, 100L, 50L);
        assertThat(ids).as("a row behind the cursor").doesNotContain(1L);
    }

    @Test
    default void S4_rows_that_keep_coming_do_not_make_a_lap_endless() {
        // given
        ScannedRows table = table();
        LongStream.rangeClosed(1, 6).forEach(id -> table.put(new Row(id, null, null)));
        opened();

        // when: two come with each page of two
        List<Row> first = lap(table.by(2, List.of(asc("id"))), page -> {
            table.put(new Row(100 + 2L * page, null, null));
            table.put(new Row(101 + 2L * page, null, null));
        });
        List<Row> second = lap(table.by(2, List.of(asc("id"))), page -> {});

        // then
        assertThat(first).extracting(Row::id).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(second).extracting(Row::id).startsWith(1L, 2L).contains(102L, 103L, 104L, 105L);
    }

    @Test
    default void S4_a_row_that_comes_behind_the_cursor_is_seen_in_the_next_lap() {
        // given: newest first
        ScannedRows table = table();
        LongStream.rangeClosed(1, 4).forEach(id -> table.put(new Row(id, null, null)));
        opened();

        // when
        List<Row> first = lap(table.by(3, List.of(desc("id"))), page -> table.put(new Row(9, null, null)));
        List<Row> second = lap(table.by(3, List.of(desc("id"))), page -> {});

        // then
        assertThat(first).extracting(Row::id).containsExactly(4L, 3L, 2L, 1L);
        assertThat(second).extracting(Row::id).containsExactly(9L, 4L, 3L, 2L, 1L);
    }

    @Test
    default void S4_a_lap_ends_even_if_all_its_rows_go() {
        // given
        ScannedRows table = table();
        LongStream.rangeClosed(1, 4).forEach(id -> table.put(new Row(id, 1, null)));
        opened();

        // when
        List<Row> seen = lap(table.by(2, BY_RANK), page -> {
            if (page == 1) {
                LongStream.rangeClosed(1, 4).forEach(table::delete);
            }
        });
        List<Row> nothing = lap(table.by(2, BY_RANK), page -> {});

        // then
        assertThat(seen).hasSize(2);
        assertThat(nothing).isEmpty();
        assertThat(state().lap().number()).isEqualTo(3);
    }

    private ScannedRows table() {
        Optional<ScannedRows> rows = rows();
        assumeTrue(rows.isPresent(), "there are no rows to scan beside the store under test");
        return rows.get();
    }

    /** Walks to the end of a lap; tells after each page, the first is 1, before the cursor is moved. */
    private List<Row> lap(RowSource<Row> rows, IntConsumer betweenPages) {
        long lap = state().lap().number();
        List<Row> seen = new ArrayList<>();
        for (int page = 1; state().lap().number() == lap; page++) {
            assertThat(page).as("pages of a lap").isLessThan(MOST_PAGES);
            if (!state().lap().hasBegun()) {
                done(holding().begin(rows.lastKey(), state().nudgedAt()));
            }
            if (state().lap().hasBegun()) {
                Slice<Row> slice = page(rows);
                seen.addAll(slice.rows());
                betweenPages.accept(page);
                handled(slice);
            }
        }
        return seen;
    }

    private static void readAll(RowSource<Row> rows) {
        Slice<Row> slice = rows.slice(Optional.empty(), rows.lastKey().orElseThrow());
        while (slice.hasSuccessor()) {
            slice = rows.slice(slice.last(), rows.lastKey().orElseThrow());
        }
    }

    static Comparator<Row> comparator(List<KeyColumn> order) {
        return order.stream()
                .map(RowRules::comparator)
                .reduce(Comparator::thenComparing)
                .orElseThrow();
    }

    private static Comparator<Row> comparator(KeyColumn column) {
        return switch (column.name()) {
            case "id" -> comparing(column, Row::id);
            case "rank" -> comparing(column, Row::rank);
            default -> comparing(column, Row::name);
        };
    }

    private static <V extends Comparable<V>> Comparator<Row> comparing(
            KeyColumn column, Function<Row, ? extends @Nullable V> value) {
        Comparator<V> natural = column.descending() ? Comparator.reverseOrder() : Comparator.naturalOrder();
        Comparator<@Nullable V> order =
                column.nullsFirst() ? Comparator.nullsFirst(natural) : Comparator.nullsLast(natural);
        return (one, other) -> order.compare(value.apply(one), value.apply(other));
    }
}
