package dev.pawl.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.jdbc.internal.Postgres;
import dev.pawl.scan.KeyColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every order of two columns that may be null and a unique one: ascending and descending mixed, nulls first and last, in pages that end
 * at every row. The database's own order says what is right.
 */
class MixedOrdersTest {
    /** Two rows of each pair of values, of which there are three a column, and none. */
    private static final int ROWS = 2 * 4 * 4;

    private static Postgres.Fixture fixture;
    private static Jdbi sql;

    @BeforeAll
    static void open() {
        fixture = Postgres.migrated();
        sql = fixture.sql();
        sql.useHandle(handle -> {
            handle.execute("create table mixed (id bigint primary key, rank integer, name text)");
            handle.execute("""
                    insert into mixed
                    select row_number() over (order by twice, name desc, rank),
                           rank,
                           name
                      from unnest(array[-1, 0, 7, null]) as r(rank),
                           unnest(array['', 'a', 'b', null]) as n(name),
                           generate_series(1, 2) as twice""");
        });
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    static Stream<List<KeyColumn>> orders() {
        return ways("rank")
                .flatMap(rank -> ways("name")
                        .flatMap(name -> Stream.of(false, true)
                                .map(descending -> List.of(rank, name, new KeyColumn("id", descending, descending)))));
    }

    private static Stream<KeyColumn> ways(String column) {
        return Stream.of(false, true)
                .flatMap(descending -> Stream.of(false, true).map(first -> new KeyColumn(column, descending, first)));
    }

    @ParameterizedTest
    @MethodSource("orders")
    void pages_are_the_table_in_order_wherever_they_end(List<KeyColumn> order) {
        String by = order.stream().map(KeyColumn::toString).collect(Collectors.joining(", "));
        List<Long> expected = sql.withHandle(handle -> handle.select("select id from mixed order by " + by)
                .mapTo(Long.class)
                .list());
        assertThat(expected).hasSize(ROWS);
        SqlRows<Long> rows = SqlRows.select("select id as this, m.* from mixed m")
                .by(order.toArray(KeyColumn[]::new))
                .as((row, context) -> row.getLong("this"));

        List<List<Long>> laps = new ArrayList<>();
        for (int page : List.of(1, 2, 3, 7, ROWS - 1, ROWS, ROWS + 1)) { // the first ends at every row
            laps.add(Walk.lap(rows.pagesOf(page).in(sql::open)));
        }

        assertThat(laps).as("by %s", by).containsOnly(expected);
    }
}
