package dev.pawl.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.job.JobStatus;
import dev.pawl.store.Removal;
import dev.pawl.store.Removed;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A step of retention reads what it removes by key, and no more of the table, whatever the planner last counted. */
@Execution(ExecutionMode.SAME_THREAD)
class RemovalPlansTest {
    private static final int ENDED = 50_000;
    private static final int PARENTS = 2_000;
    private static final int STEP = 100;
    private static final int UNTIL_A_PLAN_IS_KEPT = 12;

    private Postgres.Fixture fixture;
    private Connection connection;
    private Explained explained;
    private Optional<Removal.Place> after = Optional.empty();

    @BeforeEach
    void open() throws SQLException {
        fixture = Postgres.migrated();
        connection = Postgres.dataSource().getConnection();
        explained = new Explained(fixture.database(), connection, true);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        fixture.close();
    }

    @Test
    void on_a_table_that_was_empty_and_is_full_now() {
        run("vacuum analyze job");
        for (int i = 0; i < UNTIL_A_PLAN_IS_KEPT; i++) {
            step();
        }
        fill();

        everyStep();
    }

    @Test
    void on_a_full_table_that_the_planner_has_counted() {
        fill();
        run("vacuum analyze job");
        run("vacuum analyze checkpoint");

        everyStep();
    }

    /** Childless jobs, families, and then a large family of which only a part goes in a step. */
    private void everyStep() {
        for (int i = 0; i < 3 * UNTIL_A_PLAN_IS_KEPT; i++) {
            Removed removed = step();
            assertThat(removed.jobs()).isPositive();
            after = removed.next();
            assertThat(explained.plans())
                    .isNotEmpty()
                    .allSatisfy(plan -> assertThat(plan)
                            .doesNotContain("Seq Scan on job")
                            .doesNotContain("Seq Scan on checkpoint")
                            .doesNotContain("Seq Scan on failure")
                            .doesNotContain("Seq Scan on operation")
                            .doesNotContain("Bitmap Heap Scan")
                            .doesNotContain("Hash Join")
                            .doesNotContain("Merge Join"));
            assertThat(explained.rowsRead())
                    .as(() -> String.join("\n", explained.plans()))
                    .isLessThan(30 * STEP);
        }
    }

    private Removed step() {
        Removal what = new Removal("q", JobStatus.COMPLETED, Duration.ofDays(1), after, STEP);
        return explained.run("remove", handle -> new Removing(handle, what, null).step());
    }

    private void run(String sql) {
        fixture.sql().useHandle(handle -> handle.execute(sql));
    }

    /** Ended jobs by the thousand that are to stay, and before them childless ones, families of three, and a large one. */
    private void fill() {
        run("insert into tally_mark (queue, counted_at, recounted_to) values ('q', now(), now())"
                + " on conflict (queue) do update set counted_at = now(), recounted_to = now()");
        run(
                "insert into job (queue, key, id, pipeline, version, stages, stage, status, priority, attempt, takeovers, token, since,"
                        + " progress_no, payload, enqueued_at, started_at, ended_at)"
                        + " select 'q', 'old ' || n, gen_random_uuid(), 'p', 1, 3, 3, 'COMPLETED', 0, 1, 0, n, now(), 0, '{}', now(), now(),"
                        + " now() - interval '10 days' + n * interval '1 millisecond' from generate_series(1, " + ENDED
                        + ") n");
        run("update job set ended_at = ended_at - interval '20 days', key = 'parent ' || key where key in"
                + " (select 'old ' || n from generate_series(1, " + PARENTS + ") n)");
        run(
                "insert into job (queue, id, pipeline, version, stages, stage, status, priority, attempt, takeovers, token, since, progress_no,"
                        + " payload, enqueued_at, started_at, ended_at, parent_id, parent_fan, child_key, place_at)"
                        + " select j.queue, gen_random_uuid(), 'c', 1, 1, 1, 'COMPLETED', 0, 1, 0, 1, now(), 0, '{}', now(), now(),"
                        + " now() - interval '2 days', j.id, 1, 'c' || n, now()"
                        + " from job j cross join generate_series(1, 2) n where j.key like 'parent old %0'");
        run(
                "insert into job (queue, id, pipeline, version, stages, stage, status, priority, attempt, takeovers, token, since, progress_no,"
                        + " payload, enqueued_at, started_at, ended_at, parent_id, parent_fan, child_key, place_at)"
                        + " select j.queue, gen_random_uuid(), 'c', 1, 1, 1, 'COMPLETED', 0, 1, 0, 1, now(), 0, '{}', now(), now(),"
                        + " now() - interval '2 days', j.id, 1, 'c' || n, now()"
                        + " from job j cross join generate_series(1, 2000) n where j.key = 'parent old 1'");
        run(
                "insert into checkpoint (queue, job_id, stage, token, at)"
                        + " select j.queue, j.id, s, j.token, now() from job j cross join generate_series(0, 1) s where j.stages = 3");
    }
}
