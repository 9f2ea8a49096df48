package dev.pawl.jdbc.internal;

import dev.pawl.Actor;
import dev.pawl.job.Children;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.FencingToken;
import dev.pawl.store.Past;
import dev.pawl.store.ViewStore;
import dev.pawl.store.Viewed;
import dev.pawl.view.ChildListing;
import dev.pawl.view.JobProgress.Child;
import dev.pawl.view.JobSummary;
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
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jspecify.annotations.Nullable;

/** Statements on jobs and their children, read by key, for many at a time. */
final class ViewSql {
    private static final String WANTED = """
            w as materialized (
              select w.*
                from unnest(cast(:queues as text[]), cast(:ids as uuid[])) with ordinality as w (queue, id, n)
            )
            """;

    private static final String STAGES =
            "coalesce(p.stages, array(select cast(n as text) from generate_series(1, j.stages) n))";

    private final Handle handle;
    private final @Nullable Instant time;

    ViewSql(Handle handle, @Nullable Instant time) {
        this.handle = handle;
        this.time = time;
    }

    private Argument now() {
        return SqlArrays.time(time);
    }

    /** A row for each job that there is. */
    private record Row(JobSummary job, List<String> stages, Optional<String> completedBy, Instant asOf) {}

    List<Viewed> jobs(List<JobId> ids, int children) {
        Map<JobId, Row> rows = rows(ids);
        List<JobId> there = List.copyOf(rows.keySet());
        if (there.isEmpty()) {
            return List.of();
        }
        Map<JobId, List<Viewed.Checkpointed>> checkpoints = checkpoints(there);
        Map<JobId, Map<Integer, Integer>> tries = tries(there);
        Map<JobId, List<Viewed.Fan>> fans = fans(there, children);
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

    private Map<JobId, Row> rows(List<JobId> ids) {
        Map<JobId, Row> rows = new LinkedHashMap<>();
        handle.createQuery("with " + WANTED + "select " + ViewRows.SUMMARY + ", " + STAGES + ", j.completed_by, <now>"
                        + """

                             from w
                             join <schema>.job j
                               on j.queue = w.queue
                              and j.id = w.id
                        left join <schema>.pipeline p
                               on p.name = j.pipeline
                              and p.version = j.version
                         order by w.n
                        """)
                .bind("queues", SqlArrays.texts(ids, JobId::queue))
                .bind("ids", SqlArrays.uuids(ids, JobId::uuid))
                .bind("now", now())
                .map((row, context) -> new Row(
                        ViewRows.summary(row),
                        ViewRows.texts(row, ViewRows.AFTER_SUMMARY),
                        Optional.ofNullable(row.getString(ViewRows.AFTER_SUMMARY + 1)),
                        ViewRows.at(row, ViewRows.AFTER_SUMMARY + 2)))
                .forEach(row -> rows.put(row.job().id(), row));
        return rows;
    }

    private Map<JobId, List<Viewed.Checkpointed>> checkpoints(List<JobId> ids) {
        Map<JobId, List<Viewed.Checkpointed>> byJob = new HashMap<>();
        handle.createQuery("with " + WANTED + """
                          select c.queue, c.job_id, c.stage, c.token, c.holder, c.at
                            from w
                            join <schema>.checkpoint c
                              on c.queue = w.queue
                             and c.job_id = w.id
                        """)
                .bind("queues", SqlArrays.texts(ids, JobId::queue))
                .bind("ids", SqlArrays.uuids(ids, JobId::uuid))
                .map((row, context) -> byJob.computeIfAbsent(id(row), job -> new ArrayList<>())
                        .add(new Viewed.Checkpointed(
                                row.getInt(3),
                                new FencingToken(row.getLong(4)),
                                Optional.ofNullable(row.getString(5)),
                                ViewRows.at(row, 6))))
                .list();
        return byJob;
    }

    private Map<JobId, Map<Integer, Integer>> tries(List<JobId> ids) {
        Map<JobId, Map<Integer, Integer>> byJob = new HashMap<>();
        handle.createQuery("with " + WANTED + """
                          select f.queue, f.job_id, f.stage, count(*)
                            from w
                            join <schema>.failure f
                              on f.queue = w.queue
                             and f.job_id = w.id
                           where f.kind in ('FAILED', 'TAKEN_OVER')
                        group by f.queue, f.job_id, f.stage
                        """)
                .bind("queues", SqlArrays.texts(ids, JobId::queue))
                .bind("ids", SqlArrays.uuids(ids, JobId::uuid))
                .map((row, context) ->
                        byJob.computeIfAbsent(id(row), job -> new HashMap<>()).put(row.getInt(3), row.getInt(4)))
                .list();
        return byJob;
    }

    /** A fan-out of a job, without its children's names. */
    private record FanRow(JobId job, FencingToken token, Instant at, Children.Counts counts, boolean exact) {}

    private Map<JobId, List<Viewed.Fan>> fans(List<JobId> ids, int children) {
        List<FanRow> rows = handle.createQuery("with recursive " + WANTED + """
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
                        """)
                .bind("queues", SqlArrays.texts(ids, JobId::queue))
                .bind("ids", SqlArrays.uuids(ids, JobId::uuid))
                .bind("counted", ViewStore.COUNTED_CHILDREN + 1)
                .map((row, context) -> new FanRow(
                        id(row),
                        new FencingToken(row.getLong(3)),
                        ViewRows.at(row, 4),
                        new Children.Counts(row.getInt(5), row.getInt(6), row.getInt(7), row.getInt(8)),
                        row.getInt(5) <= ViewStore.COUNTED_CHILDREN))
                .list();
        Map<FanRow, List<Child>> first = rows.isEmpty() ? Map.of() : first(rows, children);
        Map<JobId, List<Viewed.Fan>> byJob = new HashMap<>();
        rows.forEach(row -> byJob.computeIfAbsent(row.job(), job -> new ArrayList<>())
                .add(new Viewed.Fan(
                        row.token(), row.at(), row.counts(), row.exact(), first.getOrDefault(row, List.of()))));
        return byJob;
    }

    private Map<FanRow, List<Child>> first(List<FanRow> fans, int children) {
        Map<FanRow, List<Child>> byFan = new HashMap<>();
        handle.createQuery("""
                        with w as materialized (
                          select w.*
                            from unnest(cast(:queues as text[]), cast(:ids as uuid[]), cast(:fans as bigint[])) with ordinality
                              as w (queue, id, fan, n)
                        )
                        select
                        """ + ViewRows.SUMMARY + """
                             , w.n
                             from w
                            cross join lateral (
                                  select c.*
                                    from <schema>.job c
                                   where c.queue = w.queue
                                     and c.parent_id = w.id
                                     and c.parent_fan = w.fan
                                order by c.child_key
                                   limit :children) j
                        left join <schema>.pipeline p
                               on p.name = j.pipeline
                              and p.version = j.version
                         order by w.n, j.child_key
                        """)
                .bind("queues", SqlArrays.texts(fans, fan -> fan.job().queue()))
                .bind("ids", SqlArrays.uuids(fans, fan -> fan.job().uuid()))
                .bind("fans", SqlArrays.longs(fans, fan -> fan.token().value()))
                .bind("children", children)
                .map((row, context) -> byFan.computeIfAbsent(
                                fans.get(row.getInt(ViewRows.AFTER_SUMMARY) - 1), fan -> new ArrayList<>())
                        .add(child(ViewRows.summary(row))))
                .list();
        return byFan;
    }

    private static Child child(JobSummary job) {
        return new Child(job.childKey().orElseThrow(), job);
    }

    private static JobId id(ResultSet row) throws SQLException {
        return new JobId(row.getString(1), row.getObject(2, UUID.class));
    }

    ChildListing children(
            JobId parent, FencingToken fan, Set<JobStatus> anyOf, Optional<String> after, int limit, int examine) {
        List<Child> rows = handle.createQuery("select " + ViewRows.SUMMARY + """

                             from (select c.*
                                     from <schema>.job c
                                    where c.queue = :queue
                                      and c.parent_id = :id
                                      and c.parent_fan = :fan
                                      and c.child_key > :after
                                 order by c.child_key
                                    limit :examine) j
                        left join <schema>.pipeline p
                               on p.name = j.pipeline
                              and p.version = j.version
                            where j.status = any (cast(:statuses as text[]))
                         order by j.child_key
                            limit :limit
                        """)
                .bind("queue", parent.queue())
                .bind("id", parent.uuid())
                .bind("fan", fan.value())
                .bind("after", after.orElse(""))
                .bind("examine", Math.max(examine, limit + 1))
                .bind("statuses", SqlArrays.texts(statuses(anyOf), JobStatus::name))
                .bind("limit", limit + 1)
                .map((row, context) -> child(ViewRows.summary(row)))
                .list();
        if (rows.size() > limit) {
            List<Child> page = rows.subList(0, limit);
            return new ChildListing(page, Optional.of(page.get(limit - 1).key()), asOf());
        }
        return new ChildListing(rows, lastLookedAt(parent, fan, after, Math.max(examine, limit + 1)), asOf());
    }

    private static List<JobStatus> statuses(Set<JobStatus> anyOf) {
        return anyOf.isEmpty() ? List.of(JobStatus.values()) : List.copyOf(anyOf);
    }

    /** Empty if there are no more. */
    private Optional<String> lastLookedAt(JobId parent, FencingToken fan, Optional<String> after, int examined) {
        return handle.createQuery("""
                          select c.child_key
                            from <schema>.job c
                           where c.queue = :queue
                             and c.parent_id = :id
                             and c.parent_fan = :fan
                             and c.child_key > :after
                        order by c.child_key
                          offset :examined
                           limit 1
                        """)
                .bind("queue", parent.queue())
                .bind("id", parent.uuid())
                .bind("fan", fan.value())
                .bind("after", after.orElse(""))
                .bind("examined", examined - 1)
                .mapTo(String.class)
                .findOne();
    }

    Instant asOf() {
        return handle.createQuery("select <now>")
                .bind("now", now())
                .map((row, context) -> ViewRows.at(row, 1))
                .one();
    }

    Optional<Past> past(JobId id, int most) {
        Row row = rows(List.of(id)).get(id);
        if (row == null) {
            return Optional.empty();
        }
        Viewed viewed = jobs(List.of(id), 1).get(0);
        List<Failure> failures = failures(id, most + 1);
        boolean complete = failures.size() <= most;
        List<Failure> oldestFirst = new ArrayList<>(complete ? failures : failures.subList(0, most));
        Collections.reverse(oldestFirst);
        return Optional.of(new Past(viewed, row.completedBy(), oldestFirst, complete, operations(id)));
    }

    private List<Failure> failures(JobId id, int most) {
        return handle.createQuery("""
                             select f.*,
                                    coalesce(p.stages[f.stage + 1], cast(f.stage + 1 as text)) as stage_name
                               from <schema>.failure f
                               join <schema>.job j
                                 on j.queue = f.queue
                                and j.id = f.job_id
                          left join <schema>.pipeline p
                                 on p.name = j.pipeline
                                and p.version = j.version
                              where f.queue = :queue
                                and f.job_id = :id
                           order by f.id desc
                              limit :most
                        """)
                .bind("queue", id.queue())
                .bind("id", id.uuid())
                .bind("most", most)
                .map(new JobRows.FailureMapper())
                .list();
    }

    private List<Past.Operation> operations(JobId id) {
        return handle.createQuery("""
                          select o.kind, o.by_user, o.at
                            from <schema>.operation o
                           where o.queue = :queue
                             and o.job_id = :id
                        order by o.id
                        """)
                .bind("queue", id.queue())
                .bind("id", id.uuid())
                .map((row, context) -> new Past.Operation(
                        row.getString(1).equals("RETRY"),
                        row.getString(2) == null ? Actor.SYSTEM : Actor.user(row.getString(2)),
                        ViewRows.at(row, 3)))
                .list();
    }
}
