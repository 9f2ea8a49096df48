package dev.pawl.jdbc.internal;

import dev.pawl.job.Children;
import dev.pawl.store.ChildRow;
import dev.pawl.store.JobState;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.sqlobject.customizer.Bind;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jdbi.v3.sqlobject.statement.UseRowMapper;

/** Children and their parents, of one queue. */
interface FamilySql {
    /** Returns the parent of each row that was inserted, since a count is of what is there, and not of what was asked for. */
    @SqlQuery("""
            with w as materialized (
              select cast(:queue as text) as queue,
                     w.*
                from unnest(cast(:parents as uuid[]), cast(:fans as bigint[]), cast(:places as timestamptz[]), cast(:ids as uuid[]),
                            cast(:keys as text[]), cast(:pipelines as text[]), cast(:versions as integer[]), cast(:stages as integer[]),
                            cast(:payloads as text[]))
                  as w (parent, fan, place_at, id, key, pipeline, version, stages, payload)
            )
               insert into <schema>.job (queue, id, pipeline, version, stages, stage, status, priority, attempt, takeovers, due_at, since,
                                         progress_no, payload, triggered_by, enqueued_at, parent_id, parent_fan, child_key, place_at)
               select w.queue,
                      w.id,
                      w.pipeline,
                      w.version,
                      w.stages,
                      0,
                      'PENDING',
                      p.priority,
                      0,
                      0,
                      w.place_at,
                      <now>,
                      0,
                      cast(w.payload as json),
                      p.triggered_by,
                      <now>,
                      w.parent,
                      w.fan,
                      w.key,
                      w.place_at
                 from w
                 join <schema>.job p
                   on p.queue = w.queue
                  and p.id = w.parent
                   on conflict do nothing
            returning parent_id
            """)
    List<UUID> insert(@Bind("queue") String queue, @BindMethods Rows rows, @Bind("now") Argument now);

    /**
     * The last statement of its transaction. Parents are locked in the order of their ids, and counted by what they are then,
     * whoever changed them meanwhile. One that waits for its children, and has nothing to wait for any more, gets its place
     * back. A counter that is too low must not make its children's ends fail.
     *
     * <p>What a parent becomes is told from its row alone, and not from what was read under its lock: where the row has changed
     * since the statement began, PostgreSQL first makes, and checks, a new row of the old one, and a mixture of both may be
     * one that a constraint forbids.
     */
    @UseRowMapper(JobRows.CountedMapper.class)
    @SqlQuery("""
            with e as materialized (
              select cast(:queue as text) as queue,
                     e.*
                from unnest(cast(:ids as uuid[]), cast(:fans as bigint[]), cast(:ended as integer[]), cast(:failed as integer[]),
                            cast(:cancelled as integer[]))
                  as e (id, fan, ended, failed, cancelled)
            ),
            locked as materialized (
              select j.queue,
                     j.id,
                     e.ended,
                     e.failed,
                     e.cancelled,
                     j.open_children as open_before,
                     j.status = 'WAITING' and j.due_at is null as waits
                from e
                join <schema>.job j
                  on j.queue = e.queue
                 and j.id = e.id
                 and j.fan = e.fan
            order by j.id
                 for no key update of j
            )
               update <schema>.job p
                  set open_children = greatest(0, p.open_children - l.ended),
                      failed_children = p.failed_children + l.failed,
                      cancelled_children = p.cancelled_children + l.cancelled,
                      has_orphans = case when p.ended_at is not null and p.open_children > l.ended then true end,
                      due_at = case when p.status = 'WAITING'
                                     and p.due_at is null
                                     and (p.open_children <= l.ended
                                          or (p.fail_fast and p.failed_children + l.failed + p.cancelled_children + l.cancelled > 0))
                                    then p.place_at
                                    else p.due_at end
                 from locked l
                where p.queue = l.queue
                  and p.id = l.id
            returning p.id,
                      p.fan,
                      l.waits and p.due_at is not null as woken,
                      l.ended > l.open_before as below_zero
            """)
    List<JobRows.Counted> countDown(@Bind("queue") String queue, @BindMethods Ends ends);

