package dev.pawl.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.jdbc.internal.Postgres;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule L9: tokens go on, beyond what is there or by a number, and never back. */
class AdvanceTokensTest {
    private static final long MARGIN = 1_000_000;
    private static final DataSource OWNER = Postgres.dataSource();

    private Postgres.Fixture fixture;

    @BeforeEach
    void migrate() {
        fixture = Postgres.migrated();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    /** Each of the four tables may bear the highest. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                """
                insert into job (queue, id, pipeline, version, stages, stage, status, attempt, takeovers, priority, token, progress_no,
                                 since, due_at, payload, enqueued_at, started_at)
                values ('q', gen_random_uuid(), 'p', 1, 1, 0, 'WAITING', 1, 0, 0, 5000, 0, now(), now(), '{}', now(), now())
                """,
                "insert into checkpoint (queue, job_id, stage, token, at) values ('q', gen_random_uuid(), 0, 5000, now())",
                """
                insert into failure (queue, job_id, kind, stage, attempt, token, holder, at, message)
                values ('q', gen_random_uuid(), 'REFUSED', 0, 1, 5000, 'w#1', now(), '')
                """,
                "insert into lease (name, token, since) values ('digest', 5000, now())"
            })
    void L9_they_go_beyond_the_highest_of_all_rows_and_a_repeat_changes_nothing(String row) {
        execute(row);

        assertThat(advance()).isEqualTo(5000 + MARGIN);
        assertThat(advance()).isEqualTo(5000 + MARGIN);

        assertThat(next()).isEqualTo(5000 + MARGIN + 1);
    }

    @Test
    void L9_they_are_never_moved_back() {
        execute("select setval('fencing_token', 7000000)");

        assertThat(advance()).isEqualTo(7_000_000);
        assertThat(next()).isEqualTo(7_000_001);
    }

    @Test
    void L9_so_many_are_skipped_each_time() {
        assertThat(next()).isEqualTo(1);

        assertThat(PawlSchema.advanceTokens(OWNER, fixture.schema(), 100)).isEqualTo(101);
        assertThat(PawlSchema.advanceTokens(OWNER, fixture.schema(), 100)).isEqualTo(201);

        assertThat(next()).isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void L9_by_no_number_that_is_not_positive(long by) {
        assertThatThrownBy(() -> PawlSchema.advanceTokens(OWNER, fixture.schema(), by))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tokens are advanced by 1 or more, never back, but were to be by " + by);
        assertThat(next()).isEqualTo(1);
    }

    @Test
    void L9_they_end_before_they_overflow() {
        execute("select setval('fencing_token', 10)");

        assertThatThrownBy(() -> PawlSchema.advanceTokens(OWNER, fixture.schema(), Long.MAX_VALUE))
                .isInstanceOf(SchemaException.class)
                .hasMessage("tokens of schema " + fixture.schema()
                        + " are at 10 and can't be advanced by 9223372036854775807:"
                        + " they end at 9223372036854775807. Nothing was changed. Look for the row that bears such a token: a"
                        + " sequence does not get there");
        assertThat(next()).isEqualTo(11);

        execute("insert into checkpoint (queue, job_id, stage, token, at) values ('q', gen_random_uuid(), 0, "
                + (Long.MAX_VALUE - 1) + ", now())");
        assertThatThrownBy(this::advance)
                .hasMessageContaining("are at 9223372036854775806 and can't be advanced by 1000000");
        assertThat(next()).isEqualTo(12);
    }

    /** While others draw: nothing is drawn twice, and none of theirs is overtaken by a lower one. */
    @Test
    void L9_no_token_is_drawn_twice_while_they_are_moved() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<List<Long>>> drawers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                drawers.add(threads.submit(() -> {
                    List<Long> drawn = new ArrayList<>();
                    while (!enough.get()) {
                        drawn.add(next());
                    }
                    return drawn;
                }));
            }
            for (int i = 0; i < 40; i++) {
                PawlSchema.advanceTokens(OWNER, fixture.schema(), 3);
            }
            enough.set(true);

            List<Long> all = new ArrayList<>();
            for (Future<List<Long>> one : drawers) {
                List<Long> drawn = one.get(30, TimeUnit.SECONDS);
                assertThat(drawn).isSorted();
                all.addAll(drawn);
            }
            assertThat(all).hasSizeGreaterThan(100).doesNotHaveDuplicates();
        } finally {
            enough.set(true);
            threads.shutdownNow();
        }
    }

    @Test
    void L9_a_role_that_works_can_not_move_them() {
        String role = Postgres.newSchema() + "_worker";
        execute("create role " + role + " login; grant usage on schema " + fixture.schema() + " to " + role
                + "; grant select on job, checkpoint, failure, lease to " + role + "; grant usage on fencing_token to "
                + role);

        assertThatThrownBy(() -> PawlSchema.advanceTokens(Postgres.dataSource(role), fixture.schema(), 5))
                .isInstanceOf(SchemaException.class)
                .hasMessageStartingWith("could not advance the tokens of schema " + fixture.schema() + ": ")
                .hasMessageContaining("must be owner of sequence fencing_token")
                .hasMessageContaining("do it as the role that owns the schema")
                .hasMessageEndingWith("Nothing was changed");
        assertThat(next()).isEqualTo(1);
    }

    @Test
    void L9_a_schema_that_is_missing_has_none() {
        assertThatThrownBy(() -> PawlSchema.advanceTokens(OWNER, "nowhere"))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("could not advance the tokens of schema nowhere")
                .hasMessageContaining("see PawlSchema.migrate");
    }

    private long advance() {
        return PawlSchema.advanceTokens(OWNER, fixture.schema());
    }

    private long next() {
        return fixture.count("select nextval('" + fixture.schema() + ".fencing_token')");
    }

    private void execute(String sql) {
        fixture.sql().useHandle(handle -> Postgres.execute(handle.getConnection(), sql));
    }
}
