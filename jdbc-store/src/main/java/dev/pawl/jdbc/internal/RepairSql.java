package dev.pawl.jdbc.internal;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.sqlobject.customizer.Bind;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jdbi.v3.sqlobject.statement.UseRowMapper;
import org.jspecify.annotations.Nullable;

/** What repairs write, each to a row that its transaction has locked, and read anew after that. */
interface RepairSql {
    /** Waits for it, as long as any own write of Pawl's does. */
    @SqlQuery("""
            select j.id
              from <schema>.job j
             where j.queue = :queue
               and j.id = :id
               for no key update of j
            """)
    Optional<UUID> lock(@Bind("queue") String queue, @Bind("id") UUID id);

    /** What the children's rows say; a parent that has nothing to wait for gets its place in the order of claims back. */
    @SqlUpdate("""
            update <schema>.job j
               set children = case when j.fan is not null then cast(:total as integer) end,
                   open_children = case when j.fan is not null then cast(:open as integer) end,
                   failed_children = case when j.fan is not null then cast(:failed as integer) end,
                   cancelled_children = case when j.fan is not null then cast(:cancelled as integer) end,
                   has_orphans = case when j.ended_at is not null and :open > 0 then true end,
                   due_at = case when j.status = 'WAITING' and j.due_at is null and :decided
                                 then coalesce(j.place_at, <now>)
                                 else j.due_at end
             where j.queue = :queue
               and j.id = :id
            """)
    int recount(
            @Bind("queue") String queue,
            @Bind("id") UUID id,
            @Bind("total") int total,
            @Bind("open") int open,
            @Bind("failed") int failed,
            @Bind("cancelled") int cancelled,
            @Bind("decided") boolean decided,
            @Bind("now") Argument now);

    /** Its holder, if it has one, is fenced: the holder guards, and is gone. */
    @SqlUpdate("""
            update <schema>.job j
               set status = 'CANCELLED',
                   holder = null,
                   lease_expires_at = null,
                   due_at = null,
                   has_orphans = case when j.open_children > 0 then true end,
                   since = <now>,
                   ended_at = <now>
             where j.queue = :queue
               and j.id = :id
            """)
    int cancel(@Bind("queue") String queue, @Bind("id") UUID id, @Bind("now") Argument now);

    /** Under a token of its own, which no holder has. One that has ended stays as it ended. Its children are none of it any more. */
    @SqlUpdate("""
            update <schema>.job j
               set stage = :stage,
                   status = case when j.ended_at is null then 'WAITING' else j.status end,
                   token = nextval('<schema>.fencing_token'),
                   holder = null,
                   lease_expires_at = null,
                   started_at = coalesce(j.started_at, <now>),
                   attempt = 0,
                   takeovers = 0,
                   progress = null,
                   progress_no = 0,
                   fan = null,
                   fan_holder = null,
                   children = null,
                   open_children = null,
                   failed_children = null,
                   cancelled_children = null,
                   tolerated = null,
                   fail_fast = null,
                   has_orphans = null,
                   due_at = case when j.ended_at is null then coalesce(j.due_at, j.place_at, <now>) end,
                   since = case when j.ended_at is null then <now> else j.since end
             where j.queue = :queue
               and j.id = :id
            """)
    int goOn(@Bind("queue") String queue, @Bind("id") UUID id, @Bind("stage") int stage, @Bind("now") Argument now);

    /** Under a token of its own, which no holder has. */
    @SqlUpdate("""
            update <schema>.job j
               set stage = :stage,
                   status = :status,
                   token = nextval('<schema>.fencing_token'),
                   holder = null,
                   lease_expires_at = null,
                   started_at = coalesce(j.started_at, <now>),
                   attempt = greatest(j.attempt, 0),
                   takeovers = greatest(j.takeovers, 0),
                   progress = null,
                   progress_no = 0,
                   fan = case when :keepsChildren then j.fan end,
                   fan_holder = case when :keepsChildren then j.fan_holder end,
                   children = case when :keepsChildren then j.children end,
                   open_children = case when :keepsChildren then j.open_children end,
                   failed_children = case when :keepsChildren then j.failed_children end,
                   cancelled_children = case when :keepsChildren then j.cancelled_children end,
                   tolerated = case when :keepsChildren then j.tolerated end,
                   fail_fast = case when :keepsChildren then j.fail_fast end,
                   result = case when :status = 'COMPLETED' then j.result end,
                   completed_by = case when :status = 'COMPLETED' then j.completed_by end,
                   has_orphans = null,
                   due_at = null,
                   since = <now>,
                   ended_at = coalesce(j.ended_at, <now>)
             where j.queue = :queue
               and j.id = :id
            """)
    int end(
            @Bind("queue") String queue,
            @Bind("id") UUID id,
            @Bind("status") String status,
            @Bind("stage") int stage,
            @Bind("keepsChildren") boolean keepsChildren,
            @Bind("now") Argument now);

    /** Those from a position on. */
    @SqlUpdate("""
            delete from <schema>.checkpoint
             where queue = :queue
               and job_id = :id
               and stage >= :stage
            """)
    int removeCheckpoints(@Bind("queue") String queue, @Bind("id") UUID id, @Bind("stage") int stage);

    /** Those that are missing before a position, without results, under the job's token. */
    @SqlUpdate("""
            insert into <schema>.checkpoint (queue, job_id, stage, token, holder, at)
            select j.queue, j.id, s.stage, j.token, :holder, <now>
              from <schema>.job j
             cross join generate_series(0, :stage - 1) as s (stage)
             where j.queue = :queue
               and j.id = :id
                on conflict (queue, job_id, stage) do nothing
            """)
    int addCheckpoints(
            @Bind("queue") String queue,
            @Bind("id") UUID id,
            @Bind("stage") int stage,
            @Bind("holder") String holder,
            @Bind("now") Argument now);

    /** Why it failed. */
    @SqlUpdate("""
            insert into <schema>.failure (queue, job_id, kind, stage, attempt, token, holder, at, message)
            select j.queue, j.id, 'FAILED', j.stage, j.attempt, j.token, :holder, <now>, :message
              from <schema>.job j
             where j.queue = :queue
               and j.id = :id
            """)
    int fail(
            @Bind("queue") String queue,
            @Bind("id") UUID id,
            @Bind("holder") String holder,
            @Bind("message") String message,
            @Bind("now") Argument now);

    /** Leaves a record. */
    @SqlUpdate("""
            insert into <schema>.repair (queue, job_id, code, before, after, by_user, at)
            values (:queue, :id, :code, :before, :after, cast(:by as text), <now>)
            """)
    int record(
            @Bind("queue") String queue,
            @Bind("id") UUID id,
            @Bind("code") String code,
            @Bind("before") String before,
            @Bind("after") String after,
            @Bind("by") @Nullable String by,
            @Bind("now") Argument now);

    /** The latest first. */
    @SqlQuery("select " + AuditRows.REPAIR + """
            , r.id
                from <schema>.repair r
               where r.id < :before
            order by r.id desc
               limit :limit
            """)
    @UseRowMapper(AuditRows.NumberedMapper.class)
    List<AuditRows.Numbered> repairs(@Bind("before") long before, @Bind("limit") int limit);
}
