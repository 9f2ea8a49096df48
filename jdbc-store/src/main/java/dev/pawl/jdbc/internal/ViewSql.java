package dev.pawl.jdbc.internal;

import dev.pawl.Actor;
import dev.pawl.audit.Repair;
import dev.pawl.job.Children;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.lease.FencingToken;
import dev.pawl.store.Past;
import dev.pawl.store.ViewStore;
import dev.pawl.store.Viewed;
import dev.pawl.view.JobProgress.Child;
import dev.pawl.view.JobSummary;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultProducer;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * Statements on jobs, read by key, for many at a time. What belongs to a job is looked up beside it ({@code offset 0} keeps the planner
 * from beginning at the other end, as it does where it takes a table for empty). All that is to be told of them is asked for at
 * once: one round trip, one snapshot.
 */
final class ViewSql {
    private static final String WANTED = """
            w as materialized (
              select w.*
                from unnest(cast(:queues as text[]), cast(:ids as uuid[])) with ordinality as w (queue, id, n)
            )
            """;

    private static final String ROWS =
            "with " + WANTED + "select " + ViewRows.SUMMARY + """
            , coalesce(p.stages, array(select cast(n as text) from generate_series(1, j.stages) n)), j.completed_by, <now>
                 from w
                cross join lateral (
                      select j.*
                        from <schema>.job j
                       where j.queue = w.queue
                         and j.id = w.id
                      offset 0) j
            """ + ViewRows.WITH_PIPELINE + "order by w.n";

    private static final String CHECKPOINTS = "with " + WANTED + """
              select w.queue, w.id, c.stage, c.token, c.holder, c.at
                from w
               cross join lateral (
                     select c.stage, c.token, c.holder, c.at
                       from <schema>.checkpoint c
                      where c.queue = w.queue
                        and c.job_id = w.id
                     offset 0) c
            """;

    private static final String TRIES = "with " + WANTED + """
              select w.queue, w.id, f.stage, f.tries
                from w
               cross join lateral (
                       select f.stage, count(*) as tries
                         from <schema>.failure f
                        where f.queue = w.queue
                          and f.job_id = w.id
                          and f.kind in ('FAILED', 'TAKEN_OVER')
                     group by f.stage) f
            """;

    /** The fan-outs of jobs, by their children's rows, each found by a look-up behind the one before. */
    private static final String FANS = "with recursive " + WANTED + """
            , fan (queue, id, fan) as (
                  select w.queue,
                         w.id,
                         (select min(c.parent_fan) from <schema>.job c where c.queue = w.queue and c.parent_id = w.id)
                    from w
               union all
                  select f.queue,
                         f.id,
                         (select min(c.parent_fan)
                            from <schema>.job c
                           where c.queue = f.queue
                             and c.parent_id = f.id
                             and c.parent_fan > f.fan)
                    from fan f
                   where f.fan is not null
            )
            """;

    private static final String COUNTS = FANS + """
            select f.queue, f.id, f.fan, c.at, c.total, c.open, c.failed, c.cancelled
              from fan f
             cross join lateral (
                   select min(c.enqueued_at) as at,
                          count(*) as total,
                          count(*) filter (where c.ended_at is null) as open,
                          count(*) filter (where c.status = 'FAILED') as failed,
                          count(*) filter (where c.status = 'CANCELLED') as cancelled
                     from (select c.enqueued_at, c.ended_at, c.status
                             from <schema>.job c
                            where c.queue = f.queue
                              and c.parent_id = f.id
                              and c.parent_fan = f.fan
                         order by c.child_key
                            limit :counted) c
                   ) c
             where f.fan is not null
            """;

    private static final String CHILDREN = FANS + "select " + ViewRows.SUMMARY + """
            , f.fan
                 from fan f
                cross join lateral (
                      select c.*
                        from <schema>.job c
                       where c.queue = f.queue
                         and c.parent_id = f.id
                         and c.parent_fan = f.fan
                    order by c.child_key
                       limit :children) j
            """ + ViewRows.WITH_PIPELINE + """
                where f.fan is not null
             order by f.queue, f.id, f.fan, j.child_key
            """;

