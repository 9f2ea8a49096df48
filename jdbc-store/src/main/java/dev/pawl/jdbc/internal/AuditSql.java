package dev.pawl.jdbc.internal;

import dev.pawl.store.AuditedJob;
import dev.pawl.store.Neglected;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.sqlobject.customizer.Bind;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.UseRowMapper;

/** What audits read. Nothing is locked, and nothing taken for granted: rows are told as they are. */
interface AuditSql {
    /**
     * The last token that was issued, asked once, after the statement's snapshot. By a view, since to select from the sequence takes a
     * privilege that a worker's role lacks.
     */
    String ISSUED = """
            with issued as materialized (
              select coalesce(max(s.last_value), 0) as token
                from pg_sequences s
               where s.schemaname = :schema
                 and s.sequencename = 'fencing_token'
            )
            """;

    /** A job with its checkpoints, its children by their rows, and its parent. */
    String JOB = """
                 select j.queue,
                        j.id,
                        j.pipeline,
                        j.stages,
                        j.stage,
                        j.status,
                        j.token,
                        j.holder,
                        j.lease_expires_at,
                        j.due_at,
                        j.started_at,
                        j.ended_at,
                        c.stages as checkpoints,
                        greatest(coalesce(j.token, 0), coalesce(c.token, 0)) as highest_token,
                        j.fan,
                        j.tolerated,
                        j.fail_fast,
                        j.children,
                        j.open_children,
                        j.failed_children,
                        j.cancelled_children,
                        k.total,
                        k.open,
                        k.failed,
                        k.cancelled,
                        coalesce(j.has_orphans, false),
                        j.parent_id,
                        p.status,
                        p.ended_at,
                        coalesce(p.has_orphans, false),
                        n.nonsense
                   from <schema>.job j
             cross join lateral (
                        select array_agg(c.stage order by c.stage) as stages,
                               max(c.token) as token
                          from <schema>.checkpoint c
                         where c.queue = j.queue
                           and c.job_id = j.id) c
             cross join lateral (
                        select count(*) as total,
                               count(*) filter (where k.ended_at is null) as open,
                               count(*) filter (where k.status = 'FAILED') as failed,
                               count(*) filter (where k.status = 'CANCELLED') as cancelled
                          from <schema>.job k
                         where k.queue = j.queue
                           and k.parent_id = j.id
                           and k.parent_fan = j.fan) k
             cross join lateral (
                        select array_remove(
                               array[case when j.status not in ('PENDING', 'RUNNING', 'WAITING', 'COMPLETED', 'FAILED', 'CANCELLED')
                                          then 'status ' || j.status end,
                                     case when (j.token is null) <> (j.started_at is null)
                                          then 'a token without a start time, or the other way round' end,
                                     case when j.token < 1 then 'token ' || j.token end,
                                     case when j.attempt < 0 then 'attempt ' || j.attempt end,
                                     case when j.takeovers < 0 then j.takeovers || ' takeovers' end,
                                     case when j.progress_no < 0 or (j.progress is null) <> (j.progress_no = 0)
                                          then 'saved progress with number ' || j.progress_no || ', or a number without' end,
                                     case when j.status <> 'COMPLETED' and (j.result is not null or j.completed_by is not null)
                                          then j.status || ' with its last result' end,
                                     case when num_nulls(j.fan, j.fan_holder, j.children, j.open_children, j.failed_children,
                                                         j.cancelled_children, j.tolerated, j.fail_fast) not in (0, 8)
                                          then 'half a fan-out' end,
                                     case when least(j.children, j.open_children, j.failed_children, j.cancelled_children,
                                                     j.tolerated) < 0
                                          then 'counts of children below zero' end], null) as nonsense) n
              left join <schema>.job p
                     on p.queue = j.queue
                    and p.id = j.parent_id
            """;