    /** Never waits: returns those that nobody else has locked, or that there are not. */
    @SqlQuery("""
            with w as materialized (
              select cast(:queue as text) as queue,
                     w.id
                from unnest(cast(:ids as uuid[])) as w (id)
            ),
            free as materialized (
              select j.id
                from w
                join <schema>.job j
                  on j.queue = w.queue
                 and j.id = w.id
                 for no key update of j skip locked
            )
               select w.id
                 from w
                where w.id in (select f.id from free f)
                   or not exists (
                        select 1
                          from <schema>.job j
                         where j.queue = w.queue
                           and j.id = w.id)
            """)
    List<UUID> lockFree(@Bind("queue") String queue, @Bind("ids") Argument ids);

    /** Waits for those that somebody has locked, one after the other in the order of their ids. */
    @SqlQuery("""
            with w as materialized (
              select cast(:queue as text) as queue,
                     w.id
                from unnest(cast(:ids as uuid[])) as w (id)
            )
              select j.id
                from w
                join <schema>.job j
                  on j.queue = w.queue
                 and j.id = w.id
            order by j.id
                 for no key update of j
            """)
    List<UUID> lockInOrder(@Bind("queue") String queue, @Bind("ids") Argument ids);

    /** By the children's rows. */
    @UseRowMapper(JobRows.CountsMapper.class)
    @SqlQuery("""
            select count(*) as total,
                   count(*) filter (where c.ended_at is null) as open,
                   count(*) filter (where c.status = 'FAILED') as failed,
                   count(*) filter (where c.status = 'CANCELLED') as cancelled
              from <schema>.job c
             where c.queue = :queue
               and c.parent_id = :parent
               and c.parent_fan = :fan
            """)
    Children.Counts count(@Bind("queue") String queue, @Bind("parent") UUID parent, @Bind("fan") long fan);

    /** A page, from after a key on. */
    @UseRowMapper(JobRows.ChildMapper.class)
    @SqlQuery("""
              select c.queue,
                     c.id,
                     c.child_key,
                     c.status,
                     c.result,
                     case when c.status = 'FAILED'
                          then (select f.message
                                  from <schema>.failure f
                                 where f.queue = c.queue
                                   and f.job_id = c.id
                                   and f.kind = 'FAILED'
                              order by f.id desc
                                 limit 1) end as failure
                from <schema>.job c
               where c.queue = :queue
                 and c.parent_id = :parent
                 and c.parent_fan = :fan
                 and c.child_key > :after
            order by c.child_key
               limit :limit
            """)
    List<ChildRow> page(
            @Bind("queue") String queue,
            @Bind("parent") UUID parent,
            @Bind("fan") long fan,
            @Bind("after") String after,
            @Bind("limit") int limit);

    /** The first, with what they failed with. */
    @UseRowMapper(JobRows.ChildMapper.class)
    @SqlQuery("""
              select c.queue,
                     c.id,
                     c.child_key,
                     c.status,
                     c.result,
                     (select f.message
                        from <schema>.failure f
                       where f.queue = c.queue
                         and f.job_id = c.id
                         and f.kind = 'FAILED'
                    order by f.id desc
                       limit 1) as failure
                from <schema>.job c
               where c.queue = :queue
                 and c.parent_id = :parent
                 and c.parent_fan = :fan
                 and c.status = 'FAILED'
            order by c.child_key
               limit :limit
            """)
    List<ChildRow> failed(
            @Bind("queue") String queue, @Bind("parent") UUID parent, @Bind("fan") long fan, @Bind("limit") int limit);

