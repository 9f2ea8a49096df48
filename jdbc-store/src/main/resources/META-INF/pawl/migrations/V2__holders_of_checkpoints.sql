-- Version 2: who recorded a checkpoint. A repeat of it is known by its lease, which is token and holder together: a database
-- that lost its last commits may issue a token a second time. Null for what was recorded before this version; no process of
-- this version repeats that.

alter table checkpoint add column holder text;

-- The last checkpoint stands in the job's row.
alter table job add column completed_by text;

-- "Not valid" spares it a look at the rows that are there, in which the column is null.
alter table job add constraint only_a_completed_job_was_completed_by_a_holder
    check (completed_by is null or status = 'COMPLETED') not valid;

insert into migration (version, name) values (2, 'holders_of_checkpoints');
