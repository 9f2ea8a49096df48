package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.testkit.RowsInMemory;
import dev.pawl.testkit.contract.ScannedRows.Row;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** That laps which saw too little, or too much, are caught. */
class RandomTableTest {
    private static final long ONES = 200;

    /** Of all ids, after so many changes. */
    private final RandomTable table = new RandomTable(new Random(1), new RowsInMemory());

    private final List<Row> page = rows(1, 20);
    private final List<Row> next = rows(21, 40);

    RandomTableTest() {
        for (int i = 0; i < ONES; i++) {
            table.change();
        }
        table.lapBegins();
    }

    private static List<Row> rows(long from, long to) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(id -> new Row(id, null, null))
                .toList();
    }

    @Test
    void a_lap_that_saw_each_row_once_is_right() {
        table.handled(page);
        table.handled(next);

        assertThatCode(table::lapEnds).doesNotThrowAnyException();
    }

    @Test
    void one_that_missed_a_page_is_wrong() {
        table.handled(page);

        assertThatThrownBy(table::lapEnds).isInstanceOf(AssertionError.class);
    }

    @Test
    void one_that_saw_a_page_twice_is_wrong() {
        table.handled(page);
        table.handled(page);
        table.handled(next);

        assertThatThrownBy(table::lapEnds).isInstanceOf(AssertionError.class);
    }

    @Test
    void one_that_saw_a_page_again_after_its_crash_is_right() {
        table.handled(page);
        table.handled(next);
        table.crashed(next);
        table.handled(next);

        assertThatCode(table::lapEnds).doesNotThrowAnyException();
    }

    @Test
    void one_that_saw_it_again_twice_is_wrong() {
        table.handled(page);
        table.handled(next);
        table.crashed(next);
        table.handled(next);
        table.handled(next);

        assertThatThrownBy(table::lapEnds).isInstanceOf(AssertionError.class);
    }

    /** A crash repeats one page at most (S6). */
    @Test
    void one_that_saw_the_page_before_again_after_a_crash_is_wrong() {
        table.handled(page);
        table.handled(next);
        table.crashed(next);
        table.handled(page);
        table.handled(next);

        assertThatThrownBy(table::lapEnds).isInstanceOf(AssertionError.class);
    }
}
