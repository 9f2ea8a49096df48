package dev.pawl.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.audit.AuditLimits;
import dev.pawl.job.JobId;
import dev.pawl.store.AuditStore.Looked;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** An audit's page reads its own jobs by key, and what belongs to them, whatever the planner last counted; a parent of many is one page's. */
@Execution(ExecutionMode.SAME_THREAD)
class AuditPlansTest {
    private static final int ENDED = 20_000;
    private static final int CHILDREN = 10_000;
    private static final int PAGE = 1_000;
    private static final int UNTIL_A_PLAN_IS_KEPT = 12;
    private static final int BUFFERS_PER_JOB = 20;

    /** In the middle of them all. */
    private static final JobId WIDE = new JobId("q", UUID.fromString("80000000-0000-7000-8000-000000000000"));

    private Postgres.Fixture fixture;
    private Connection connection;
    private Explained explained;
    private JdbiAuditStore store;

    @BeforeEach
    void open() throws SQLException {
        fixture = Postgres.migrated();
        connection = Postgres.dataSource().getConnection();
        explained = new Explained(fixture.database(), connection, true);
        store = new JdbiAuditStore(fixture.database(), explained);
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
            store.look(Optional.empty(), PAGE, AuditLimits.STANDARD);
            store.surroundings(AuditLimits.STANDARD);
        }
        fill();

        everyPage();
        around();
    }

    @Test
    void on_a_full_table_that_the_planner_has_counted() {
        fill();
        fixture.sql().useHandle(handle -> {
            handle.execute("vacuum analyze job");
            handle.execute("vacuum analyze checkpoint");
        });

        everyPage();
        for (int i = 0; i < UNTIL_A_PLAN_IS_KEPT; i++) {
            around();
        }
    }

    private void everyPage() {
        Optional<JobId> after = Optional.empty();
        int jobs = 0;
        int suspects = 0;
        Looked looked;
        do {
            looked = store.look(after, PAGE, AuditLimits.STANDARD);
            byKey();
            boolean wide = after.filter(id ->
                                    id.uuid().toString().compareTo(WIDE.uuid().toString()) > 0)
                            .isEmpty()
                    && looked.suspects().stream().anyMatch(job -> job.id().equals(WIDE));
            assertThat(explained.pages())
                    .as(() -> String.join("\n", explained.plans()))
                    .isLessThan(BUFFERS_PER_JOB * (PAGE + (wide ? CHILDREN : 0)));
            jobs += looked.jobs();
            suspects += looked.suspects().size();
            after = looked.last();
        } while (looked.jobs() == PAGE);
        assertThat(jobs).isEqualTo(ENDED + CHILDREN + 1);
        assertThat(suspects).isEqualTo(1);
    }

    /** Jobs cost it nothing, whether they have ended or not. */
    private void around() {
        assertThat(store.surroundings(AuditLimits.STANDARD)).isEmpty();
        assertThat(explained.plans())
                .isNotEmpty()
                .allSatisfy(plan -> assertThat(plan).doesNotContain(" on job"));
    }

    private void byKey() {
        assertThat(explained.plans())
                .isNotEmpty()
                .allSatisfy(plan -> assertThat(plan)
                        .doesNotContain("Seq Scan on job")
                        .doesNotContain("Seq Scan on checkpoint")
                        .doesNotContain("Bitmap Heap Scan on job")
                        .doesNotContain("Hash Join"));
    }

    private void fill() {
        fixture.sql().useHandle(handle -> {
            handle.execute("select setval('fencing_token', 1000000)");
            handle.execute(
                    "insert into pipeline (name, version, stages) values ('p', 1, array['a', 'b', 'c']), ('c', 1, array['a'])");
            handle.execute(
                    "insert into job (queue, id, pipeline, version, stages, stage, status, priority, attempt, takeovers, token, since,"
                            + " progress_no, payload, enqueued_at, started_at, ended_at)"
                            + " select 'q', gen_random_uuid(), 'p', 1, 3, 3, 'COMPLETED', 0, 1, 0, n, now(), 0, '{}', now(), now(), now()"
                            + " from generate_series(1, ?) n",
                    ENDED);
            handle.execute("insert into checkpoint (queue, job_id, stage, token, at)"
                    + " select j.queue, j.id, s, j.token, now() from job j cross join generate_series(0, 1) s");
            handle.execute(
                    "insert into job (queue, id, pipeline, version, stages, stage, status, priority, attempt, takeovers, token, since,"
                            + " progress_no, payload, enqueued_at, started_at, place_at, fan, fan_holder, children, open_children,"
                            + " failed_children, cancelled_children, tolerated, fail_fast)"
                            + " values ('q', ?, 'p', 1, 3, 0, 'WAITING', 0, 1, 0, 7, now(), 0, '{}', now(), now(), now(), 7, 'h', ?, ?, 0, 0, 0,"
                            + " false)",
                    WIDE.uuid(),
                    CHILDREN,
                    CHILDREN);
            handle.execute(
                    "insert into job (queue, id, pipeline, version, stages, stage, status, priority, attempt, takeovers, due_at, since,"
                            + " progress_no, payload, enqueued_at, parent_id, parent_fan, child_key, place_at)"
                            + " select 'q', gen_random_uuid(), 'c', 1, 1, 0, 'PENDING', 0, 0, 0, now(), now(), 0, '{}', now(), ?, 7, 'key ' || n,"
                            + " now() from generate_series(1, ?) n",
                    WIDE.uuid(),
                    CHILDREN);
        });
    }
}
