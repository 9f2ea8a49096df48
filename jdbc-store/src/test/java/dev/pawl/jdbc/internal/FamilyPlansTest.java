package dev.pawl.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.job.Children;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.lease.FencingToken;
import dev.pawl.store.Answer;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.Claimed;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.JobWrite;
import dev.pawl.store.NewChild;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What is done for a family reads that family only, among many jobs, whatever the planner last counted. */
@Execution(ExecutionMode.SAME_THREAD)
class FamilyPlansTest {
    private static final int OTHERS = 50_000;
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
        jobs.store().describe("child", 1, List.of("only"));
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        fixture.close();
    }

    @Test
    void on_a_table_that_was_empty_and_is_full_now() {
        fixture.sql().useHandle(handle -> handle.execute("vacuum analyze job"));
        for (int i = 0; i < UNTIL_A_PLAN_IS_KEPT; i++) {
            everyStatement(2);
        }
        fill();

        everyStatement(50);
    }

    @Test
    void on_a_full_table_that_the_planner_has_counted() {
        fill();
        fixture.sql().useHandle(handle -> handle.execute("vacuum analyze job"));
        for (int i = 0; i < UNTIL_A_PLAN_IS_KEPT; i++) {
            everyStatement(50);
        }
    }

    /** Counting down writes no index, until the last child wakes its parent. */
    @Test
    void counting_down_is_heap_only() throws SQLException {
        JobId id = jobs.enqueue();
        Claimed parent = jobs.claimOne("parent#1");
        jobs.write(new JobWrite.FanOut(id, JobsOf.fence(parent), 0, FanIn.ALL, children(4)));
        List<Claimed> claimed = claimChildren(4, "child#1");
        for (Claimed child : claimed.subList(0, 3)) {
            jobs.write(JobsOf.checkpointing(child, 0, "1"));
        }
        connection.close(); // PostgreSQL 14 hears of a session's updates at its next transaction, or at its end

        String updates = " from pg_stat_user_tables where relname = 'job' and schemaname = '" + fixture.schema() + "'";
        int claims = 1 + 4;
        int outOfTheOrder = 1 + 3; // the parent that waits, and the children that have ended
        int counts = 3;
        await().atMost(Duration.ofSeconds(30))
                .until(() -> fixture.count("select n_tup_upd" + updates) == claims + outOfTheOrder + counts);
        assertThat(fixture.count("select n_tup_hot_upd" + updates)).isEqualTo(claims + counts);
    }

    /** Neither by the holder that fails fast, nor by whoever cancels orphans. */
    @Test
    void a_step_of_cancelling_reads_none_of_thousands_that_have_ended() {
        // given
        JobId id = jobs.enqueue();
        Claimed parent = jobs.claimOne("parent#1");
        jobs.write(new JobWrite.FanOut(id, JobsOf.fence(parent), 0, FanIn.FAIL_FAST, children(3_000)));
        List<Claimed> claimed = claimChildren(2_900, "child#1");
        for (int from = 0; from < 2_900; from += 100) {
            jobs.store()
                    .write(claimed.subList(from, from + 100).stream()
                            .map(child -> new JobWrite.Fail(
                                    child.job().id(), JobsOf.fence(child), 0, ErrorInfo.of("no"), Optional.empty()))
                            .toList());
        }
        Claimed holder = jobs.claimOne("parent#2");
        fixture.sql().useHandle(handle -> handle.execute("analyze job"));

        // when
        write(10, new JobWrite.CancelChildren(id, JobsOf.fence(holder), 0, 10, JobsOf.LEASE));
        write(10, new JobWrite.Cancel(id, Actor.SYSTEM));
        assertThat(jobs.store().cancelOrphans("q", 10)).isEqualTo(10);
        readsFew(10);
        assertThat(jobs.store().cancelOrphans("q", 100)).isEqualTo(80);

        // then: the last step has counted the rows
        assertThat(jobs.store().find(id).orElseThrow().children()).contains(new Children.Counts(3_000, 0, 2_900, 100));
    }

    private List<Claimed> claimChildren(int n, String holder) {
        return jobs.store()
                .claim(ClaimRequest.everywhere(
                        "q", List.of(ClaimRequest.Runs.asIs("child", 1, 1)), holder, JobsOf.LEASE, n));
    }

    private void everyStatement(int n) {
        JobId id = jobs.enqueue();
        Claimed parent = jobs.claimOne("parent#" + id.uuid());
        FencingToken fan = JobsOf.fence(parent).token();
        write(n, new JobWrite.FanOut(id, JobsOf.fence(parent), 0, FanIn.ALL, children(n)));

        List<Claimed> claimed = claimChildren(n, "child#" + id.uuid());
        assertThat(claimed).hasSize(n);
        int half = n / 2;
        jobs.store()
                .write(claimed.subList(0, half).stream()
                        .map(child -> JobsOf.checkpointing(child, 0, "1"))
                        .toList());
        readsFew(n);
        jobs.store()
                .write(claimed.subList(half, n).stream()
                        .map(child -> new JobWrite.Fail(
                                child.job().id(), JobsOf.fence(child), 0, ErrorInfo.of("no"), Optional.empty()))
                        .toList());
        readsFew(n);
        assertThat(jobs.store().countChildren(id, fan).failed()).isEqualTo(n - half);
        readsFew(n);
        assertThat(jobs.store().children(id, fan, Optional.of("key 0"), n)).hasSize(n - 1);
        readsFew(n);
        assertThat(jobs.store().failedChildren(id, fan, 1)).hasSize(1);
        readsFew(n);

        Claimed woken = jobs.claimOne("join#" + id.uuid());
        assertThat(woken.job().id()).isEqualTo(id);
        write(n, new JobWrite.Fail(id, JobsOf.fence(woken), 0, ErrorInfo.of("too many"), Optional.empty()));
        write(n, new JobWrite.Retry(id, Actor.SYSTEM));
        write(n, new JobWrite.Cancel(id, Actor.SYSTEM));
        assertThat(jobs.store().cancelOrphans("q", n)).isEqualTo(n - half);
        readsFew(n);
        assertThat(jobs.store().cancelOrphans("q", n)).isZero();
        readsFew(1);
    }

    private void write(int n, JobWrite write) {
        assertThat(jobs.write(write)).isInstanceOf(Answer.Done.class);
        readsFew(n);
    }

    private void readsFew(int n) {
        assertThat(explained.plans())
                .allSatisfy(plan -> assertThat(plan)
                        .doesNotContain("Seq Scan on job")
                        .doesNotContain("Bitmap")
                        .doesNotContain("Hash Join"));
        assertThat(explained.rowsRead()).as(() -> explained.plans().toString()).isLessThanOrEqualTo(8L * n + 30);
    }

    private static List<NewChild> children(int n) {
        return IntStream.range(0, n)
                .mapToObj(i -> new NewChild(UUID.randomUUID(), "key " + i, "child", 1, 1, Json.NULL))
                .toList();
    }

    private void fill() {
        fixture.sql()
                .useHandle(handle -> handle.execute(
                        "insert into job (queue, id, pipeline, version, stages, stage, status, priority, attempt, takeovers, due_at,"
                                + " since, progress_no, payload, enqueued_at, parent_id, parent_fan, child_key, place_at)"
                                + " select 'q', gen_random_uuid(), 'other', 1, 3, 0, 'PENDING', 0, 0, 0, now() + interval '1 hour', now(),"
                                + " 0, '{}', now(), gen_random_uuid(), n, 'key', now() from generate_series(1, ?) n",
                        OTHERS));
    }
}
