package dev.pawl.jdbc.internal;

import dev.pawl.store.JobState;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.sqlobject.customizer.Bind;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jdbi.v3.sqlobject.statement.UseRowMapper;

/** Jobs of one queue, read under their locks, and written back as they were decided. */
interface DecideSql {
    /** Under their locks; results only where they are asked for: they may be large. */
    String LOCK = """
            with w as materialized (
              select cast(:queue as text) as queue,
                     w.*
                from unnest(cast(:ids as uuid[]), cast(:stages as integer[])) as w (id, stage)
            )
            select <state>,
                   case when w.stage = j.stages - 1 then j.result end as result,
                   j.completed_by,
                   <now> as now
              from w
              join <schema>.job j
                on j.queue = w.queue
               and j.id = w.id
               for no key update of j
            """;

    /** Never waits: a row that somebody has locked is left out. */
    @UseRowMapper(JobRows.LockedMapper.class)
    @SqlQuery(LOCK + "skip locked")
    List<JobRows.Locked> lock(
            @Bind("queue") String queue,
            @Bind("ids") Argument ids,
            @Bind("stages") Argument stages,
            @Bind("now") Argument now);

    /** The same, in a caller's transaction: waits as long as that one's settings say. */
    @UseRowMapper(JobRows.LockedMapper.class)
    @SqlQuery(LOCK)
    List<JobRows.Locked> lockWaiting(
            @Bind("queue") String queue,
            @Bind("ids") Argument ids,
            @Bind("stages") Argument stages,
            @Bind("now") Argument now);

    /** As last committed, whoever has them locked. */
    @UseRowMapper(JobRows.StateMapper.class)
    @SqlQuery("""
            with w as materialized (
              select cast(:queue as text) as queue,
                     w.*
                from unnest(cast(:ids as uuid[])) as w (id)
            )
            select <state>
              from w
              join <schema>.job j
                on j.queue = w.queue
               and j.id = w.id
            """)
    List<JobState> look(@Bind("queue") String queue, @Bind("ids") Argument ids);

    /** The checkpoints of these jobs at these stages, but for those of before version 2, whose holders are not known. */
    @UseRowMapper(JobRows.CheckpointedMapper.class)
    @SqlQuery("""
            with w as materialized (
              select cast(:queue as text) as queue,
                     w.*
                from unnest(cast(:ids as uuid[]), cast(:stages as integer[])) as w (id, stage)
            )
            select c.job_id,
                   c.stage,
                   c.token,
                   c.holder,
                   c.result
              from w
              join <schema>.checkpoint c
                on c.queue = w.queue
               and c.job_id = w.id
               and c.stage = w.stage
             where c.holder is not null
            """)
    List<JobRows.Checkpointed> recorded(
            @Bind("queue") String queue, @Bind("ids") Argument ids, @Bind("stages") Argument stages);

    /** What a write may change of a row. Progress goes when its number does, and else stays unless there is a new one. */
    @SqlQuery("""
            with w as materialized (
              select cast(:queue as text) as queue,
                     w.*
                from unnest(cast(:ids as uuid[]), cast(:stages as integer[]), cast(:statuses as text[]), cast(:attempts as integer[]),
                            cast(:takeovers as integer[]), cast(:progress as text[]), cast(:progressNos as bigint[]),
                            cast(:holders as text[]), cast(:expiries as timestamptz[]), cast(:dues as timestamptz[]),
                            cast(:sinces as timestamptz[]), cast(:results as text[]), cast(:completers as text[]),
                            cast(:ends as timestamptz[]), cast(:places as timestamptz[]), cast(:fans as bigint[]),
                            cast(:fanHolders as text[]), cast(:tolerated as integer[]), cast(:failFast as boolean[]),
                            cast(:children as integer[]), cast(:open as integer[]), cast(:failed as integer[]),
                            cast(:cancelled as integer[]))
                  as w (id, stage, status, attempt, takeovers, progress, progress_no, holder, lease_expires_at, due_at, since, result,
                        completed_by, ended_at, place_at, fan, fan_holder, tolerated, fail_fast, children, open_children,
                        failed_children, cancelled_children)
            )
               update <schema>.job j
                  set stage = w.stage,
                      status = w.status,
                      attempt = w.attempt,
                      takeovers = w.takeovers,
                      progress = case when w.progress_no > 0 then coalesce(cast(w.progress as json), j.progress) end,
                      progress_no = w.progress_no,
                      holder = w.holder,
                      lease_expires_at = w.lease_expires_at,
                      due_at = w.due_at,
                      since = w.since,
                      result = cast(w.result as json),
                      completed_by = w.completed_by,
                      ended_at = w.ended_at,
                      place_at = w.place_at,
                      fan = w.fan,
                      fan_holder = w.fan_holder,
                      tolerated = w.tolerated,
                      fail_fast = w.fail_fast,
                      children = w.children,
                      open_children = w.open_children,
                      failed_children = w.failed_children,
                      cancelled_children = w.cancelled_children,
                      has_orphans = case when w.ended_at is not null and w.open_children > 0 then true end
                 from w
                where j.queue = w.queue
                  and j.id = w.id
            returning j.id
            """)
    List<UUID> writeBack(@Bind("queue") String queue, @BindMethods States rows);

