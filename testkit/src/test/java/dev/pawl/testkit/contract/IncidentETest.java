package dev.pawl.testkit.contract;

import static dev.pawl.scan.KeyColumn.asc;
import static dev.pawl.scan.KeyColumn.desc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.scan.KeyColumn;
import dev.pawl.testkit.RowsInMemory;
import dev.pawl.testkit.contract.ScannedRows.Row;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A scan over articles without a summary, newest first, reached the oldest and stopped finding work, though newer ones had become
 * unsummarised again: its cursor was set back only if the last page had processed something.
 */
class IncidentETest {
    static final int PAGE = 2;
    /** Rank is the day of an article. */
    private static final List<KeyColumn> NEWEST_FIRST = List.of(desc("rank"), desc("id"));
    /** Another kind, over articles that are to be indexed: by their titles. */
    private static final List<KeyColumn> BY_TITLE = List.of(asc("name"), asc("id"));

    @ParameterizedTest
    @EnumSource
    void rows_processed_at_the_end_set_the_cursor_back(Stores store) {
        processedAtTheEnd(scene(store));
    }

    @ParameterizedTest
    @EnumSource
    void nothing_processed_at_the_end_sets_the_cursor_back(Stores store) {
        nothingProcessedAtTheEnd(scene(store), NEWEST_FIRST);
    }

    @ParameterizedTest
    @EnumSource
    void in_the_middle_the_cursor_goes_on(Stores store) {
        inTheMiddle(scene(store));
    }

    @ParameterizedTest
    @EnumSource
    void the_second_kind_sets_its_cursor_back_whatever_was_processed(Stores store) {
        secondKind(scene(store));
        nothingProcessedAtTheEnd(scene(store), BY_TITLE);
    }

    @ParameterizedTest
    @EnumSource
    void articles_that_become_unsummarised_behind_the_cursor_are_found_in_the_next_lap(Stores store) {
        wholeStory(scene(store));
    }

    @Test
    void the_naive_scan_goes_back_if_it_processed_something() {
        processedAtTheEnd(naive());
        inTheMiddle(naive());
        secondKind(naive());
    }

    @Test
    void the_naive_scan_stays_at_the_end_for_ever() {
        assertFails(
                scene -> nothingProcessedAtTheEnd(scene, NEWEST_FIRST), "after a lap that ended with nothing to do");
        assertFails(scene -> nothingProcessedAtTheEnd(scene, BY_TITLE), "after a lap that ended with nothing to do");
        assertFails(IncidentETest::wholeStory, "found of those that became unsummarised again");
    }

    private static void processedAtTheEnd(Articles articles) {
        // given
        articles.store(4);
        PagedScan scan = articles.scan(NEWEST_FIRST);
        assertThat(ids(scan.page(row -> true))).containsExactly(4L, 3L);

        // when: the last page has something to do
        assertThat(ids(scan.page(row -> true))).containsExactly(2L, 1L);

        // then
        assertThat(ids(scan.page(row -> true))).containsExactly(4L, 3L);
    }

    private static void nothingProcessedAtTheEnd(Articles articles, List<KeyColumn> order) {
        // given
        articles.store(4);
        PagedScan scan = articles.scan(order);
        List<Long> first = ids(scan.page(row -> true));

        // when: the last page has nothing to do
        List<Long> last = ids(scan.page(row -> false));

        // then
        assertThat(first).hasSize(PAGE);
        assertThat(last).hasSize(PAGE).doesNotContainAnyElementsOf(first);
        assertThat(ids(scan.page(row -> true)))
                .as("after a lap that ended with nothing to do")
                .isEqualTo(first);
    }

    private static void inTheMiddle(Articles articles) {
        // given
        articles.store(6);
        PagedScan scan = articles.scan(NEWEST_FIRST);

        // when: with something to do, and with nothing
        assertThat(ids(scan.page(row -> true))).containsExactly(6L, 5L);
        assertThat(ids(scan.page(row -> false))).containsExactly(4L, 3L);

        // then
        assertThat(ids(scan.page(row -> true))).containsExactly(2L, 1L);
    }

    private static void secondKind(Articles articles) {
        // given
        articles.store(4);
        PagedScan scan = articles.scan(BY_TITLE);

        // when
        List<Long> first = ids(scan.page(row -> true));
        assertThat(ids(scan.page(row -> true))).hasSize(PAGE).doesNotContainAnyElementsOf(first);

        // then
        assertThat(ids(scan.page(row -> true))).isEqualTo(first);
    }

    private static void wholeStory(Articles articles) {
        // given: articles that are summarised, so that they are not there any more, but for the two oldest, which are
        // too short
        articles.store(6);
        PagedScan scan = articles.scan(NEWEST_FIRST);
        for (int page = 0; page < 3; page++) {
            scan.page(row -> row.id() > 2 && articles.summarise(row));
        }

        // when: the texts of two newer ones change
        articles.store(new Row(5, 5, "e, revised"), new Row(6, 6, "f, revised"));
        List<Row> found = List.of();
        for (int page = 0; page < 4 && found.stream().noneMatch(row -> row.id() > 2); page++) {
            found = scan.page(row -> row.id() > 2 && articles.summarise(row));
        }

        // then: whoever counts rows without a summary, and the scan, agree
        assertThat(ids(found))
                .as("found of those that became unsummarised again")
                .containsExactly(6L, 5L);
    }

    private static List<Long> ids(List<Row> rows) {
        return rows.stream().map(Row::id).toList();
    }

    private static void assertFails(Consumer<Articles> scenario, String at) {
        assertThatThrownBy(() -> scenario.accept(naive()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(at);
    }

    private static Articles scene(Stores store) {
        return store.articles();
    }

    private static Articles naive() {
        RowsInMemory table = new RowsInMemory();
        return new Articles(table, order -> new PagedScan.Naive(table.by(PAGE, order)));
    }

    /** Articles without a summary, and what scans them in some order. */
    record Articles(ScannedRows table, Function<List<KeyColumn>, PagedScan> scans) {
        void store(int count) {
            for (int i = 1; i <= count; i++) {
                store(new Row(i, i, Character.toString('a' + i * 5 % 7)));
            }
        }

        void store(Row... articles) {
            List.of(articles).forEach(table::put);
        }

        boolean summarise(Row article) {
            table.delete(article.id());
            return true;
        }

        PagedScan scan(List<KeyColumn> order) {
            return scans.apply(order);
        }
    }
}
