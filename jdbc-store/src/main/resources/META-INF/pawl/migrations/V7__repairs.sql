-- The record of repairs: what an audit found broken, and what was made of it. A new table; nothing that is there is touched.

-- by_user is null for the system itself. queue and job_id name the job, which may be gone by now.
create table repair (
    id        bigint            generated always as identity,
    queue     text collate "C"  not null,
    job_id    uuid              not null,
    code      text              not null,
    before    text              not null,
    after     text              not null,
    by_user   text,
    at        timestamptz       not null,
    constraint repair_pkey primary key (id)
);

create index repair_job on repair (queue, job_id);

insert into migration (version, name) values (7, 'repairs');
