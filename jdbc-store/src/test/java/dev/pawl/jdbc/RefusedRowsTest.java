package dev.pawl.jdbc;

import static dev.pawl.jdbc.ArticleTable.ARTICLES;
import static dev.pawl.jdbc.ArticleTable.titles;
import static dev.pawl.scan.KeyColumn.asc;
import static dev.pawl.scan.KeyColumn.desc;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.pawl.Json;
import dev.pawl.jdbc.internal.Postgres;
import dev.pawl.store.RowSource;
import dev.pawl.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which selects, key columns and rows are refused, and with which words. */
class RefusedRowsTest {
    private static Postgres.Fixture fixture;
    private static Jdbi sql;

    @BeforeAll
    static void open() {
        fixture = ArticleTable.made();
        sql = fixture.sql();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    /** Within a page, and where one ends. */
    @ParameterizedTest
    @CsvSource({"n, 2", "n, 1", "c, 2", "c, 1", "raw_, 2"})
    void a_key_that_two_rows_have_is_refused(String column, int page) {
        RowSource<String> rows = titles("select *, case when n = 1 then 1.0 end as raw_ from article")
                .by(asc(column))
                .pagesOf(page)
                .in(sql::open);
        Json end = rows.lastKey().orElseThrow();

        assertThatIllegalStateException()
                .isThrownBy(() -> rows.slice(Optional.empty(), end))
                .withMessageContaining("two rows have the key");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | is empty",
                "-- nothing | is empty",
                "delete from article returning * | must begin with 'select' or 'with', but begins with 'delete'",
                "select * from article; drop table article | one statement, without ';'",
                "select * from article order by id | must have no 'order by'",
                "select * from article limit 5 | must have no 'limit'",
                "select * from article fetch first 5 rows only | must have no 'fetch'",
                "select * from article for update | must have no 'for'",
                "select 'a from article | has a ' that is not closed",
                "select (1 from article | has a '(' that is not closed",
                "select 1) as q; -- | has a ')' without a '('",
                "select 1 /* | has a /* that is not closed",
                "select $a$ from article | has a $a$ that is not closed"
            })
    void a_select_that_can_not_be_paged_is_refused(String select, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SqlRows.select(select))
                .withMessageContaining("the select of the rows " + (why.startsWith("one") ? "must be " : ""))
                .withMessageContaining(why);
    }

    @Test
    void a_description_that_is_not_complete_is_refused() {
        SqlRows<String> rows = titles(ARTICLES + " where n = :n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rows.by())
                .withMessageContaining("at least one key column");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rows.by(asc("id"), desc("id")))
                .withMessageContaining("key column 'id' is named twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rows.bind("n", 1).in(sql::open))
                .withMessageContaining("call by(…)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rows.by(asc("id")).in(sql::open))
                .withMessageContaining("parameter ':n' has no value: call bind(\"n\", …)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rows.by(asc("id")).bind("n", 1).bind("m", 1).in(sql::open))
                .withMessageContaining("values are bound to [m], but the parameters are [n]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rows.bind("pawl_end_0", 1))
                .withMessageContaining("are Pawl's");
        assertThatIllegalArgumentException().isThrownBy(() -> rows.pagesOf(0)).withMessageContaining("but was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rows.pagesOf(10_001))
                .withMessageContaining("10001");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rows.lag(Duration.ofSeconds(-1)))
                .withMessageContaining("lag must not be negative");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nothing | is none of id, created_at, title",
                "twice | stands more than once among",
                "tags | is of type jsonb, whose values may not come back exactly",
                "raw | is of type bytea",
                "lax | takes different texts for one"
            })
    void a_key_column_that_can_not_be_one_is_refused_when_the_database_is_asked(String column, String why) {
        RowSource<String> rows = titles("select *, 1 as twice, 2 as twice from article")
                .by(asc(column))
                .in(sql::open);

        assertThatIllegalArgumentException().isThrownBy(rows::keyset).withMessageContaining(why);
        assertThatIllegalArgumentException().isThrownBy(rows::lastKey).withMessageContaining("'" + column + "'");
    }

    @Test
    void rows_with_one_key_are_refused_also_across_the_end_of_a_page() {
        for (int page : List.of(1, 2, 5)) {
            RowSource<String> rows =
                    titles(ARTICLES).by(asc("n"), asc("mood")).pagesOf(page).in(sql::open);
            Json end = rows.lastKey().orElseThrow();

            assertThatIllegalStateException()
                    .isThrownBy(() -> rows.slice(Optional.empty(), end))
                    .withMessageContaining("two rows have the key [\"1\",\"sad\"]")
                    .withMessageContaining("is not total");
        }
        for (String equal : List.of("numeric", "float8")) {
            RowSource<String> rows = titles(
                            "select title, cast(case when title = 'title 1' then '0.0' else '-0' end as " + equal
                                    + ") as k from article where title < 'title 3'")
                    .by(asc("k"))
                    .in(sql::open);
            assertThatIllegalStateException().isThrownBy(() -> Walk.lap(rows)).withMessageContaining("two rows");
        }
    }

    @Test
    void a_last_key_column_without_a_value_is_refused() {
        RowSource<String> rows = titles("select title, nullif(n, 1) as k from article")
                .by(asc("k").withNullsFirst())
                .in(sql::open);

        assertThatIllegalStateException().isThrownBy(rows::lastKey).withMessageContaining("[null] has no k");
        assertThatIllegalStateException()
                .isThrownBy(() -> rows.slice(Optional.empty(), Json.of("[\"1\"]")))
                .withMessageContaining("is not total");
    }

    @Test
    void what_the_database_does_not_understand_is_told() {
        RowSource<String> rows = titles("select * from nowhere").by(asc("id")).in(sql::open);

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(rows::keyset)
                .withMessageContaining("look at the columns of rows (select * from nowhere)")
                .withMessageContaining("\"nowhere\" does not exist");
    }

    @Test
    void a_stored_key_that_is_not_of_this_order_is_refused() {
        RowSource<String> rows = titles(ARTICLES).by(asc("id")).in(sql::open);

        assertThatIllegalStateException()
                .isThrownBy(() -> rows.slice(Optional.empty(), Json.of("[\"1\", \"2\"]")))
                .withMessageContaining("has 2 columns, but the keys are (id uuid asc nulls last)");
        assertThatIllegalStateException()
                .isThrownBy(() -> rows.slice(Optional.of(Json.of("{}")), Json.of("[\"1\"]")))
                .withMessageContaining("not what Pawl wrote");
    }
}
