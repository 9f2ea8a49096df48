package dev.pawl.jdbc.internal;

import dev.pawl.job.JobId;
import dev.pawl.store.ViewStore;
import dev.pawl.view.Counted;
import dev.pawl.view.QueueOverview;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Statements on the heads of queues. Each priority of a queue is looked at by itself, what is due apart from what is not, so that
 * the index says where to begin, and none hides another.
 */
final class QueueViewSql {
    /** Queues that have a job, or were ever paused, as {@code names}. */
    static final String NAMES = """
            with recursive found (queue) as (
                  (select j.queue from <schema>.job j order by j.queue limit 1)
               union all
                  select (select j.queue from <schema>.job j where j.queue > f.queue order by j.queue limit 1)
                    from found f
                   where f.queue is not null
            ),
            names as (
                  select f.queue from found f where f.queue is not null
               union
                  select q.name from <schema>.queue q
            )
            """;

    private static final String ASKED_FOR = "with names as (select cast(:queue as text) as queue)\n";

    /**
     * Priorities of a queue {@code n}, the highest first, each with the due time of its first job. To find the first is to go over what
     * the index still has of jobs that are no longer there, which is long where many are drained: the rest begins from there.
     */
    private static final String LEVELS = """
            with recursive level (priority, first) as (
                  (select j.priority, j.due_at
                     from <schema>.job j
                    where j.queue = n.queue
                      and j.due_at is not null
                 order by j.priority desc, j.due_at
                    limit 1)
               union all
                  select next.*
                    from level l
                   cross join lateral (
                           select j.priority, j.due_at
                             from <schema>.job j
                            where j.queue = n.queue
                              and j.due_at is not null
                              and j.priority < l.priority
                         order by j.priority desc, j.due_at
                            limit 1) next
            )
            """;

    private static final String HEAD = """
            (select j.id, j.status, j.holder, j.lease_expires_at, j.due_at, j.since
               from <schema>.job j
              where j.queue = n.queue
                and j.priority = l.priority
                and %s
           order by j.due_at, j.id
              limit :most)""";

    private static final String DUE = HEAD.formatted("j.due_at between l.first and <now>");
    private static final String NOT_DUE = HEAD.formatted("j.due_at > <now>");

    private static final String FAMILIES = """
            (select j.id, j.status, j.since
               from <schema>.job j
              where j.queue = n.queue
                and j.due_at is null
                and j.ended_at is null
              limit :most)""";

    /** The jobs that were begun, of those that are looked at, after whether that is all there are; the pending ones never leave the database. */
    private static final String ACTIVE = """
            , looked as materialized (
                  select n.queue, 0 as part, cast(null as integer) as priority, j.id, j.status, j.since
                    from names n
                   cross join lateral
            """ + FAMILIES + """
                         j
               union all
                  select n.queue, h.part, l.priority, h.id, h.status, h.since
                    from names n
                   cross join lateral (""" + LEVELS + """
                         select l.* from level l) l
                   cross join lateral (
                         select 1 as part, j.id, j.status, j.since from
            """ + DUE + """
                         j
                      union all
                         select 2 as part, j.id, j.status, j.since from
            """ + NOT_DUE + """
                         j) h
            )
               select not exists (select 1 from looked group by queue, part, priority having count(*) >= :most),
                      b.queue, b.id
                 from (select) one
            left join (select queue, id, status, since
                         from looked
                        where status <> 'PENDING'
                     order by status <> 'RUNNING', since
                        limit :limit) b
                   on true
             order by b.status <> 'RUNNING', b.since
            """;

    private final Handle handle;
    private final @Nullable Instant time;

    QueueViewSql(Handle handle, @Nullable Instant time) {
        this.handle = handle;
        this.time = time;
    }

    /**
     * What a reading begins with.
     *
     * @param queues that there are, or that were asked for, in the order of their names
     * @param asOf the time of the reading
     */
    record Names(List<String> queues, Instant asOf) {}