    private static final String ALL = String.join(";\n", ROWS, CHECKPOINTS, TRIES, COUNTS, CHILDREN);

    private static final String OPERATIONS = """
              select o.kind, o.by_user, o.at
                from <schema>.operation o
               where o.queue = :queue
                 and o.job_id = :id
            order by o.id
            """;

    /** Of this job, and of none that had its id before. */
    private static final String REPAIRS = "select " + AuditRows.REPAIR + """
                from <schema>.repair r
               where r.queue = :queue
                 and r.job_id = :id
                 and r.at >= (select j.enqueued_at from <schema>.job j where j.queue = :queue and j.id = :id)
            order by r.id desc
               limit :most
            """;

    private static final String PAST =
            String.join(";\n", ALL, ReadSql.FAILURES + "order by f.id desc limit :most", OPERATIONS, REPAIRS);

    private final Handle handle;
    private final @Nullable Instant time;

    ViewSql(Handle handle, @Nullable Instant time) {
        this.handle = handle;
        this.time = time;
    }

    /** A row for each job that there is. */
    private record Row(JobSummary job, List<String> stages, Optional<String> completedBy, Instant asOf) {
        static Row of(ResultSet row) throws SQLException {
            return new Row(
                    ViewRows.summary(row),
                    ViewRows.texts(row, ViewRows.AFTER_SUMMARY),
                    Optional.ofNullable(row.getString(ViewRows.AFTER_SUMMARY + 1)),
                    ViewRows.at(row, ViewRows.AFTER_SUMMARY + 2));
        }
    }

    /** A fan-out of a job. */
    private record Fan(JobId job, long token) {}

    List<Viewed> jobs(List<JobId> ids, int children) {
        return ViewRequest.WHOLE.on(
                handle, () -> asked(ALL, ids, children).execute(Results.of(results -> viewed(results, rows(results)))));
    }

    Optional<Past> past(JobId id, int most) {
        return ViewRequest.WHOLE.on(
                handle,
                () -> asked(PAST, List.of(id), 1)
                        .bind("queue", id.queue())
                        .bind("id", id.uuid())
                        .bind("most", most + 1)
                        .execute(Results.of(results -> {
                            Map<JobId, Row> rows = rows(results);
                            List<Viewed> viewed = viewed(results, rows);
                            Row row = rows.get(id);
                            return row == null
                                    ? Optional.empty()
                                    : Optional.of(past(results, viewed.get(0), row.completedBy(), most));
                        })));
    }

    private Query asked(String sql, List<JobId> ids, int children) {
        return ViewRequest.WHOLE
                .of(handle.createQuery(sql))
                .bind("queues", SqlArrays.texts(ids, JobId::queue))
                .bind("ids", SqlArrays.uuids(ids, JobId::uuid))
                .bind("counted", ViewStore.COUNTED_CHILDREN + 1)
                .bind("children", children)
                .bind("now", ViewRequest.time(time));
    }

    private static Map<JobId, Row> rows(Results results) throws SQLException {
        Map<JobId, Row> rows = new LinkedHashMap<>();
        results.next(row -> Row.of(row)).forEach(row -> rows.put(row.job().id(), row));
        return rows;
    }

    private static List<Viewed> viewed(Results results, Map<JobId, Row> rows) throws SQLException {
        Map<JobId, List<Viewed.Checkpointed>> checkpoints = new HashMap<>();
        results.next(row -> checkpoints
                .computeIfAbsent(id(row), job -> new ArrayList<>())
                .add(new Viewed.Checkpointed(
                        row.getInt(3),
                        new FencingToken(row.getLong(4)),
                        Optional.ofNullable(row.getString(5)),
                        ViewRows.at(row, 6))));
        Map<JobId, Map<Integer, Integer>> tries = new HashMap<>();
        results.next(
                row -> tries.computeIfAbsent(id(row), job -> new HashMap<>()).put(row.getInt(3), row.getInt(4)));
        Map<JobId, List<Viewed.Fan>> fans = fans(results);
        return rows.values().stream()
                .map(row -> new Viewed(
                        row.job(),
                        row.stages(),
                        checkpoints.getOrDefault(row.job().id(), List.of()),
                        tries.getOrDefault(row.job().id(), Map.of()),
                        fans.getOrDefault(row.job().id(), List.of()),
                        row.asOf()))
                .toList();
    }