    /** One row for each checkpoint but a last one. */
    @SqlUpdate("""
            insert into <schema>.checkpoint (queue, job_id, stage, token, holder, result, at)
            select :queue,
                   w.id,
                   w.stage,
                   w.token,
                   w.holder,
                   cast(w.result as json),
                   <now>
              from unnest(cast(:ids as uuid[]), cast(:stages as integer[]), cast(:tokens as bigint[]), cast(:holders as text[]),
                          cast(:results as text[]))
                as w (id, stage, token, holder, result)
            """)
    int checkpoints(
            @Bind("queue") String queue,
            @Bind("ids") Argument ids,
            @Bind("stages") Argument stages,
            @Bind("tokens") Argument tokens,
            @Bind("holders") Argument holders,
            @Bind("results") Argument results,
            @Bind("now") Argument now);

    /** Failures of jobs that exist, at the job's stage (its last, if it completed) unless at another; of other jobs nothing is written. */
    @SqlUpdate("""
            with w as materialized (
              select cast(:queue as text) as queue,
                     w.*
                from unnest(cast(:ids as uuid[]), cast(:kinds as text[]), cast(:stages as integer[]), cast(:attempts as integer[]),
                            cast(:tokens as bigint[]), cast(:holders as text[]), cast(:types as text[]), cast(:messages as text[]),
                            cast(:traces as text[]))
                  as w (id, kind, stage, attempt, token, holder, error_type, message, stack_trace)
            )
            insert into <schema>.failure (queue, job_id, kind, stage, attempt, token, holder, at, error_type, message, stack_trace)
            select j.queue,
                   j.id,
                   w.kind,
                   coalesce(w.stage, least(j.stage, j.stages - 1)),
                   w.attempt,
                   w.token,
                   w.holder,
                   <now>,
                   w.error_type,
                   w.message,
                   w.stack_trace
              from w
              join <schema>.job j
                on j.queue = w.queue
               and j.id = w.id
            """)
    int failures(@Bind("queue") String queue, @BindMethods Failures rows, @Bind("now") Argument now);

    /** Whether this claim's attempt at the stage has reported its failure. */
    @SqlQuery("""
            select exists (
                     select 1
                       from <schema>.failure f
                      where f.queue = :queue
                        and f.job_id = :id
                        and f.kind = 'FAILED'
                        and f.stage = :stage
                        and f.token = :token
                        and f.holder = :holder)
            """)
    boolean hasFailed(
            @Bind("queue") String queue,
            @Bind("id") UUID id,
            @Bind("stage") int stage,
            @Bind("token") long token,
            @Bind("holder") String holder);

    /** What operators did. */
    @SqlUpdate("""
            insert into <schema>.operation (queue, job_id, kind, by_user, at)
            select :queue,
                   w.id,
                   w.kind,
                   w.by_user,
                   <now>
              from unnest(cast(:ids as uuid[]), cast(:kinds as text[]), cast(:users as text[])) as w (id, kind, by_user)
            """)
    int operations(
            @Bind("queue") String queue,
            @Bind("ids") Argument ids,
            @Bind("kinds") Argument kinds,
            @Bind("users") Argument users,
            @Bind("now") Argument now);

    /** Rows as they are to be. */
    record States(
            Argument ids,
            Argument stages,
            Argument statuses,
            Argument attempts,
            Argument takeovers,
            Argument progress,
            Argument progressNos,
            Argument holders,
            Argument expiries,
            Argument dues,
            Argument sinces,
            Argument results,
            Argument completers,
            Argument ends,
            Argument places,
            Argument fans,
            Argument fanHolders,
            Argument tolerated,
            Argument failFast,
            Argument children,
            Argument open,
            Argument failed,
            Argument cancelled) {}

    /** Rows of failures. */
    record Failures(
            Argument ids,
            Argument kinds,
            Argument stages,
            Argument attempts,
            Argument tokens,
            Argument holders,
            Argument types,
            Argument messages,
            Argument traces) {}
}
