package dev.pawl.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.Json;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.Claimed;
import dev.pawl.store.JobWrite;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Statements on the way of a job are look-ups by key, whatever the planner last counted: prepared while the tables were
 * empty, and run when they are full. Each would read its whole table if the planner had its way ({@link #red()}).
 */
@Execution(ExecutionMode.SAME_THREAD)
class PlansTest {
    private static final int MANY = 100_000;
    private static final int SOME = 20_000;
    private static final int UNTIL_A_PLAN_IS_KEPT = 12;

    private Postgres.Fixture fixture;
    private Connection connection;
    private Explained explained;
    private JobsOf jobs;

    @BeforeEach
    void open() throws SQLException {
        fixture = Postgres.migrated();
        connection = Postgres.dataSource().getConnection();
        explained = new Explained(fixture.database(), connection, true);
        jobs = new JobsOf(new JdbiJobStore(fixture.database(), explained, false), "q");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        fixture.close();
    }

    @Test
    void on_tables_that_were_empty_and_are_full_now() {
        run("vacuum analyze job");
        run("vacuum analyze checkpoint");
        for (int i = 0; i < UNTIL_A_PLAN_IS_KEPT; i++) {
            everyHotStatement(1);
        }
        fill("q", MANY, 0, "now() - interval '1 hour'");

        everyHotStatement(100);
    }

    @Test
    void on_full_tables_that_the_planner_has_counted() {
        fill("q", MANY, 0, "now() - interval '1 hour'");
        run("vacuum analyze job");
        for (int i = 0; i < UNTIL_A_PLAN_IS_KEPT; i++) {
            everyHotStatement(100);
        }
    }

    private void everyHotStatement(int n) {
        jobs.enqueue(n);
        isByKey(n);
        jobs.store()
                .enqueue(IntStream.range(0, n)
                        .mapToObj(i -> jobs.row(UUID.randomUUID(), Optional.of("key " + i % 3)))
                        .toList());
        isByKey(n);
        List<Claimed> claimed = jobs.claim(n, "w#" + UUID.randomUUID());
        assertThat(claimed).hasSize(n);
        isByKey(n);
        jobs.store()
                .write(claimed.stream()
                        .map(job -> new JobWrite.Renew(job.job().id(), JobsOf.fence(job), JobsOf.LEASE))
                        .toList());
        isByKey(n);
        jobs.store()
                .write(claimed.stream()
                        .map(job -> new JobWrite.SaveProgress(
                                job.job().id(), JobsOf.fence(job), 0, 1, Json.NULL, JobsOf.LEASE))
                        .toList());
        isByKey(n);
        for (int stage = 0; stage < 3; stage++) {
            int at = stage;
            jobs.store()
                    .write(claimed.stream()
                            .map(job -> JobsOf.checkpointing(job, at, "1"))
                            .toList());
            isByKey(n);
        }
    }

    private void isByKey(int n) {
        assertThat(explained.plans())
                .allSatisfy(plan -> assertThat(plan)
                        .doesNotContain("Seq Scan on")
                        .doesNotContain("Bitmap")
                        .doesNotContain("Hash")
                        .doesNotContain("Sort")
                        .doesNotContain("Merge"));
        assertThat(explained.rowsRead()).as(explained.plan()).isLessThanOrEqualTo(4L * n + 10);
        assertThat(explained.pages()).as(explained.plan()).isLessThan(100 * n + 200);
    }

    @Test
    void future_jobs_of_a_high_priority_are_not_read() {
        fill("q", SOME, 5, "now() + interval '1 hour'");
        fill("q", 100, 0, "now() - interval '1 hour'");

        assertThat(jobs.claim(10, "w#0")).hasSize(10);
        assertThat(jobs.claim(10, "w#1")).hasSize(10);

        isShort();
    }

    @Test
    void ended_jobs_cost_a_claim_nothing() {
        fill("q", SOME, 0, "now()");
        run("update job set due_at = null, status = 'CANCELLED', ended_at = now()");
        run("vacuum job");
        fill("q", 20, 0, "now() - interval '1 hour'");

        assertThat(jobs.claim(10, "w#0")).hasSize(10);
        assertThat(jobs.claim(10, "w#1")).hasSize(10);

        isShort();
    }

    @Test
    void a_bound_steps_over_leased_jobs() {
        fill("q", SOME, 0, "now() - interval '2 hours'");
        run("update job set status = 'RUNNING', token = 1, holder = 'h', lease_expires_at = now() + interval '1 hour',"
                + " started_at = now()");
        run("vacuum job");
        fill("q", 20, 0, "now() - interval '1 hour'");
        Instant bound = Instant.now().minusSeconds(5_000);

        ClaimRequest request = jobs.request(10, "w#1").from(Map.of(0, new ClaimRequest.Place(bound, new UUID(0, 0))));
        assertThat(jobs.store().claim(request)).hasSize(10);
        assertThat(jobs.store().claim(request)).hasSize(10);

        isShort();
    }

    /** Asked of a statement's second run: in its first a session also reads the catalog, more of it with each version. */
    private void isShort() {
        assertThat(explained.rowsRead()).as(explained.plan()).isLessThan(60);
        assertThat(explained.pages()).as(explained.plan()).isLessThan(300);
    }

    @Test
    void a_known_key_is_looked_up_by_its_index() {
        fill("q", SOME, 0, "now()");
        run("update job set key = cast(id as text)");
        run("vacuum analyze job");
        UUID known = UUID.fromString(fixture.sql()
                .withHandle(handle -> handle.select("select key from job limit 1")
                        .mapTo(String.class)
                        .one()));

        for (int i = 0; i < 2; i++) { // in the first a session also reads of each index in the catalog
            assertThat(jobs.store().enqueue(List.of(jobs.row(UUID.randomUUID(), Optional.of(known.toString())))))
                    .singleElement()
                    .satisfies(enqueued -> assertThat(enqueued.id().uuid()).isEqualTo(known));
        }

        assertThat(explained.plans()).hasSize(2);
        assertThat(explained.pages()).isLessThan(60);
    }

    /** Claims, renewals and all checkpoints but the last change no indexed column, and write no index. */
    @Test
    void what_moves_no_job_in_the_order_is_heap_only() throws SQLException {
        jobs.enqueue(5); // with all their versions on one page, whoever may still see the old ones
        List<Claimed> claimed = jobs.claim(5, "w#1");
        jobs.store()
                .write(claimed.stream()
                        .map(job -> new JobWrite.Renew(job.job().id(), JobsOf.fence(job), JobsOf.LEASE))
                        .toList());
        jobs.store()
                .write(claimed.stream()
                        .map(job -> JobsOf.checkpointing(job, 0, "1"))
                        .toList());
        connection.close(); // PostgreSQL 14 hears of a session's updates at its next transaction, or at its end

        String updates = " from pg_stat_user_tables where relname = 'job' and schemaname = '" + fixture.schema() + "'";
        await().atMost(Duration.ofSeconds(30)).until(() -> fixture.count("select n_tup_upd" + updates) == 15);
        assertThat(fixture.count("select n_tup_hot_upd" + updates)).isEqualTo(15);
    }

    /** The same statement without the settings of Pawl's own transactions: so the checks above can fail. */
    @Test
    void red() throws SQLException {
        try (Connection plain = Postgres.dataSource().getConnection()) {
            Explained unsettled = new Explained(fixture.database(), plain, false);
            jobs = new JobsOf(new JdbiJobStore(fixture.database(), unsettled, false), "q");
            fill("q", 12_000, 0, "now() - interval '1 hour'");
            run("vacuum analyze job");
            List<Claimed> claimed = jobs.claim(2_000, "w#1");
            jobs.store()
                    .write(claimed.stream()
                            .map(job -> JobsOf.checkpointing(job, 0, "1"))
                            .toList());

            assertThat(unsettled.plan()).containsAnyOf("Seq Scan on job", "Hash Join", "Merge Join");
        }
    }

    private void fill(String queue, int n, int priority, String due) {
        run(
                "insert into job (queue, id, pipeline, version, stages, stage, status, priority, attempt, takeovers, due_at, since,"
                        + " progress_no, payload, enqueued_at) select '" + queue
                        + "', gen_random_uuid(), 'p', 1, 3, 0, 'PENDING', "
                        + priority + ", 0, 0, " + due + ", now(), 0, '{}', now() from generate_series(1, " + n + ")");
    }

    private void run(String sql) {
        fixture.sql().useHandle(handle -> handle.execute(sql));
    }
}
