-- Version 8: what retention has begun to remove. A new table; nothing that is there is touched.

-- Jobs that are gone, and whose children are still to follow: a tree that is too large for one transaction goes from the root down. token is
-- the last one that the job had, which tells its children from those of a later job under the same id.
create table removal (
    queue   text collate "C"  not null,
    job_id  uuid              not null,
    token   bigint            not null,
    constraint removal_pkey primary key (queue, job_id, token)
);

insert into migration (version, name) values (8, 'removals');