    private static Map<JobId, List<Viewed.Fan>> fans(Results results) throws SQLException {
        Map<Fan, Viewed.Fan> counted = new LinkedHashMap<>();
        results.next(row -> counted.put(
                new Fan(id(row), row.getLong(3)),
                new Viewed.Fan(
                        new FencingToken(row.getLong(3)),
                        ViewRows.at(row, 4),
                        new Children.Counts(row.getInt(5), row.getInt(6), row.getInt(7), row.getInt(8)),
                        row.getInt(5) <= ViewStore.COUNTED_CHILDREN,
                        List.of())));
        Map<Fan, List<Child>> first = new HashMap<>();
        results.next(row -> {
            Child child = ViewRows.child(row);
            Fan fan = new Fan(child.job().parent().orElseThrow(), row.getLong(ViewRows.AFTER_SUMMARY));
            return first.computeIfAbsent(fan, of -> new ArrayList<>()).add(child);
        });
        Map<JobId, List<Viewed.Fan>> byJob = new HashMap<>();
        counted.forEach((fan, all) -> byJob.computeIfAbsent(fan.job(), job -> new ArrayList<>())
                .add(new Viewed.Fan(
                        all.token(), all.at(), all.counts(), all.exact(), first.getOrDefault(fan, List.of()))));
        return byJob;
    }

    private static Past past(Results results, Viewed viewed, Optional<String> completedBy, int most)
            throws SQLException {
        JobRows.FailureMapper mapper = new JobRows.FailureMapper();
        List<Failure> failures = results.next(row -> mapper.map(row, results.context));
        List<Past.Operation> operations = results.next(row -> new Past.Operation(
                row.getString(1).equals("RETRY"),
                row.getString(2) == null ? Actor.SYSTEM : Actor.user(row.getString(2)),
                ViewRows.at(row, 3)));
        List<Repair> repairs = results.next(AuditRows::repair);
        boolean complete = failures.size() <= most && repairs.size() <= most;
        return new Past(
                viewed, completedBy, oldestFirst(failures, most), complete, operations, oldestFirst(repairs, most));
    }

    private static <T> List<T> oldestFirst(List<T> latestFirst, int most) {
        List<T> all = new ArrayList<>(latestFirst.subList(0, Math.min(most, latestFirst.size())));
        Collections.reverse(all);
        return all;
    }

    private static JobId id(ResultSet row) throws SQLException {
        return new JobId(row.getString(1), row.getObject(2, UUID.class));
    }

    /** What a request answers, statement by statement. */
    private static final class Results {
        private final PreparedStatement statement;
        private final StatementContext context;
        private boolean begun;

        Results(PreparedStatement statement, StatementContext context) {
            this.statement = statement;
            this.context = context;
        }

        /** All of them as a value. */
        interface Reading<R> {
            R of(Results results) throws SQLException;
        }

        static <R> ResultProducer<R> of(Reading<R> reading) {
            return (answer, context) -> {
                try {
                    return reading.of(new Results(answer.get(), context));
                } finally {
                    context.close();
                }
            };
        }

        /** One row as a value. */
        interface Mapping<T> {
            T of(ResultSet row) throws SQLException;
        }

        <T> List<T> next(Mapping<T> mapping) throws SQLException {
            if (begun) {
                statement.getMoreResults();
            }
            begun = true;
            List<T> rows = new ArrayList<>();
            try (ResultSet all = statement.getResultSet()) {
                while (all.next()) {
                    rows.add(mapping.of(all));
                }
            }
            return rows;
        }
    }
}
