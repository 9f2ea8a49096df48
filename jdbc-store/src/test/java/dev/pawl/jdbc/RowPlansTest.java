package dev.pawl.jdbc;

import static dev.pawl.scan.KeyColumn.asc;
import static dev.pawl.scan.KeyColumn.desc;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Json;
import dev.pawl.jdbc.internal.PlansOfRows;
import dev.pawl.jdbc.internal.Postgres;
import dev.pawl.scan.KeyColumn;
import dev.pawl.store.RowSource;
import dev.pawl.store.Slice;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A page in the middle of 1,000,000 rows reads just its own, for each order that an index serves. */
@Execution(ExecutionMode.SAME_THREAD)
class RowPlansTest {
    private static final int PAGE = 200;
    private static final int PAGES_OF_INDEXES = 40;

    private static Postgres.Fixture fixture;
    private static Jdbi sql;
    private static PlansOfRows plans;

    @BeforeAll
    static void fill() throws Exception {
        fixture = Postgres.migrated();
        sql = fixture.sql();
        plans = new PlansOfRows(fixture.schema());
        sql.useHandle(handle -> handle.createScript("""
                        create table article (
                          id int primary key, created_at timestamptz not null, state int not null, rank int,
                          genre int not null, late int, summary text);
                        insert into article
                          select i, timestamptz '2026-01-01Z' + (i / 3) * interval '1 second', i % 10,
                                 case when i % 7 = 0 then null else i % 1000 end, i / 1000 % 25,
                                 case when i > 500000 then i end, case when i % 100 <> 0 then 'done' end
                            from generate_series(1, 1000000) i;
                        create index on article (created_at, id);
                        create index on article (created_at desc, id);
                        create index on article (state, id desc);
                        create index on article (state, id);
                        create index on article (genre desc, rank nulls first, id);
                        create index on article (genre, state desc, id);
                        create index on article (rank desc nulls last, id);
                        create index on article (rank desc nulls first, id desc);
                        create index on article (late, id desc);
                        create index on article (created_at desc, id desc) where summary is null;
                        analyze article""").execute());
    }

    @AfterAll
    static void close() throws Exception {
        plans.close();
        fixture.close();
    }

    static Stream<Arguments> orders() {
        return Stream.of(
                Arguments.of("all ascending", "", by(asc("created_at"), asc("id"))),
                Arguments.of("all descending", "", by(desc("created_at"), desc("id"))),
                Arguments.of("two, mixed", "", by(desc("created_at"), asc("id"))),
                Arguments.of("two, mixed, and ten values of the first", "", by(asc("state"), desc("id"))),
                Arguments.of("ten values of the first", "", by(desc("state"), desc("id"))),
                Arguments.of(
                        "three, mixed, with nulls",
                        "",
                        by(desc("genre"), asc("rank").withNullsFirst(), asc("id"))),
                Arguments.of("three, mixed", "", by(asc("genre"), desc("state"), asc("id"))),
                Arguments.of("the same turned round", "", by(desc("genre"), asc("state"), desc("id"))),
                Arguments.of("nulls last", "", by(desc("rank").withNullsLast(), asc("id"))),
                Arguments.of("nulls last, turned round", "", by(asc("rank").withNullsFirst(), desc("id"))),
                Arguments.of("nulls first, all descending", "", by(desc("rank"), desc("id"))),
                Arguments.of("half of them nulls", "", by(asc("late"), desc("id"))),
                Arguments.of("one", "", by(asc("id"))),
                Arguments.of("partial index", "where summary is null", by(desc("created_at"), desc("id"))));
    }

    private static KeyColumn[] by(KeyColumn... columns) {
        return columns;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("orders")
    void a_page_in_the_middle_reads_its_own_rows(String name, String where, KeyColumn[] order) {
        List<String> middles = List.of("0.05", "0.13", "0.5", "0.87", "0.95");
        RowSource<Integer> rows = rows(where, order);
        Json end = rows.lastKey().orElseThrow();

        for (String middle : middles) {
            Slice<Integer> slice = plans.explained(() -> rows.slice(Optional.of(key(where, order, middle)), end));

            int read = slice.rows().size() + (slice.hasSuccessor() ? 1 : 0);
            assertThat(plans.rowsRead())
                    .as("%s at %s: %s", name, middle, plans.text())
                    .isBetween((long) read, read + 2L * order.length);
            assertThat(plans.blocks()).as(plans::text).isLessThan(PAGE + 1 + PAGES_OF_INDEXES);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("orders")
    void the_first_page_and_the_last_key_are_at_the_ends_of_the_index(String name, String where, KeyColumn[] order) {
        RowSource<Integer> rows = rows(where, order);

        Json end = plans.explained(() -> rows.lastKey().orElseThrow());
        assertThat(plans.rowsRead()).as(plans::text).isLessThanOrEqualTo(2);

        plans.explained(() -> rows.slice(Optional.empty(), end));
        assertThat(plans.rowsRead()).as(plans::text).isEqualTo(PAGE + 1);
    }

    /** The check bites: without an index all that is left is read, and so it is with a condition by 'or'. */
    @Test
    void reading_too_much_is_seen() {
        RowSource<Integer> unserved = rows("", by(asc("summary"), asc("id")));
        Json end = unserved.lastKey().orElseThrow();
        plans.explained(() -> unserved.slice(Optional.empty(), end));
        assertThat(plans.rowsRead()).as(plans::text).isGreaterThan(900_000);

        plans.explained(
                () -> plans.run("select * from article where state >= 5 and (state > 5 or (state = 5 and id < 500000))"
                        + " order by state, id desc limit 201"));
        assertThat(plans.rowsRead()).as(plans::text).isGreaterThan(10_000);
    }

    private static RowSource<Integer> rows(String where, KeyColumn[] order) {
        return SqlRows.select("select * from article " + where)
                .by(order)
                .pagesOf(PAGE)
                .as((row, context) -> row.getInt("id"))
                .in(plans::open);
    }

    /** The key of the row at a part of the way, by the walk's own form of it. */
    private static Json key(String where, KeyColumn[] order, String part) {
        String by = String.join(", ", Stream.of(order).map(KeyColumn::toString).toList());
        Map<String, Object> row = sql.withHandle(handle -> handle.select("select * from article " + where + " order by "
                        + by + " limit 1 offset (select cast(count(*) * " + part + " as int) from article " + where
                        + ")")
                .mapToMap()
                .one());
        return Json.of(Stream.of(order)
                .map(column -> row.get(column.name()))
                .map(value -> value == null ? "null" : "\"" + value + "\"")
                .toList()
                .toString());
    }
}
