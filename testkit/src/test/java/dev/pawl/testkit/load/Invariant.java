package dev.pawl.testkit.load;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What must be true of every row when all is over, as queries for rows of which it is not; each with a statement that breaks
 * it, so that it is known to notice.
 */
enum Invariant {
    A_JOBS_COLUMNS_DO_NOT_CONTRADICT_EACH_OTHER(
            """
            select id, status
              from pawl.job
             where (status = 'PENDING' and (stage > 0 or token is not null))
                or (status = 'RUNNING') <> (holder is not null)
                or (holder is null) <> (lease_expires_at is null)
                or (token is null) <> (started_at is null)
                or (status in ('COMPLETED', 'FAILED', 'CANCELLED')) <> (ended_at is not null)
                or (ended_at is null) <> (due_at is not null)
                or (status = 'COMPLETED') <> (stage = stages)
                or (progress is null) <> (progress_no = 0)
                or least(stage, attempt, takeovers, progress_no) < 0
            """, "update pawl.job set holder = 'somebody#1' where status = 'COMPLETED'"),

    EACH_STAGE_THAT_IS_DONE_HAS_ITS_CHECKPOINT("""
            select j.id, j.stage
              from pawl.job j
             where array(select c.stage from pawl.checkpoint c where c.queue = j.queue and c.job_id = j.id order by 1)
                <> array(select generate_series(0, least(j.stage, j.stages - 1) - 1))
            """, "delete from pawl.checkpoint where stage = 0"),

    TOKENS_RISE_WITH_THE_STAGES("""
            select *
              from (select job_id, stage, token, lag(token) over (partition by job_id order by stage) as before
                      from (select job_id, stage, token from pawl.checkpoint
                            union all
                            select id, stages, token from pawl.job where token is not null) tokens) each
             where token < before
            """, "update pawl.checkpoint set token = 1000000 where stage = 0"),

    NO_TOKEN_IS_ABOVE_THE_SEQUENCE("""
            select id, token
              from pawl.job
             where token > (select last_value from pawl.fencing_token)
            """, "select setval('pawl.fencing_token', 1)"),

    A_TOKEN_IS_ISSUED_ONCE("""
            select token
              from (select token, id from pawl.job where token is not null
                    union
                    select token, job_id from pawl.checkpoint
                    union
                    select token, job_id from pawl.failure) uses
             group by token
            having count(*) > 1
            """, "update pawl.job set token = 3 where token is not null"),

    A_RESULT_IS_OF_THE_HOLDER_AND_STAGE_THAT_IT_STANDS_FOR(
            """
            select *
              from (select job_id, stage, token, result from pawl.checkpoint
                    union all
                    select id, stage - 1, token, result from pawl.job where status = 'COMPLETED') results
             where (result ->> 'by')::bigint is distinct from token
                or (result ->> 'stage')::int is distinct from stage
            """, "update pawl.job set result = '{\"by\": 1, \"stage\": 2}' where status = 'COMPLETED'"),

    AN_EFFECT_HAS_ITS_CHECKPOINT("""
            select *
              from effect e
             where not exists (select 1 from pawl.checkpoint c
                                where c.job_id = e.job and c.stage = e.stage and c.token = e.token)
               and not exists (select 1 from pawl.job j
                                where j.id = e.job and j.status = 'COMPLETED'
                                  and j.stages - 1 = e.stage and j.token = e.token)
            """, "update effect set token = token + 1"),

    AN_EFFECT_HAPPENS_ONCE("""
            select job, stage
              from effect
             group by job, stage
            having count(*) > 1
            """, "insert into effect select * from effect"),

    COMPLETED_MEANS_THAT_THE_LAST_EFFECT_HAPPENED("""
            select id, status
              from pawl.job j
             where j.pipeline = 'effects'
               and (j.status = 'COMPLETED') <> exists (select 1 from effect e where e.job = j.id and e.stage = j.stages - 1)
            """, "delete from effect"),

    A_KEY_NAMES_ONE_JOB("""
            select queue, pipeline, key
              from pawl.job
             where key is not null
             group by queue, pipeline, key
            having count(*) > 1
            """, "drop index pawl.job_key; update pawl.job set key = 'same', pipeline = 'p', queue = 'q'"),

