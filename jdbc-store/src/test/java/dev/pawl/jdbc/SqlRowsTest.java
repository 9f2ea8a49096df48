package dev.pawl.jdbc;

import static dev.pawl.jdbc.ArticleTable.ARTICLES;
import static dev.pawl.jdbc.ArticleTable.titles;
import static dev.pawl.scan.KeyColumn.asc;
import static dev.pawl.scan.KeyColumn.desc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pawl.Json;
import dev.pawl.jdbc.internal.Postgres;
import dev.pawl.scan.KeyColumn;
import dev.pawl.store.RowSource;
import dev.pawl.store.Slice;
import dev.pawl.store.UnmappedPageException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.Assertions;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ReflectionMappers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be said of rows, and what comes of it. */
class SqlRowsTest {
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

    /** A row by its columns' names. */
    public record Article(UUID id, Instant createdAt, String title) {}

    /** The same as a bean. */
    public static class Titled {
        private String title = "";

        /** Its title. */
        public String getTitle() {
            return title;
        }

        /** Sets it. */
        public void setTitle(String title) {
            this.title = title;
        }
    }

    private static List<String> numbers(SqlRows<String> rows) {
        return Walk.lap(rows.in(sql::open)).stream()
                .map(title -> title.substring("title ".length()))
                .toList();
    }

    @Test
    void the_keyset_says_all_that_a_key_depends_on() {
        assertThat(titles(ARTICLES)
                        .by(desc("created_at"), asc("c"), asc("id").withNullsFirst())
                        .in(sql::open)
                        .keyset())
                .isEqualTo(
                        "created_at timestamptz desc nulls first, c text collate \"C\" asc nulls last, id uuid asc nulls first");
        assertThat(titles(ARTICLES).by(asc("mood"), asc("title")).in(sql::open).keyset())
                .isEqualTo("mood " + fixture.schema() + ".mood asc nulls last, title text asc nulls last");
    }

    @Test
    void rows_are_made_by_a_record_a_bean_a_column_a_mapper_of_the_applications_or_a_map() {
        SqlRows<?> byId =
                SqlRows.select("select id, created_at, title from article").by(asc("id"));

        assertThat(Walk.lap(byId.as(Article.class).in(sql::open)).get(0))
                .isEqualTo(new Article(new UUID(0, 1), Instant.parse("2026-01-02T00:00:00Z"), "title 1"));
        assertThat(Walk.lap(byId.as(Titled.class).in(sql::open)).get(1).getTitle())
                .isEqualTo("title 2");
        assertThat(Walk.lap(byId.as(UUID.class).in(sql::open)).get(2)).isEqualTo(new UUID(0, 3));
        Jdbi theirs = fixture.sql();
        theirs.registerRowMapper(Titled.class, (row, context) -> {
            Titled titled = new Titled();
            titled.setTitle("ours " + row.getString("title"));
            return titled;
        });
        assertThat(Walk.lap(byId.as(Titled.class).in(theirs::open)).get(3).getTitle())
                .isEqualTo("ours title 4");
        assertThat(Walk.lap(SqlRows.select("select id, n from article")
                                .by(asc("n"), asc("id"))
                                .in(sql::open))
                        .get(4))
                .isEqualTo(Map.of("id", new UUID(0, 5), "n", 1));
    }

    /** In an order that one condition does not say, either. */
    @Test
    void a_mapper_that_bears_no_other_columns_meets_none() {
        Jdbi strict = fixture.sql();
        strict.getConfig(ReflectionMappers.class).setStrictMatching(true);

        assertThat(Walk.lap(SqlRows.select("select id, created_at, title from article")
                        .by(desc("created_at"), asc("id"))
                        .as(Article.class)
                        .pagesOf(2)
                        .in(strict::open)))
                .hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void where_a_page_ends_is_known_though_a_row_of_it_can_not_be_made(boolean descending) {
        RowSource<String> rows = SqlRows.select(ARTICLES)
                .by(new KeyColumn("created_at", descending, true), asc("id"))
                .as((row, context) -> {
                    if (row.getString("title").equals("title 3")) {
                        throw new IllegalArgumentException("no title");
                    }
                    return row.getString("title");
                })
                .pagesOf(4)
                .in(sql::open);
        Json end = rows.lastKey().orElseThrow();

        UnmappedPageException unmapped =
                Assertions.catchThrowableOfType(UnmappedPageException.class, () -> rows.slice(Optional.empty(), end));

        assertThat(unmapped.why()).isInstanceOf(IllegalArgumentException.class).hasMessage("no title");
        assertThat(unmapped.bounds().rows()).isEqualTo(4);
        assertThat(unmapped.bounds().hasSuccessor()).isTrue();
        assertThat(rows.slice(Optional.of(unmapped.bounds().last()), end).rows())
                .containsExactly(descending ? "title 1" : "title 5");
    }

    @Test
    void a_table_of_the_same_name_in_another_schema_is_another() {
        try (Postgres.Fixture elsewhere = Postgres.migrated()) {
            elsewhere.sql().useHandle(handle -> {
                handle.execute("create table article (id uuid, title text not null)");
                handle.execute("insert into article values (?, 'title 9')", new UUID(0, 9));
            });
            SqlRows<String> rows = titles(ARTICLES).by(asc("id"));

            RowSource<String> here = rows.in(sql::open);
            RowSource<String> there = rows.in(elsewhere.sql()::open);

            assertThat(Walk.lap(there)).containsExactly("title 9");
            assertThat(Walk.lap(here)).hasSize(5);
            assertThat(Walk.lap(there)).as("once more").containsExactly("title 9");
        }
    }

    @Test
    void the_order_of_calls_does_not_matter_and_each_makes_a_copy() {
        SqlRows<Map<String, Object>> rows = SqlRows.select("select * from article where n = :n");
        SqlRows<Article> one =
                rows.bind("n", 1).pagesOf(2).by(desc("id")).lag(Duration.ZERO).as(Article.class);
        SqlRows<Article> other = rows.as(Article.class)
                .lag(Duration.ZERO)
                .by(desc("id"))
                .pagesOf(2)
                .bind("n", 1);

        assertThat(Walk.lap(one.in(sql::open))).hasSize(5).isEqualTo(Walk.lap(other.in(sql::open)));
        assertThat(Walk.lap(one.bind("n", 2).in(sql::open))).isEmpty();
        assertThat(Walk.lap(one.in(sql::open))).hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select * from article where title <> ':nobody'",
                "select * from article -- where ? is :odd; order by 1 limit (",
                "select * from article /* :a /* ; ? */ ( */ where title <> $x$ :b ; ' ? $x$",
                "with recent as (select * from article order by created_at limit 100) select * from recent",
                "select * from article where tags ? 'hot' and tags ?| array['hot']",
                "select id, title, (array[1, 2, 3])[1:2] as limit_, 'x'::text || e'it\\'s :c ;' from article",
                "select a.*, row_number() over (order by id) as r from article a where n::bigint = 1",
                "select *, 'a' as \"order\", substring(title for 3) as s from article",
                "select * from article where created_at > '2026-01-01 00:00:00'"
            })
    void nothing_in_a_select_means_anything_else_than_in_PostgreSQL(String select) {
        assertThat(numbers(titles(select).by(desc("id")).pagesOf(2))).containsExactly("5", "4", "3", "2", "1");
    }