    /** Where a page ends: its last row and number, of those beyond a job. */
    @SqlQuery("""
              select n.queue,
                     n.id,
                     n.number
                from (select j.queue,
                             j.id,
                             row_number() over (order by j.queue, j.id) as number
                        from <schema>.job j
                       where (j.queue, j.id) > (:queue, :id)
                    order by j.queue, j.id
                       limit :most) n
            order by n.number desc
               limit 1
            """)
    @UseRowMapper(AuditRows.EndMapper.class)
    Optional<AuditRows.End> end(@Bind("queue") String queue, @Bind("id") UUID id, @Bind("most") int most);

    /** Those of a page that look wrong, or would have to be looked at more closely. */
    @SqlQuery(ISSUED + JOB + """
             cross join issued
             where (j.queue, j.id) > (:queue, :id)
               and (j.queue, j.id) <= (:lastQueue, :lastId)
               and (greatest(coalesce(j.token, 0), coalesce(c.token, 0)) > issued.token
                    or coalesce(cardinality(c.stages), 0) <> least(j.stage, j.stages - 1)
                    or c.stages[cardinality(c.stages)] <> cardinality(c.stages) - 1
                    or (j.status = 'COMPLETED') <> (j.stage = j.stages)
                    or j.stage not between 0 and j.stages
                    or (j.status = 'PENDING' and (j.stage > 0 or j.token is not null))
                    or (j.status = 'RUNNING') <> (j.holder is not null)
                    or (j.status = 'RUNNING') <> (j.lease_expires_at is not null)
                    or (j.status = 'RUNNING' and j.token is null)
                    or (j.status in ('COMPLETED', 'FAILED', 'CANCELLED')) <> (j.ended_at is not null)
                    or (j.status in ('COMPLETED', 'FAILED', 'CANCELLED')) <> (j.due_at is null)
                    or (j.fan is not null
                        and (j.children, j.open_children, j.failed_children, j.cancelled_children)
                            is distinct from (k.total, k.open, k.failed, k.cancelled))
                    or cardinality(n.nonsense) > 0
                    or (j.parent_id is not null and j.ended_at is null and (p.id is null or p.ended_at is not null)))
             order by j.queue, j.id
            """)
    @UseRowMapper(AuditRows.JobMapper.class)
    List<AuditedJob> suspects(
            @Bind("schema") String schema,
            @Bind("queue") String queue,
            @Bind("id") UUID id,
            @Bind("lastQueue") String lastQueue,
            @Bind("lastId") UUID lastId);

    /** One job. */
    @SqlQuery(JOB + """
             where j.queue = :queue
               and j.id = :id
            """)
    @UseRowMapper(AuditRows.JobMapper.class)
    Optional<AuditedJob> read(@Bind("queue") String queue, @Bind("id") UUID id);

    /** The last token that was issued, and the time. */
    @SqlQuery(ISSUED + "select issued.token, <now> from issued")
    @UseRowMapper(AuditRows.InstantMapper.class)
    AuditRows.AtInstant now(@Bind("schema") String schema, @Bind("now") Argument now);