    NOTHING_IS_LEFT_OF_JOBS_THAT_ARE_NOT_THERE("""
            select *
              from (select queue, job_id from pawl.checkpoint
                    union select queue, job_id from pawl.failure
                    union select queue, job_id from pawl.operation) rows
             where not exists (select 1 from pawl.job j where j.queue = rows.queue and j.id = rows.job_id)
            """, "update pawl.checkpoint set job_id = gen_random_uuid()"),

    ATTEMPTS_KEEP_THEIR_LIMIT(
            "select id, attempt from pawl.job where attempt > " + Application.ATTEMPTS,
            "update pawl.job set attempt = 4"),

    EACH_TAKEOVER_THAT_COUNTS_IS_RECORDED("""
            select id, takeovers
              from pawl.job j
             where j.takeovers > (select count(*)
                                    from pawl.failure f
                                   where f.queue = j.queue and f.job_id = j.id
                                     and f.kind = 'TAKEN_OVER' and f.stage = least(j.stage, j.stages - 1))
            """, "update pawl.job set takeovers = 2"),

    A_FAILED_JOB_SAYS_WHY("""
            select id
              from pawl.job j
             where j.status = 'FAILED'
               and not exists (select 1 from pawl.failure f
                                where f.queue = j.queue and f.job_id = j.id and f.kind = 'FAILED')
            """, "delete from pawl.failure"),

    A_CANCELLED_JOB_SAYS_BY_WHOM("""
            select id
              from pawl.job j
             where j.status = 'CANCELLED'
               and not exists (select 1 from pawl.operation o
                                where o.queue = j.queue and o.job_id = j.id and o.kind = 'CANCEL')
            """, "delete from pawl.operation"),

    WHAT_WAS_ACKNOWLEDGED_STANDS("""
            select *
              from acknowledged a
             where not exists (select 1 from pawl.job j where j.id = a.job)
                or (a.kind = 'CHECKPOINT'
                    and not exists (select 1 from pawl.checkpoint c
                                     where c.job_id = a.job and c.stage = a.stage and c.token = a.token)
                    and not exists (select 1 from pawl.job j
                                     where j.id = a.job and j.status = 'COMPLETED'
                                       and j.stages - 1 = a.stage and j.token = a.token))
            """, "update acknowledged set token = token + 1 where kind = 'CHECKPOINT'"),

    PROGRESS_ONLY_ROSE("""
            select a.*
              from acknowledged a
              join acknowledged b
                on (b.kind, b.job, b.stage) = (a.kind, a.job, a.stage)
               and (b.number > a.number and b.token < a.token or b.number = a.number and b.ctid <> a.ctid)
             where a.kind = 'PROGRESS'
            union all
            select a.*
              from acknowledged a
              join pawl.job j
                on j.id = a.job
               and j.stage = a.stage
             where a.kind = 'PROGRESS'
               and (j.progress_no < a.number or (j.progress ->> 'number')::bigint <> j.progress_no)
            """, "update acknowledged set token = 1000 - token where kind = 'PROGRESS'"),

    NOTHING_IS_POISONED_FOR_EVER("select * from pawl.poison", "insert into pawl.poison values ('one')"),

    EVERY_JOB_HAS_ENDED(
            "select id, status, takeovers, lease_expires_at from pawl.job where ended_at is null",
            "update pawl.job set ended_at = null");

    private final String broken;
    private final String toBreak;

    Invariant(String broken, String toBreak) {
        this.broken = broken;
        this.toBreak = toBreak;
    }

    /** A statement that breaks it, where constraints allow. */
    String toBreak() {
        return toBreak;
    }

    /** Some of the rows that break it; empty if it holds. */
    List<String> brokenBy(Connection connection) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("select cast(row_to_json(b) as text) from (" + broken + ") b limit 5")) {
            while (row.next()) {
                rows.add(this + ", but not of " + row.getString(1));
            }
        }
        return rows;
    }

    /** All that is broken, in words. */
    static List<String> allBrokenBy(Connection connection) throws SQLException {
        List<String> all = new ArrayList<>();
        for (Invariant invariant : values()) {
            all.addAll(invariant.brokenBy(connection));
        }
        return all;
    }

    /** As a sentence. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
