package dev.pawl.jdbc.internal;

import dev.pawl.store.Claimed;
import java.util.List;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.sqlobject.customizer.Bind;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.UseRowMapper;

/**
 * The claim. Three steps, each materialized:
 *
 * <ol>
 *   <li>{@code due}: priority by priority, the first rows of the index that are due, and free or expired, are locked, or
 *       stepped over if somebody has them. The limit stands in a materialized step, since a planner may run a limited
 *       subquery of an update once for each row, and then takes more than was asked for.
 *   <li>{@code numbered}: the token is drawn for each row after the row is locked. Drawn before, a claim that waited could
 *       hand out a lower one than the row already had.
 *   <li>{@code claimed}: the update, heap-only, since it changes no indexed column.
 * </ol>
 *
 * <p>Of the rows that are locked, a suspect is taken only if it is the first that was found, and then alone; the others are
 * unlocked by the commit. To look for suspects only would mean to read all that is due where there is none.
 *
 * <p>Where to look is the only difference between the two statements: everywhere (each priority that has a job that has not
 * ended: a loose index scan), or from given places on. The levels come in their order, and the rows of each in the index's,
 * so that nothing is sorted.
 */
interface ClaimSql {
    /** Every priority, from its beginning. */
    String EVERYWHERE = """
            with recursive level (priority) as (
              (select j.priority
                 from <schema>.job j
                where j.queue = :queue
                  and j.due_at is not null
             order by j.priority desc
                limit 1)
             union all
               select (select j.priority
                         from <schema>.job j
                        where j.queue = :queue
                          and j.due_at is not null
                          and j.priority < l.priority
                     order by j.priority desc
                        limit 1)
                 from level l
                where l.priority is not null
            ),
            """;

    /** Only these priorities, each from a place on. */
    String FROM_BOUNDS = """
            with level (priority, due_at, id) as (
              select *
                from unnest(cast(:priorities as integer[]), cast(:dues as timestamptz[]), cast(:ids as uuid[]))
            ),
            """;

    /** The first step, up to the part that differs. */
    String DUE = """
              due as materialized (
                select d.*
                  from level l
            cross join lateral (
                         select j.queue,
                                j.id,
                                j.token as old_token,
                                j.holder as old_holder,
                                j.stage as old_stage,
                                j.attempt as old_attempt,
                                j.takeovers > 0 or j.holder is not null as suspect,
                                r.as_version,
                                r.as_stages,
                                r.version <> r.as_version and j.stage = r.common as starts_over
                           from <schema>.job j
                           join unnest(cast(:pipelines as text[]), cast(:versions as integer[]), cast(:commons as integer[]),
                                       cast(:asVersions as integer[]), cast(:asStages as integer[]))
                             as r (pipeline, version, common, as_version, as_stages)
                             on r.pipeline = j.pipeline
                            and r.version = j.version
                            and r.common >= j.stage
                            and r.as_stages > j.stage
                            and (j.fan is null or r.common > j.stage or r.version = r.as_version)
                          where j.queue = :queue
                            and j.priority = l.priority
                            and j.due_at <= <now>
                            and (j.holder is null or (:suspects and j.lease_expires_at <= <now>))
                            and (j.takeovers = 0 or :suspects)
            """;

    /** Only rows at the bound or above. */
    String ABOVE = "              and (j.due_at, j.id) >= (l.due_at, l.id)\n";

    /** The rest. */
    String TAKE = """
                      order by j.due_at, j.id
                         limit :max
                           for no key update of j skip locked) d
                where not exists (
                        select 1
                          from <schema>.queue q
                         where q.name = :queue
                           and q.paused_at is not null)
                limit :max
             ),
             head as materialized (
               select d.id,
                      d.suspect
                 from due d
                limit 1
             ),
             numbered as materialized (
               select d.*,
                      nextval('<schema>.fencing_token') as new_token
                 from due d
                 join head h
                   on d.id = h.id
                   or not (d.suspect or h.suspect)
             ),
             claimed as (
               update <schema>.job j
                  set status = 'RUNNING',
                      version = n.as_version,
                      stages = n.as_stages,
                      token = n.new_token,
                      holder = :holder,
                      lease_expires_at = <now> + :length * interval '1 microsecond',
                      since = <now>,
                      started_at = coalesce(j.started_at, <now>),
                      attempt = case when n.old_holder is null
                                     then case when n.starts_over then 0 else j.attempt end + 1
                                     else case when n.starts_over then 1 else greatest(1, j.attempt) end end,
                      takeovers = case when n.starts_over then 0 else j.takeovers end
                                + case when n.old_holder is null then 0 else 1 end,
                      progress = case when n.starts_over then null else j.progress end,
                      progress_no = case when n.starts_over then 0 else j.progress_no end
                 from numbered n
                where j.queue = n.queue
                  and j.id = n.id
            returning <state>,
                      j.payload,
                      j.progress,
                      n.old_token,
                      n.old_holder,
                      n.old_stage,
                      n.old_attempt
             ),
             taken_over as (
               insert into <schema>.failure (queue, job_id, kind, stage, attempt, token, holder, at, message)
               select j.queue,
                      j.id,
                      'TAKEN_OVER',
                      j.old_stage,
                      j.old_attempt,
                      j.old_token,
                      j.old_holder,
                      j.since,
                      'its lease expired, and #' || j.token || ' (' || j.holder || ') took over'
                 from claimed j
                where j.old_holder is not null
             )
             select <state>,
                    j.payload,
                    j.progress,
                    j.old_token,
                    j.old_holder
               from claimed j
            """;

    /** A full look. */
    @UseRowMapper(JobRows.ClaimedMapper.class)
    @SqlQuery(EVERYWHERE + DUE + TAKE)
    List<Claimed> claim(
            @Bind("queue") String queue,
            @Bind("max") int max,
            @Bind("suspects") boolean suspects,
            @Bind("holder") String holder,
            @Bind("length") long length,
            @BindMethods Runs runs,
            @Bind("now") Argument now);

    /** From bounds on, which must come with the highest priority first. */
    @UseRowMapper(JobRows.ClaimedMapper.class)
    @SqlQuery(FROM_BOUNDS + DUE + ABOVE + TAKE)
    List<Claimed> claimFrom(
            @BindMethods Bounds bounds,
            @Bind("queue") String queue,
            @Bind("max") int max,
            @Bind("suspects") boolean suspects,
            @Bind("holder") String holder,
            @Bind("length") long length,
            @BindMethods Runs runs,
            @Bind("now") Argument now);

    /** What the claimer can run. */
    record Runs(Argument pipelines, Argument versions, Argument commons, Argument asVersions, Argument asStages) {}

    /** Where it looks from. */
    record Bounds(Argument priorities, Argument dues, Argument ids) {}
}
