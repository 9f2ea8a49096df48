-- Version 6: what the read side looks jobs up by, and what is counted of those that have ended.
--
-- The column is kept by the database and not by Pawl's statements: an index must not name a job's status, since what changes at
-- each claim must stand in none. To add it rewrites the table, which is locked meanwhile: some ten seconds for a million jobs. The
-- indexes read it once each.

alter table job
    add column ended_badly boolean generated always as (case when status in ('FAILED', 'CANCELLED') then true end) stored;

-- Jobs by their ends: history, roll-ups and retention. The one index that is written when a job completes.
create index job_ended on job (queue, ended_at, id) where ended_at is not null;

-- What is rare, and looked for most.
create index job_ended_badly on job (queue, id) where ended_badly;
create index job_triggered on job (queue, triggered_by, id) where triggered_by is not null;

-- Parents that wait for children, which are not due. Written by fan-outs and fan-ins alone, which move the due time anyway.
create index job_with_open_children on job (queue, id) where due_at is null and ended_at is null;

-- What ended, by spans of five minutes and of an hour. Histograms are pairs: the number of a bucket, and its count.
create table tally (
    queue            text collate "C"  not null,
    minutes          integer           not null,
    start            timestamptz       not null,
    pipeline         text collate "C"  not null,
    status           text              not null,
    jobs             bigint            not null,
    failed_attempts  bigint            not null,
    takeovers        bigint            not null,
    measured         bigint            not null,
    run_micros       bigint            not null,
    wait_micros      bigint            not null,
    runs             bigint[]          not null,
    waits            bigint[]          not null,
    constraint tally_pkey primary key (queue, minutes, start, pipeline, status),
    constraint tallies_are_of_five_minutes_or_an_hour check (minutes in (5, 60)),
    constraint tallies_are_not_negative
        check (jobs >= 0 and failed_attempts >= 0 and takeovers >= 0 and measured >= 0 and run_micros >= 0 and wait_micros >= 0)
);

-- How far each queue is counted: the last end that was, and until when what ended was counted a second time.
create table tally_mark (
    queue         text collate "C"  not null,
    counted_at    timestamptz       not null,
    counted_id    uuid,
    recounted_to  timestamptz       not null,
    constraint tally_mark_pkey primary key (queue)
);

insert into migration (version, name) values (6, 'views');
