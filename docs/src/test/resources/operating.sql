-- Statements that the guide shows; OperatingTest runs each of them.

-- tag::counts[]
select status, count(*)
  from (select status from pawl.job where queue = 'digest' limit 10001) as counted
 group by status
-- end::counts[]
;
-- tag::late[]
select id, pipeline, stage, status, attempt, takeovers, due_at, holder, lease_expires_at
  from pawl.job
 where queue = 'digest'
   and due_at < now() - interval '10 minutes'
   and (holder is null or lease_expires_at < now())
 order by priority desc, due_at, id
 limit 100
-- end::late[]
;
-- tag::waiting[]
select id, pipeline, stage, children, open_children, failed_children, cancelled_children, since
  from pawl.job
 where queue = 'digest'
   and status = 'WAITING'
   and due_at is null
   and since < now() - interval '1 hour'
 order by since
 limit 100
-- end::waiting[]
;
-- tag::children[]
select child_key, id, pipeline, version, status, attempt, due_at, holder, lease_expires_at
  from pawl.job
 where queue = 'digest'
   and parent_id = '0190a6c1-0000-7000-8000-000000000000'
   and ended_at is null
 order by child_key
 limit 100
-- end::children[]
;
-- tag::orphans[]
select id, pipeline, status, ended_at, open_children
  from pawl.job
 where queue = 'digest'
   and has_orphans
 limit 100
-- end::orphans[]
;
-- tag::trouble[]
select f.at, f.kind, f.job_id, p.stages[f.stage + 1] as stage, f.attempt, f.token, f.holder, f.message
  from pawl.failure f
  join pawl.job j on j.queue = f.queue and j.id = f.job_id
  join pawl.pipeline p on p.name = j.pipeline and p.version = j.version
 where f.queue = 'digest'
   and f.at > now() - interval '1 hour'
 order by f.at desc
 limit 100
-- end::trouble[]
;
-- tag::snapshots[]
select pid, usename, state, now() - xact_start as open_for, left(query, 60) as query
  from pg_stat_activity
 where backend_xmin is not null
   and xact_start < now() - interval '1 minute'
 order by xact_start
-- end::snapshots[]
;
-- tag::tokens[]
select (select max(token) from pawl.job) as highest_in_use, (select last_value from pawl.fencing_token) as last_drawn
-- end::tokens[]
;