    /**
     * Those of a page that nobody takes, told by the reason, the queue and the version of a pipeline: because no worker can know it,
     * because their leases have expired, and because they are due, the last two in queues that are not paused.
     */
    @SqlQuery("""
                select k.code,
                       j.queue,
                       j.pipeline,
                       j.version,
                       count(*),
                       min(k.since),
                       (array_agg(j.id order by k.since, j.id))[1]
                  from <schema>.job j
             left join lateral (
                       select p.stages
                         from <schema>.pipeline p
                        where p.name = j.pipeline
                          and p.version = j.version
                       offset 0) p
                    on true
             left join lateral (
                       select q.paused_at
                         from <schema>.queue q
                        where q.name = j.queue
                       offset 0) q
                    on true
            cross join lateral (
                       values ('PIPELINE_UNKNOWN', case when cardinality(p.stages) is distinct from j.stages
                                                        then j.since end),
                              ('LEASE_EXPIRED', case when j.status = 'RUNNING'
                                                      and q.paused_at is null
                                                      and j.due_at is not null
                                                      and j.lease_expires_at < <now> - :expired * interval '1 microsecond'
                                                     then j.lease_expires_at end),
                              ('DUE_FOR_LONG', case when j.status in ('PENDING', 'WAITING')
                                                     and q.paused_at is null
                                                     and j.due_at is not null
                                                     and greatest(j.due_at, j.since) < <now> - :due * interval '1 microsecond'
                                                    then j.due_at end)) k (code, since)
                 where (j.queue, j.id) > (:queue, :id)
                   and (j.queue, j.id) <= (:lastQueue, :lastId)
                   and j.ended_at is null
                   and j.status in ('PENDING', 'RUNNING', 'WAITING')
                   and k.since is not null
              group by k.code, j.queue, j.pipeline, j.version
            """)
    @UseRowMapper(AuditRows.NeglectedMapper.class)
    List<Neglected> neglected(
            @Bind("queue") String queue,
            @Bind("id") UUID id,
            @Bind("lastQueue") String lastQueue,
            @Bind("lastId") UUID lastId,
            @Bind("expired") long expired,
            @Bind("due") long due,
            @Bind("now") Argument now);

    /** Named leases and scans that bear a token which was not issued yet. */
    @SqlQuery(ISSUED + """
              select b.subject,
                     'token #' || b.token || ', and the last one issued is #' || issued.token
                from (select 'lease ' || l.name as subject, l.token
                        from <schema>.lease l
                   union all
                      select 'scan ' || s.name, s.token
                        from <schema>.scan s) b
               cross join issued
               where b.token > issued.token
            order by b.subject
            """)
    @UseRowMapper(AuditRows.LineMapper.class)
    List<AuditRows.Line> tokens(@Bind("schema") String schema);

    /** Queues that were paused before a time. */
    @SqlQuery("""
              select q.name,
                     'paused by ' || coalesce('user ' || q.paused_by, 'system') || ' since ' || q.paused_at
                from <schema>.queue q
               where q.paused_at < <now> - :paused * interval '1 microsecond'
            order by q.name
            """)
    @UseRowMapper(AuditRows.LineMapper.class)
    List<AuditRows.Line> paused(@Bind("paused") long paused, @Bind("now") Argument now);

    /**
     * By the real time, but for this session and those that vacuum. Other roles' sessions show only to those who may read all statistics. A replication slot counts if nobody
     * uses it, since nothing tells how old its snapshot is.
     */
    @SqlQuery("""
              select 'session ' || a.pid || ' of ' || coalesce(a.usename, 'nobody'),
                     'its transaction holds a snapshot since ' || a.xact_start || ' (' || coalesce(a.state, 'unknown') || ', '
                       || coalesce(nullif(a.application_name, ''), 'no application name') || ')'
                from pg_stat_activity a
               where a.datname = current_database()
                 and a.pid <> pg_backend_pid()
                 and a.backend_type <> 'autovacuum worker'
                 and (a.backend_xmin is not null or a.backend_xid is not null)
                 and a.xact_start < clock_timestamp() - :snapshot * interval '1 microsecond'
               union all
              select 'prepared transaction ' || x.gid,
                     'prepared by ' || x.owner || ' since ' || x.prepared
                from pg_prepared_xacts x
               where x.database = current_database()
                 and x.prepared < clock_timestamp() - :snapshot * interval '1 microsecond'
               union all
              select 'replication slot ' || s.slot_name,
                     'it holds a snapshot, and nobody uses it'
                from pg_replication_slots s
               where not s.active
                 and s.xmin is not null
            """)
    @UseRowMapper(AuditRows.LineMapper.class)
    List<AuditRows.Line> snapshots(@Bind("snapshot") long snapshot);
}