    @Test
    void names_are_quoted_and_folded_as_SQL_folds_them() {
        assertThat(numbers(titles("select *, id as \"ID\", id as \"order\" from article")
                        .by(desc("order"))))
                .containsExactly("5", "4", "3", "2", "1");
        assertThat(numbers(titles("select title, id as pubId from article").by(desc("pubId"))))
                .startsWith("5");
        assertThat(titles("select *, id as \"ID\" from article")
                        .by(desc("ID"))
                        .in(sql::open)
                        .keyset())
                .startsWith("ID ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KeyColumn("id\" desc; drop table article; --", false, false));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        titles(ARTICLES).by(asc("id"), asc("ID")).in(sql::open).keyset())
                .withMessageContaining("named twice");
    }

    /** The base column is not null, and the driver says so; the join makes it null all the same. */
    @Test
    void a_column_that_an_outer_join_makes_null_is_walked() {
        List<Object> all = Walk.lap(SqlRows.select(
                        "select g.i, a.title from generate_series(1, 9) g(i) left join article a on a.title = 'title ' || g.i")
                .by(asc("title"), asc("i"))
                .pagesOf(2)
                .as((row, context) -> row.getObject("i"))
                .in(sql::open));

        assertThat(all).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void young_rows_wait_and_those_without_a_time_do_not() {
        String select = "select * from aged";
        sql.useHandle(handle -> handle.execute(
                "create table aged as select * from (values ('title 1', now() - interval '1 hour'), ('title 2', now()),"
                        + " ('title 3', null), ('title 4', now() + interval '1 hour')) as v(title, at)"));
        SqlRows<String> rows = titles(select).lag(Duration.ofMinutes(30)).pagesOf(1);

        assertThat(numbers(rows.by(asc("at"), asc("title")))).containsExactly("1", "3");
        assertThat(numbers(rows.by(desc("at"), asc("title")))).containsExactly("3", "1");
        assertThat(numbers(rows.by(desc("at").withNullsLast(), asc("title")))).containsExactly("1", "3");
        assertThat(numbers(rows.lag(Duration.ofDays(1)).by(asc("at"), asc("title"))))
                .containsExactly("3");
        assertThat(numbers(titles("select title, at from (" + select + ") v where at is not null")
                        .by(desc("at"), asc("title"))))
                .containsExactly("4", "2", "1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rows.by(asc("title")).in(sql::open).keyset())
                .withMessageContaining("needs a timestamptz or timestamp as the first key column, but title is text");
    }

    @Test
    void the_end_bounds_a_page_and_need_not_be_a_row() {
        RowSource<String> rows =
                titles(ARTICLES).by(asc("created_at"), asc("id")).pagesOf(3).in(sql::open);

        Slice<String> slice = rows.slice(
                Optional.empty(), Json.of("[\"2026-01-04 00:00:00+00\", \"ffffffff-0000-0000-0000-000000000000\"]"));

        assertThat(slice.rows()).containsExactly("title 1", "title 2", "title 3");
        assertThat(slice.hasSuccessor()).isFalse();
        assertThat(rows.slice(
                                slice.last(),
                                Json.of("[\"2026-01-04 00:00:00+00\", \"00000000-0000-0000-0000-000000000003\"]"))
                        .rows())
                .isEmpty();
    }

    /** A role's defaults reach neither the snapshot of a page nor the digits of its numbers. */
    @Test
    void nothing_depends_on_the_defaults_of_the_session() {
        Jdbi odd = Jdbi.create(() -> {
            var connection = fixture.pool().getConnection();
            Postgres.execute(
                    connection,
                    "set search_path = " + fixture.schema() + "; set extra_float_digits = -5;"
                            + " set default_transaction_isolation = 'serializable'; set timezone = 'Asia/Kathmandu'");
            return connection;
        });
        SqlRows<Double> rows = SqlRows.select("select cast(i as float8) / 3 as k from generate_series(1, 9) g(i)")
                .by(desc("k"))
                .pagesOf(2)
                .as(Double.class);

        Assertions.assertThat(Walk.lap(rows.in(odd::open))).hasSize(9).isEqualTo(Walk.lap(rows.in(sql::open)));
    }
}
