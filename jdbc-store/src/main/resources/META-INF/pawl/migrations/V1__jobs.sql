-- Pawl's schema, version 1. Plain SQL with unqualified names: it makes everything in the first schema of the search_path,
-- which has to exist. PawlSchema.migrate runs it; any migration tool may run it instead. Run it in one transaction.
--
-- Tables have neither triggers nor foreign keys: every statement of Pawl's names a queue and a job by key, and the checks
-- below are sentences that must be true of each row by itself.

create table migration (
    version     integer      not null,
    name        text         not null,
    applied_at  timestamptz  not null default now(),
    constraint migration_pkey primary key (version)
);

-- One sequence for all jobs, never set back. With a cache, sessions would draw tokens out of order.
create sequence fencing_token as bigint minvalue 1 cache 1 no cycle;

-- A pipeline's stage names, per version, so that a reader in another process knows the order.
create table pipeline (
    name     text collate "C"  not null,
    version  integer           not null,
    stages   text[]            not null,
    constraint pipeline_pkey primary key (name, version),
    constraint a_pipeline_has_a_stage check (cardinality(stages) >= 1)
);

create table queue (
    name       text collate "C"  not null,
    paused_at  timestamptz,
    paused_by  text,
    constraint queue_pkey primary key (name),
    constraint only_a_paused_queue_was_paused_by_someone check (paused_at is not null or paused_by is null)
);

-- due_at is the place in the order of claims: the start time of a pending job, the retry time of a waiting one, kept while
-- it runs, null once it has ended. The lease (token, holder, lease_expires_at) stands in no index, so that claims and
-- renewals are heap-only updates; the half-empty pages are for them. token is the last one issued and is never cleared.
-- The last stage's result stands here, the others in checkpoint.
create table job (
    queue             text collate "C"  not null,
    id                uuid              not null,
    pipeline          text collate "C"  not null,
    version           integer           not null,
    stages            integer           not null,
    stage             integer           not null,
    status            text              not null,
    priority          integer           not null,
    attempt           integer           not null,
    takeovers         integer           not null,
    due_at            timestamptz,
    token             bigint,
    holder            text,
    lease_expires_at  timestamptz,
    since             timestamptz       not null,
    progress          json,
    progress_no       bigint            not null,
    key               text collate "C",
    payload           json              not null,
    result            json,
    triggered_by      text,
    enqueued_at       timestamptz       not null,
    started_at        timestamptz,
    ended_at          timestamptz,

    constraint job_pkey primary key (queue, id),

    constraint the_status_is_known
        check (status in ('PENDING', 'RUNNING', 'WAITING', 'COMPLETED', 'FAILED', 'CANCELLED')),
    constraint a_job_is_at_one_of_its_stages
        check (stage between 0 and stages and stages >= 1),
    constraint a_completed_job_has_all_stages
        check ((status = 'COMPLETED') = (stage = stages)),
    constraint a_pending_job_has_no_stage
        check (status <> 'PENDING' or stage = 0),
    constraint a_pending_job_was_never_claimed
        check (status <> 'PENDING' or token is null),
    constraint a_running_job_has_a_lease
        check (status <> 'RUNNING' or (token is not null and holder is not null and lease_expires_at is not null)),
    constraint only_a_running_job_has_a_lease
        check (status = 'RUNNING' or (holder is null and lease_expires_at is null)),
    constraint a_claimed_job_has_a_token_and_a_start_time
        check ((token is null) = (started_at is null)),
    constraint an_ended_job_has_an_end_time
        check ((status in ('COMPLETED', 'FAILED', 'CANCELLED')) = (ended_at is not null)),
    constraint an_ended_job_is_not_due
        check (status not in ('COMPLETED', 'FAILED', 'CANCELLED') or due_at is null),
    constraint a_job_that_has_not_ended_is_due
        check (status in ('COMPLETED', 'FAILED', 'CANCELLED') or due_at is not null),
    constraint counters_are_not_negative
        check (attempt >= 0 and takeovers >= 0 and progress_no >= 0),
    constraint saved_progress_has_a_number
        check ((progress is null) = (progress_no = 0)),
    constraint only_a_completed_job_has_its_last_result
        check (result is null or status = 'COMPLETED'),
    constraint tokens_begin_at_one
        check (token >= 1)
) with (fillfactor = 50);

-- All that a claim needs; ended jobs are not in it.
create index job_due on job (queue, priority desc, due_at, id) where due_at is not null;

create unique index job_key on job (queue, pipeline, key) where key is not null;

-- The results of all stages but the last.
create table checkpoint (
    queue   text collate "C"  not null,
    job_id  uuid              not null,
    stage   integer           not null,
    token   bigint            not null,
    result  json,
    at      timestamptz       not null,
    constraint checkpoint_pkey primary key (queue, job_id, stage),
    constraint a_checkpoint_is_of_a_stage check (stage >= 0)
);

-- What went wrong: failed attempts, leases that were taken over, writes that were refused. The happy path writes none.
create table failure (
    queue        text collate "C"  not null,
    job_id       uuid              not null,
    id           bigint            generated always as identity,
    kind         text              not null,
    stage        integer           not null,
    attempt      integer           not null,
    token        bigint            not null,
    holder       text              not null,
    at           timestamptz       not null,
    error_type   text,
    message      text              not null,
    stack_trace  text,
    constraint failure_pkey primary key (queue, job_id, id),
    constraint the_kind_of_failure_is_known check (kind in ('FAILED', 'TAKEN_OVER', 'REFUSED'))
);

-- What operators did to jobs; by_user is null for the system itself.
create table operation (
    queue    text collate "C"  not null,
    job_id   uuid              not null,
    id       bigint            generated always as identity,
    kind     text              not null,
    by_user  text,
    at       timestamptz       not null,
    constraint operation_pkey primary key (queue, job_id, id),
    constraint the_kind_of_operation_is_known check (kind in ('CANCEL', 'RETRY'))
);

-- Always empty. Two equal rows make a transaction unable to commit, however its client swallows exceptions: the constraint
-- is looked at by the commit itself.
create table poison (
    reason  text  not null,
    constraint a_transaction_with_a_refused_write_must_not_commit unique (reason) deferrable initially deferred
);

insert into migration (version, name) values (1, 'jobs');
