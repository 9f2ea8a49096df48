package dev.pawl.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.PawlSchema;
import dev.pawl.jdbc.SchemaException;
import dev.pawl.store.Claimed;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rule L9: rows that came without their sequence are found at the start, at little cost. */
class TokenCheckTest {
    private static final String JOBS = """
            insert into job (queue, id, pipeline, version, stages, stage, status, attempt, takeovers, priority, token, progress_no,
                             since, holder, lease_expires_at, due_at, payload, enqueued_at, started_at, ended_at)
            select '%s', cast(lpad(to_hex(%d + i), 32, '0') as uuid), 'p', 1, 3, 0, '%s', 1, 0, 0, %s, 0,
                   now(), null, null, %s, '{}', now(), %s, %s
              from generate_series(1, %d) as i
            """;

    private Postgres.Fixture fixture;

    @BeforeEach
    void migrate() {
        fixture = Postgres.migrated();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void L9_tokens_above_their_sequence_are_refused_until_they_are_advanced() {
        JobsOf jobs = new JobsOf(new JdbiJobStore(fixture.database()), "q");
        jobs.enqueue();
        Claimed claimed = jobs.claimOne("w#1");
        execute("update job set token = 1000123; select setval('fencing_token', 57)");

        assertThatThrownBy(this::open)
                .isInstanceOf(SchemaException.class)
                .hasMessage("job " + claimed.job().id() + " bears token 1000123, but the sequence " + fixture.schema()
                        + ".fencing_token has issued no more than 57, so tokens would be issued a second time: rows came without"
                        + " it, by logical replication or a partial restore. Stop all processes that use the schema, and run"
                        + " PawlSchema.advanceTokens(dataSource, \"" + fixture.schema()
                        + "\") as the role that owns it");

        PawlSchema.advanceTokens(Postgres.dataSource(), fixture.schema());
        open();
        execute("update job set lease_expires_at = now()");
        assertThat(jobs.claimOne("w#2").job().token().orElseThrow().value()).isGreaterThan(2_000_123);
    }

    @Test
    void L9_a_named_lease_bears_tokens_too() {
        execute(
                "insert into lease (name, token, since) values ('digest', 8, now()); select setval('fencing_token', 7)");

        assertThatThrownBy(this::open)
                .hasMessageStartingWith("lease digest bears token 8, but the sequence " + fixture.schema()
                        + ".fencing_token has issued no more than 7");
    }

    /** The lease of its walk may have gone meanwhile, with its token. */
    @Test
    void L9_a_scan_bears_the_token_of_the_last_that_opened_it() {
        execute("""
                insert into scan (name, keyset, step, token, since, lap, lap_rows, lap_pages, last_lap_rows, failed_attempts, failing)
                values ('digest', 'id bigint', 0, 8, now(), 1, 0, 0, 0, 0, false);
                select setval('fencing_token', 7)""");

        assertThatThrownBy(this::open)
                .hasMessageStartingWith("scan digest bears token 8, but the sequence " + fixture.schema()
                        + ".fencing_token has issued no more than 7");

        PawlSchema.advanceTokens(Postgres.dataSource(), fixture.schema());
        open();
    }

    @Test
    void L9_a_sequence_that_was_never_used_is_behind_every_token() {
        execute(JOBS.formatted("q", 0, "WAITING", "1", "now()", "now()", "null", 1));

        assertThatThrownBy(this::open).hasMessageContaining("has issued no more than 0");
    }

    @Test
    void L9_a_sequence_that_is_level_is_ahead() {
        execute(JOBS.formatted("q", 0, "WAITING", "7", "now()", "now()", "null", 1)
                + "; select setval('fencing_token', 7)");

        open();
    }

    /** Wherever the rows with tokens are: at the end, before a backlog of new jobs, in the last of many queues. */
    @ParameterizedTest
    @CsvSource({
        "ended and a backlog, 500, COMPLETED, 499",
        "waiting and a backlog, 500, WAITING, 19",
        "ended only, 0, COMPLETED, 499"
    })
    void L9_they_are_found_among_many(String what, int backlog, String status, long last) {
        boolean ended = status.equals("COMPLETED");
        for (int queue = 1; queue <= 40; queue++) {
            execute(JOBS.formatted("a" + queue, 0, "PENDING", "null", "now()", "null", "null", 5));
        }
        execute(JOBS.formatted(
                        "z",
                        0,
                        status,
                        "i",
                        ended ? "null" : "now() - interval '1 day'",
                        "now()",
                        ended ? "now()" : "null",
                        500)
                .replace("'p', 1, 3, 0, 'COMPLETED'", "'p', 1, 3, 3, 'COMPLETED'"));
        execute(JOBS.formatted("z", 1000, "PENDING", "null", "now()", "null", "null", backlog)
                + "; select setval('fencing_token', " + last + ")");

        assertThatThrownBy(this::open).as(what).hasMessageContaining("has issued no more than " + last);
    }

    @Test
    void the_rows_that_it_looks_at_are_few_however_many_there_are() throws SQLException {
        execute(JOBS.formatted("q", 0, "WAITING", "i", "now() - i * interval '1 s'", "now()", "null", 60_000)
                + "; select setval('fencing_token', 60000)");
        try (Connection connection = Postgres.dataSource().getConnection()) {
            Explained explained = new Explained(fixture.database(), connection, true);

            assertThat(new TokenCheck(fixture.database(), explained).findings()).isEmpty();

            assertThat(explained.plans())
                    .hasSizeGreaterThanOrEqualTo(2)
                    .noneMatch(plan -> plan.contains("Seq Scan on job"));
            assertThat(explained.pages()).isPositive().isLessThan(1_000);
        }
    }

    @Test
    void a_look_that_takes_too_long_is_given_up_with_a_warning() {
        execute(JOBS.formatted("q", 0, "WAITING", "i", "now()", "now()", "null", 1)
                + "; select setval('fencing_token', 7)");
        execute("alter table job rename to slow; create view job as select * from slow where pg_sleep(30) is not null");

        List<Finding> findings = new TokenCheck(fixture.database()).findings();

        assertThat(findings)
                .singleElement()
                .hasToString(
                        "tokens could not be compared with their sequence within two seconds. After a failover or a restore,"
                                + " run PawlSchema.advanceTokens before the start");
    }

    private void open() {
        JdbiPawl.with(fixture.pool()).schema(fixture.schema()).open().close();
    }

    private void execute(String sql) {
        fixture.sql().useHandle(handle -> Postgres.execute(handle.getConnection(), sql));
    }
}
