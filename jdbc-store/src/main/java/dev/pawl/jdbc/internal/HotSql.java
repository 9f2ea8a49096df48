package dev.pawl.jdbc.internal;

import dev.pawl.store.JobState;
import java.util.List;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.sqlobject.customizer.Bind;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.UseRowMapper;

/**
 * The three frequent writes, many jobs of one queue in one statement. The guard is key, token and holder (and stage), and
 * nothing else: a status beside them would let the planner walk a partial index that it takes for empty. Each returns the
 * jobs that it wrote; what became of the others is decided under their locks ({@link DecideSql}).
 *
 * <p>Here and elsewhere the queue comes out of a materialized step, as the ids do, and not as a constant: with a constant the
 * planner, where it takes the table for empty, walks the whole queue by index and throws away what the batch doesn't name.
 */
interface HotSql {
    /** Never waits: a row that somebody has locked is left out. */
    @UseRowMapper(JobRows.StateMapper.class)
    @SqlQuery("""
            with w as materialized (
              select cast(:queue as text) as queue,
                     w.*
                from unnest(cast(:ids as uuid[]), cast(:tokens as bigint[]), cast(:holders as text[]), cast(:lengths as bigint[]))
                  as w (id, token, holder, length)
            ),
            held as materialized (
              select j.queue,
                     j.id,
                     w.length
                from w
                join <schema>.job j
                  on j.queue = w.queue
                 and j.id = w.id
                 and j.token = w.token
                 and j.holder = w.holder
                 for no key update of j skip locked
            )
               update <schema>.job j
                  set lease_expires_at = greatest(j.lease_expires_at, <now> + held.length * interval '1 microsecond')
                 from held
                where j.queue = held.queue
                  and j.id = held.id
            returning <state>
            """)
    List<JobState> renew(@Bind("queue") String queue, @BindMethods Fences rows, @Bind("now") Argument now);

    /**
     * A number that does not rise writes nothing. Nor is a parent of open children among the frequent ones, since no other row may
     * be waited for under its lock ({@link Batch}); that is said as a matter of both tables, as it is at {@link #checkpoint}.
     */
    @UseRowMapper(JobRows.StateMapper.class)
    @SqlQuery("""
            with w as materialized (
              select cast(:queue as text) as queue,
                     w.*
                from unnest(cast(:ids as uuid[]), cast(:tokens as bigint[]), cast(:holders as text[]), cast(:lengths as bigint[]),
                            cast(:stages as integer[]), cast(:numbers as bigint[]), cast(:progress as text[]))
                  as w (id, token, holder, length, stage, number, progress)
            )
               update <schema>.job j
                  set progress = cast(w.progress as json),
                      progress_no = w.number,
                      attempt = 1,
                      takeovers = 0,
                      lease_expires_at = greatest(j.lease_expires_at, <now> + w.length * interval '1 microsecond')
                 from w
                where j.queue = w.queue
                  and j.id = w.id
                  and j.token = w.token
                  and j.holder = w.holder
                  and j.stage = w.stage
                  and j.progress_no < w.number
                  and num_nulls(nullif(j.open_children, 0), w.id) = 1
            returning <state>
            """)
    List<JobState> saveProgress(
            @Bind("queue") String queue,
            @BindMethods Fences rows,
            @BindMethods Progress progress,
            @Bind("now") Argument now);

    /**
     * The last stage's result goes into the job's own row, and completes it; the others' are rows of their own. The join of a
     * stage that has fanned out is not among the frequent ones: that the fan is null is said as a matter of both tables, since a
     * condition on the job alone is one by which the planner walks the queue.
     */
    @UseRowMapper(JobRows.StateMapper.class)
    @SqlQuery("""
            with w as materialized (
              select cast(:queue as text) as queue,
                     w.*
                from unnest(cast(:ids as uuid[]), cast(:tokens as bigint[]), cast(:holders as text[]), cast(:lengths as bigint[]),
                            cast(:stages as integer[]), cast(:results as text[]))
                  as w (id, token, holder, length, stage, result)
            ),
            done as (
                 update <schema>.job j
                    set stage = j.stage + 1,
                        status = case when j.stage + 1 = j.stages then 'COMPLETED' else 'RUNNING' end,
                        attempt = case when j.stage + 1 = j.stages then j.attempt else 1 end,
                        takeovers = case when j.stage + 1 = j.stages then j.takeovers else 0 end,
                        progress = null,
                        progress_no = 0,
                        holder = case when j.stage + 1 < j.stages then j.holder end,
                        lease_expires_at = case when j.stage + 1 < j.stages
                                                then greatest(j.lease_expires_at, <now> + w.length * interval '1 microsecond') end,
                        due_at = case when j.stage + 1 < j.stages then j.due_at end,
                        since = case when j.stage + 1 < j.stages then j.since else <now> end,
                        result = case when j.stage + 1 = j.stages then cast(w.result as json) end,
                        completed_by = case when j.stage + 1 = j.stages then w.holder end,
                        ended_at = case when j.stage + 1 = j.stages then <now> end
                   from w
                  where j.queue = w.queue
                    and j.id = w.id
                    and j.token = w.token
                    and j.holder = w.holder
                    and j.stage = w.stage
                    and num_nulls(j.fan, w.id) = 1
              returning <state>,
                        w.result as stage_result
            ),
            recorded as (
              insert into <schema>.checkpoint (queue, job_id, stage, token, holder, result, at)
              select j.queue,
                     j.id,
                     j.stage - 1,
                     j.token,
                     j.holder,
                     cast(j.stage_result as json),
                     <now>
                from done j
               where j.stage < j.stages
            )
            select <state>
              from done j
            """)
    List<JobState> checkpoint(
            @Bind("queue") String queue,
            @BindMethods Fences rows,
            @BindMethods Results results,
            @Bind("now") Argument now);

    /** What every holder's write carries. */
    record Fences(Argument ids, Argument tokens, Argument holders, Argument lengths) {}

    /** What is saved, at which stages. */
    record Progress(Argument stages, Argument numbers, Argument progress) {}

    /** What is checkpointed, at which stages. */
    record Results(Argument stages, Argument results) {}
}