    /** Never waits: children that somebody has locked are left out. Their own become orphans. Returns how many it cancelled. */
    @SqlUpdate("""
            with open as materialized (
              select c.queue,
                     c.id
                from <schema>.job c
               where c.queue = :queue
                 and c.parent_id = :parent
                 and c.parent_fan = :fan
                 and c.ended_at is null
                 and not (c.id = any (cast(:except as uuid[])))
            order by c.child_key
               limit :most
                 for no key update of c skip locked
            )
               update <schema>.job j
                  set status = 'CANCELLED',
                      holder = null,
                      lease_expires_at = null,
                      due_at = null,
                      has_orphans = case when j.open_children > 0 then true end,
                      since = <now>,
                      ended_at = <now>
                 from open o
                where j.queue = o.queue
                  and j.id = o.id
            """)
    int cancelOpen(
            @Bind("queue") String queue,
            @Bind("parent") UUID parent,
            @Bind("fan") long fan,
            @Bind("except") Argument except,
            @Bind("most") int most,
            @Bind("now") Argument now);

    /** What was counted by the children's rows, of a job that has ended. */
    @SqlUpdate("""
            update <schema>.job j
               set open_children = :open,
                   failed_children = :failed,
                   cancelled_children = :cancelled,
                   has_orphans = case when :open > 0 then true end
             where j.queue = :queue
               and j.id = :id
            """)
    int setCounts(
            @Bind("queue") String queue,
            @Bind("id") UUID id,
            @Bind("open") int open,
            @Bind("failed") int failed,
            @Bind("cancelled") int cancelled);

    /** Jobs that ended and count open children, from after an id on. Never waits: those that somebody has locked are left out. */
    @UseRowMapper(JobRows.StateMapper.class)
    @SqlQuery("""
              select <state>
                from <schema>.job j
               where j.queue = :queue
                 and j.has_orphans
                 and j.id > :after
            order by j.id
               limit :limit
                 for no key update of j skip locked
            """)
    List<JobState> lockWithOrphans(@Bind("queue") String queue, @Bind("after") UUID after, @Bind("limit") int limit);

    /** The children of fan-outs that failed or were cancelled, under their locks; those that somebody has locked are left out. */
    @UseRowMapper(JobRows.StateMapper.class)
    @SqlQuery("""
            with w as materialized (
              select cast(:queue as text) as queue,
                     array['FAILED', 'CANCELLED'] as bad,
                     w.*
                from unnest(cast(:parents as uuid[]), cast(:fans as bigint[])) as w (parent, fan)
            )
            select <state>
              from w
              join <schema>.job j
                on j.queue = w.queue
               and j.parent_id = w.parent
               and j.parent_fan = w.fan
               and j.status = any (w.bad)
               for no key update of j skip locked
            """)
    List<JobState> lockBad(@Bind("queue") String queue, @Bind("parents") Argument parents, @Bind("fans") Argument fans);

    /** How many those are, locked or not. */
    @SqlQuery("""
            with w as materialized (
              select cast(:queue as text) as queue,
                     array['FAILED', 'CANCELLED'] as bad,
                     w.*
                from unnest(cast(:parents as uuid[]), cast(:fans as bigint[])) as w (parent, fan)
            )
            select count(*)
              from w
              join <schema>.job j
                on j.queue = w.queue
               and j.parent_id = w.parent
               and j.parent_fan = w.fan
               and j.status = any (w.bad)
            """)
    int countBad(@Bind("queue") String queue, @Bind("parents") Argument parents, @Bind("fans") Argument fans);

    /** Children to insert. */
    record Rows(
            Argument parents,
            Argument fans,
            Argument places,
            Argument ids,
            Argument keys,
            Argument pipelines,
            Argument versions,
            Argument stages,
            Argument payloads) {}

    /** How many children of which fan-outs have ended: one row for each. */
    record Ends(Argument ids, Argument fans, Argument ended, Argument failed, Argument cancelled) {}
}
