package dev.pawl.jdbc.internal;

import dev.pawl.job.JobId;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** A hundred thousand jobs that have ended in the last ten days, with checkpoints and failures; some that have not; and a family. */
final class ViewTables {
    private static final int ENDED = 100_000;

    /** Of a job: its id, and when it ended. */
    private static final String ENDS = """
            (select n, now() - interval '10 days' * n / %d as at,
                    cast(lpad(to_hex(cast(floor(extract(epoch from now() - interval '10 days' * n / %d) * 1000) as bigint)), 12, '0')
                         || '7000' || '8' || lpad(to_hex(n), 15, '0') as uuid) as id
               from generate_series(1, %d) n) e
            """.formatted(ENDED, ENDED, ENDED);

    private final JobId wide;
    private final int children;
    private JobId some = new JobId("q", new UUID(0, 0));

    ViewTables(JobId wide, int children) {
        this.wide = wide;
        this.children = children;
    }

    /** One in the middle of those that have ended, once they are there. */
    JobId some() {
        return some;
    }

    void count(Postgres.Fixture fixture) {
        fixture.sql().useHandle(handle -> {
            for (String table : new String[] {"job", "checkpoint", "failure", "operation", "pipeline", "tally"}) {
                handle.execute("vacuum analyze " + table);
            }
        });
    }

    void fill(Postgres.Fixture fixture) {
        fixture.sql().useHandle(handle -> {
            handle.execute(
                    "insert into pipeline (name, version, stages) values ('p', 1, array['a', 'b', 'c']), ('c', 1, array['a'])");
            handle.execute(
                    "insert into job (queue, id, pipeline, version, stages, stage, status, priority, attempt, takeovers, token, since,"
                            + " progress_no, payload, triggered_by, enqueued_at, started_at, ended_at)"
                            + " select 'q', e.id, 'p', 1, 3, case when n % 100 = 0 then 1 else 3 end,"
                            + " case when n % 100 = 0 then 'FAILED' else 'COMPLETED' end, 0, 1, 0, 1, at, 0, '{}',"
                            + " case when n % 50 = 0 then 'ann' end, at, at, at from " + ENDS);
            handle.execute("insert into checkpoint (queue, job_id, stage, token, at)"
                    + " select 'q', e.id, s, 1, at from " + ENDS + " cross join generate_series(0, 1) s");
            handle.execute("insert into failure (queue, job_id, kind, stage, attempt, token, holder, at, message)"
                    + " select 'q', e.id, 'FAILED', 1, 1, 1, 'h', at, 'no such day' from " + ENDS
                    + " where n % 100 = 0");
            for (String queue : new String[] {"a", "q", "z"}) {
                pending(handle, queue, 10_000, "now() + interval '1 s' * (n - 5000)");
            }
            family(fixture);
            handle.execute(
                    "insert into tally_mark (queue, counted_at, recounted_to) values ('q', now(), now() - interval '1 hour')");
            handle.execute(
                    "insert into tally (queue, minutes, start, pipeline, status, jobs, failed_attempts, takeovers, measured,"
                            + " run_micros, wait_micros, runs, waits) select 'q', m, at, 'p', 'COMPLETED', 30, 0, 0, 30, 1, 1, '{1, 30}', '{1, 30}'"
                            + " from (values (5), (60)) g (m) cross join lateral generate_series("
                            + " date_trunc('hour', now()) - interval '10 days', now(), g.m * interval '1 min') at");
            some = new JobId(
                    "q",
                    handle.select("select id from job where queue = 'q' and ended_at < now() - interval '5 days'"
                                    + " order by ended_at desc limit 1")
                            .mapTo(UUID.class)
                            .one());
        });
    }

    /** Jobs number {@code n}, each due at a time that goes by its number. */
    static void pending(Handle handle, String queue, int jobs, String due) {
        handle.execute(
                "insert into job (queue, id, pipeline, version, stages, stage, status, priority, attempt, takeovers, due_at, since,"
                        + " progress_no, payload, enqueued_at) select ?, gen_random_uuid(), 'p', 1, 3, 0, 'PENDING', 0, 0, 0, "
                        + due
                        + ", now(), 0, '{}', now() from generate_series(1, ?) n",
                queue,
                jobs);
    }

    private void family(Postgres.Fixture fixture) {
        fixture.sql().useHandle(handle -> {
            handle.execute(
                    "insert into job (queue, id, pipeline, version, stages, stage, status, priority, attempt, takeovers, token, since,"
                            + " progress_no, payload, enqueued_at, started_at, place_at, fan, fan_holder, children, open_children,"
                            + " failed_children, cancelled_children, tolerated, fail_fast)"
                            + " values ('q', ?, 'p', 1, 3, 0, 'WAITING', 0, 1, 0, 7, now(), 0, '{}', now(), now(), now(), 7, 'h', ?, ?, 0, 0, 0,"
                            + " false)",
                    wide.uuid(),
                    children,
                    children);
            handle.execute(
                    "insert into job (queue, id, pipeline, version, stages, stage, status, priority, attempt, takeovers, due_at, since,"
                            + " progress_no, payload, enqueued_at, parent_id, parent_fan, child_key, place_at)"
                            + " select 'q', gen_random_uuid(), 'c', 1, 1, 0, 'PENDING', 0, 0, 0, now(), now(), 0, '{}', now(), ?, 7, 'key ' || n,"
                            + " now() from generate_series(1, ?) n",
                    wide.uuid(),
                    children);
        });
    }
}
