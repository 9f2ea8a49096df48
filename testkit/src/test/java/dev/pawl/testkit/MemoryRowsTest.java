package dev.pawl.testkit;

import static dev.pawl.scan.KeyColumn.asc;
import static dev.pawl.scan.KeyColumn.desc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.Json;
import dev.pawl.scan.KeyColumn;
import dev.pawl.store.RowSource;
import dev.pawl.store.Slice;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MemoryRowsTest {
    /** Each in the order of PostgreSQL, with what Java would have otherwise, and what JSON has to escape. */
    static Stream<List<?>> inOrder() {
        return Stream.of(
                List.of(
                        "",
                        "\u0001\n\t\r",
                        " \"quoted\\ ,]\"",
                        "A",
                        "Z",
                        "a",
                        "a, b]",
                        "null",
                        "ü",
                        "\uFFFD",
                        "\uD83D\uDE00"),
                List.of(
                        (byte) -7,
                        0,
                        1L,
                        (short) 2,
                        new BigDecimal("2.5"),
                        10,
                        BigInteger.TWO.pow(70),
                        new BigDecimal("1E+30")),
                List.of(
                        new UUID(0, 1),
                        new UUID(1, Long.MAX_VALUE),
                        new UUID(1, Long.MIN_VALUE),
                        new UUID(Long.MIN_VALUE, 0),
                        new UUID(-1, -1)),
                List.of(
                        Instant.parse("0001-01-01T00:00:00Z"),
                        Instant.parse("2026-02-16T06:00:00.123456789Z"),
                        Instant.parse("2026-02-16T06:00:00.123457Z"),
                        Instant.parse("+12026-02-16T06:00:00Z")),
                List.of(LocalDate.MIN, LocalDate.EPOCH, LocalDate.of(2026, 2, 16), LocalDate.MAX),
                List.of(false, true));
    }

    @ParameterizedTest
    @MethodSource("inOrder")
    void values_are_in_the_order_of_postgresql_and_their_keys_come_back(List<?> values) {
        assertThat(laps(asc("v"), values)).isEqualTo(values);
        List<?> backwards = reversed(values);
        assertThat(laps(desc("v"), values)).isEqualTo(backwards);
    }

    @Test
    void rows_without_a_value_are_where_the_column_says() {
        List<@Nullable Object> values = new ArrayList<>(Arrays.asList(2, null, 1));

        assertThat(firstColumn(asc("v"), values)).containsExactly(1, 2, null);
        assertThat(firstColumn(desc("v"), values)).containsExactly(null, 2, 1);
        assertThat(firstColumn(asc("v").withNullsFirst(), values)).containsExactly(null, 1, 2);
        assertThat(firstColumn(desc("v").withNullsLast(), values)).containsExactly(2, 1, null);
    }

    @Test
    void later_columns_decide_among_equal_ones_each_in_its_direction() {
        List<List<Integer>> rows = List.of(List.of(1, 1), List.of(2, 2), List.of(1, 3), List.of(2, 4), List.of(1, 5));
        MemoryRows<List<Integer>> source = MemoryRows.<List<Integer>>of(() -> rows)
                .by(desc("v"), row -> row.get(0))
                .by(asc("id"), row -> row.get(1));

        for (int page = 1; page <= 6; page++) {
            assertThat(walked(source.pagesOf(page)))
                    .extracting(row -> row.get(1))
                    .as("pages of %d", page)
                    .containsExactly(2, 4, 1, 3, 5);
        }
        assertThat(source.keyset()).isEqualTo("v desc nulls first, id asc nulls last");
    }

    @Test
    void a_page_ends_at_the_end_of_the_lap_and_knows_its_successor() {
        MemoryRows<Integer> source = MemoryRows.of(() -> List.of(3, 1, 4, 2))
                .by(asc("id"), row -> row)
                .pagesOf(2);

        assertThat(source.slice(Optional.empty(), Json.of("[4]")))
                .isEqualTo(new Slice<>(List.of(1, 2), Optional.of(Json.of("[2]")), true));
        assertThat(source.slice(Optional.of(Json.of("[1]")), Json.of("[3]")).hasSuccessor())
                .isFalse();
        assertThat(source.slice(Optional.of(Json.of("[1.5]")), Json.of("[2.5]")).rows())
                .containsExactly(2);
        assertThat(source.slice(Optional.of(Json.of("[4]")), Json.of("[4]")))
                .isEqualTo(new Slice<>(List.of(), Optional.empty(), false));
        assertThat(MemoryRows.of(List::of).by(asc("id"), row -> row).lastKey()).isEmpty();
    }

    @Test
    void an_order_that_is_not_total_is_refused() {
        List<@Nullable Object> twice = List.of(1, 2, 1);
        RowSource<Object> equal = MemoryRows.<Object>of(() -> twice).by(asc("v"), row -> row);
        RowSource<Object> empty = MemoryRows.<Object>of(() -> List.of(1)).by(asc("v"), row -> null);

        assertThatThrownBy(equal::lastKey)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("two rows have the key [1]");
        assertThatThrownBy(() -> equal.slice(Optional.empty(), Json.of("[2]")))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(empty::lastKey)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no value in the last");
    }

    @Test
    void what_makes_no_key_is_refused_with_words() {
        MemoryRows<Object> rows = MemoryRows.of(() -> List.of(1.5));

        assertThatThrownBy(rows::lastKey)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no order yet");
        assertThatThrownBy(() -> rows.by(asc("v"), row -> row).lastKey())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("key column v has a value of java.lang.Double");
        assertThatThrownBy(() -> rows.by(asc("v"), row -> row).by(desc("v"), row -> row))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("v was given twice");
        assertThatThrownBy(() -> rows.pagesOf(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> rows.pagesOf(10_001)).isInstanceOf(IllegalArgumentException.class);
        MemoryRows<Object> mixed =
                MemoryRows.<Object>of(() -> List.of(1, "one")).by(asc("v"), row -> row);
        assertThatThrownBy(mixed::lastKey)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("can't be compared");
    }

    private static <V> List<V> laps(KeyColumn column, List<V> values) {
        List<V> shuffled = new ArrayList<>(values);
        Collections.rotate(shuffled, 2);
        MemoryRows<V> source = MemoryRows.<V>of(() -> shuffled).by(column, value -> value);
        assertThat(walked(source.pagesOf(1))).isEqualTo(walked(source));
        return walked(source);
    }

    private static List<@Nullable Object> firstColumn(KeyColumn column, List<@Nullable Object> values) {
        List<Integer> indexes = List.of(0, 1, 2);
        MemoryRows<Integer> source =
                MemoryRows.<Integer>of(() -> indexes).by(column, values::get).by(asc("id"), row -> row);
        assertThat(walked(source.pagesOf(1))).isEqualTo(walked(source));
        List<@Nullable Object> found = new ArrayList<>();
        walked(source).forEach(index -> found.add(values.get(index)));
        return found;
    }

    /** By way of the keys as JSON. */
    private static <T> List<T> walked(RowSource<T> source) {
        List<T> all = new ArrayList<>();
        Json end = source.lastKey().orElseThrow();
        Optional<Json> after = Optional.empty();
        Slice<T> slice;
        do {
            slice = source.slice(after, end);
            all.addAll(slice.rows());
            after = slice.last();
        } while (slice.hasSuccessor());
        return all;
    }

    private static <V> List<V> reversed(List<V> values) {
        List<V> reversed = new ArrayList<>(values);
        Collections.reverse(reversed);
        return reversed;
    }
}
