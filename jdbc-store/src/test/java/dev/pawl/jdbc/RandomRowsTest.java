package dev.pawl.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.jdbc.internal.Postgres;
import dev.pawl.scan.KeyColumn;
import dev.pawl.store.RowSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Random tables, orders and page sizes: the pages of a lap are the table, in PostgreSQL's own order. */
class RandomRowsTest {
    private static final Duration FOR = Duration.ofSeconds(Integer.getInteger("pawl.test.seconds", 10));

    /** Few values each, so that they are repeated heavily, and the odd ones of their type. */
    private static final Map<String, List<String>> VALUES = Map.ofEntries(
            Map.entry("integer", List.of("-2147483648", "0", "1", "2147483647")),
            Map.entry("numeric", List.of("1", "1.5", "1.50", "'NaN'", "-0.001")),
            Map.entry("double precision", List.of("'NaN'", "'-infinity'", "0.1", "'infinity'")),
            Map.entry("real", List.of("0.1", "1e-40", "3e38", "'-0'", "0")),
            Map.entry("text", List.of("''", "'a'", "'B'", "'b'", "'ä'", "'a\"\\ '")),
            Map.entry("char(3)", List.of("'a'", "'ab'", "' '")),
            Map.entry(
                    "timestamptz",
                    List.of(
                            "'infinity'",
                            "'0044-03-15 12:00:00.000001+00 BC'",
                            "'2026-10-25 02:30+01'",
                            "'1800-01-01Z'")),
            Map.entry(
                    "timestamp",
                    List.of("'-infinity'", "'2026-01-01 00:00:00.000001'", "'294276-12-31 23:59:59.999999'")),
            Map.entry("date", List.of("'infinity'", "'4713-01-01 BC'", "'5874897-12-31'")),
            Map.entry("boolean", List.of("true", "false")),
            Map.entry(
                    "uuid",
                    List.of(
                            "'00000000-0000-0000-0000-000000000000'",
                            "'80000000-0000-0000-0000-000000000000'",
                            "'ffffffff-ffff-ffff-ffff-ffffffffffff'")),
            Map.entry("mood", List.of("'sad'", "'Happy'", "'in between'")));

    private static Postgres.Fixture fixture;
    private static Jdbi sql;

    @BeforeAll
    static void open() {
        fixture = Postgres.migrated();
        sql = fixture.sql();
        sql.useHandle(handle -> handle.execute("create type mood as enum ('sad', 'in between', 'Happy')"));
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @Test
    void pages_are_the_table_in_order_each_row_once() {
        long deadline = System.nanoTime() + FOR.toNanos();
        long first = Long.getLong("pawl.model.seed", Instant.now().toEpochMilli());
        int tables = 0;
        for (long seed = first; tables < 40 || System.nanoTime() < deadline; seed++, tables++) {
            new Table(seed).check();
        }
    }

    /** One made from a seed. */
    private static final class Table {
        private final long seed;
        private final Random random;
        private final List<String> types = new ArrayList<>();
        private final List<Boolean> nullable = new ArrayList<>();

        Table(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            int columns = random.nextInt(4);
            List<String> all = VALUES.keySet().stream().sorted().collect(Collectors.toList());
            for (int i = 0; i < columns; i++) {
                types.add(all.get(random.nextInt(all.size())));
                nullable.add(random.nextBoolean());
            }
        }

        void check() {
            create();
            boolean same = random.nextInt(3) == 0;
            boolean allDescending = random.nextBoolean();
            List<KeyColumn> order = IntStream.rangeClosed(0, types.size())
                    .mapToObj(i -> new KeyColumn(
                            i == types.size() ? "id" : "c" + i,
                            same ? allDescending : random.nextBoolean(),
                            random.nextBoolean()))
                    .collect(Collectors.toList());
            String by = order.stream().map(KeyColumn::toString).collect(Collectors.joining(", "));
            List<Long> expected = sql.withHandle(handle -> handle.select("select id from t order by " + by)
                    .mapTo(long.class)
                    .list());
            RowSource<Long> rows = SqlRows.select("select t.id as this, t.* from t")
                    .by(order.toArray(KeyColumn[]::new))
                    .as((row, context) -> row.getLong("this"))
                    .pagesOf(1 + random.nextInt(12))
                    .in(sql::open);

            assertThat(Walk.lap(rows)).as("seed %d, %s by %s", seed, types, by).isEqualTo(expected);
        }

        private void create() {
            String columns = IntStream.range(0, types.size())
                    .mapToObj(i -> ", c" + i + " " + types.get(i) + (nullable.get(i) ? "" : " not null"))
                    .collect(Collectors.joining());
            sql.useHandle(handle -> {
                handle.execute("drop table if exists t");
                handle.execute("create table t (id bigint unique not null" + columns + ")");
                int count = random.nextInt(80);
                for (int id = 0; id < count; id++) {
                    handle.execute("insert into t values (" + id + values() + ")");
                }
            });
        }

        private String values() {
            return IntStream.range(0, types.size())
                    .mapToObj(i -> {
                        List<String> values = VALUES.get(types.get(i));
                        boolean none = nullable.get(i) && random.nextInt(4) == 0;
                        return ", " + (none ? "null" : values.get(random.nextInt(values.size())));
                    })
                    .collect(Collectors.joining());
        }
    }
}