    /** The first statement of a reading. */
    Names names(Optional<String> queue) {
        return ViewRequest.FIRST.on(
                handle,
                () -> ViewRequest.FIRST
                        .of(handle.createQuery((queue.isPresent() ? ASKED_FOR : NAMES)
                                + "select <now>, array(select n.queue from names n order by n.queue)"))
                        .bindMap(queue.map(name -> Map.of("queue", name)).orElse(Map.of()))
                        .bind("now", ViewRequest.time(time))
                        .map((row, context) -> new Names(ViewRows.texts(row, 2), ViewRows.at(row, 1)))
                        .one());
    }

    List<QueueOverview> overviews(int cap) {
        return ViewRequest.WHOLE.on(
                handle,
                () -> ViewRequest.WHOLE
                        .of(handle.createQuery(
                                NAMES + "select n.queue, coalesce(due, 0), coalesce(running, 0), coalesce(waiting, 0),"
                                        + " coalesce(scheduled, 0), coalesce(seen, 0), coalesce(ahead, 0), coalesce(families, 0), oldest,"
                                        + " q.paused_at, q.paused_by, <now> from names n left join <schema>.queue q on q.name = n.queue"
                                        + " left join lateral (" + LEVELS + """
                                select sum(a.due) as due,
                                       sum(a.running) as running,
                                       max(a.seen) as seen,
                                       min(a.oldest) as oldest,
                                       sum(b.waiting) as waiting,
                                       sum(b.scheduled) as scheduled,
                                       max(b.seen) as ahead
                                  from level l
                                 cross join lateral (
                                       select count(*) as seen,
                                              count(*) filter (where j.holder is null or j.lease_expires_at <= <now>) as due,
                                              count(*) filter (where j.holder is not null) as running,
                                              min(j.due_at) filter (where j.holder is null or j.lease_expires_at <= <now>) as oldest
                                         from
                                """ + DUE + """
                                         j) a
                                 cross join lateral (
                                       select count(*) as seen,
                                              count(*) filter (where j.status = 'WAITING') as waiting,
                                              count(*) filter (where j.status = 'PENDING') as scheduled
                                         from
                                """
                                        + NOT_DUE + """
                                         j) b
                        ) d on true
                        left join lateral (select count(*) as families from
                        """ + FAMILIES + " j) w on true order by n.queue"))
                        .bind("most", cap + 1)
                        .bind("now", ViewRequest.time(time))
                        .map((row, context) -> overview(row, cap))
                        .list());
    }

    private static QueueOverview overview(ResultSet row, int cap) throws SQLException {
        boolean allDue = row.getLong(6) <= cap;
        boolean allAhead = row.getLong(7) <= cap;
        long families = row.getLong(8);
        Counted waiting = counted(row.getLong(4) + Math.min(families, cap), cap, allAhead && families <= cap);
        Optional<Instant> pausedAt = ViewRows.time(row, 10);
        return new QueueOverview(
                row.getString(1),
                counted(row.getLong(2), cap, allDue),
                counted(row.getLong(3), cap, allDue),
                waiting,
                counted(row.getLong(5), cap, allAhead),
                ViewRows.time(row, 9),
                pausedAt,
                pausedAt.isPresent() ? Optional.of(ViewRows.actor(row.getString(11))) : Optional.empty(),
                ViewRows.at(row, 12));
    }

    private static Counted counted(long value, int cap, boolean all) {
        return new Counted(Math.min(value, cap), all && value <= cap);
    }

    ViewStore.Active active(Optional<String> queue, int limit, int examine, Instant asOf) {
        var query = handle.createQuery((queue.isPresent() ? ASKED_FOR : NAMES) + ACTIVE)
                .bind("most", examine + 1)
                .bind("limit", limit + 1)
                .bind("now", ViewRequest.time(time));
        queue.ifPresent(name -> query.bind("queue", name));
        boolean[] allSeen = {true};
        List<JobId> begun = new ArrayList<>();
        query.map((row, context) -> {
                    allSeen[0] = row.getBoolean(1);
                    return row.getString(2) == null
                            ? Optional.<JobId>empty()
                            : Optional.of(new JobId(row.getString(2), row.getObject(3, UUID.class)));
                })
                .forEach(job -> job.ifPresent(begun::add));
        return new ViewStore.Active(begun.stream().limit(limit).toList(), allSeen[0] && begun.size() <= limit, asOf);
    }
}
