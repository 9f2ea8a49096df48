-- Version 3: children. A job's stage may start children, which are jobs of the same queue; a child names its parent and the
-- fan-out (the token under which the parent made it), and its parent counts those that are open.
--
-- The constraints are not looked up in rows that are there, which satisfy them. Each index reads the table once, and the
-- table is locked meanwhile, since that is one transaction with the change of its columns: less than a second for a million jobs.

alter table job
    add column parent_id           uuid,
    add column parent_fan          bigint,
    add column child_key           text collate "C",
    -- The family's place in the order of claims, once the job has left its own, or if it is a child.
    add column place_at            timestamptz,
    -- Of the current stage, from its fan-out to its checkpoint: who made it, and how many children it has.
    add column fan                 bigint,
    add column fan_holder          text,
    add column children            integer,
    add column open_children       integer,
    add column failed_children     integer,
    add column cancelled_children  integer,
    add column tolerated           integer,
    add column fail_fast           boolean,
    -- True while an ended job counts open children. A column of its own, since what an index's condition names can't change
    -- by a heap-only update, and the count changes often.
    add column has_orphans         boolean;

alter table job drop constraint a_job_that_has_not_ended_is_due;
alter table job add constraint a_job_that_has_not_ended_is_due_or_waits_for_open_children
    check (status in ('COMPLETED', 'FAILED', 'CANCELLED')
           or due_at is not null
           or (status = 'WAITING' and coalesce(open_children, 0) > 0)) not valid;
alter table job add constraint a_child_has_a_key_and_names_its_fan_out
    check ((parent_id is null) = (parent_fan is null) and (parent_id is null) = (child_key is null)) not valid;
alter table job add constraint a_child_keeps_its_familys_place
    check (parent_id is null or place_at is not null) not valid;
alter table job add constraint a_fan_out_has_a_holder_a_policy_and_counts
    check (num_nulls(fan, fan_holder, children, open_children, failed_children, cancelled_children, tolerated, fail_fast)
           in (0, 8)) not valid;
alter table job add constraint counts_of_children_are_not_negative
    check (fan is null or (children >= 0 and open_children >= 0 and failed_children >= 0 and cancelled_children >= 0
                           and tolerated >= 0)) not valid;

alter table job add constraint only_an_ended_job_with_open_children_has_orphans
    check (has_orphans is null or (has_orphans and ended_at is not null and coalesce(open_children, 0) > 0)) not valid;

-- Keys of children are unique within their fan-out, and read in their order.
create unique index job_child on job (queue, parent_id, parent_fan, child_key) where parent_id is not null;

-- A parent's open children, which are cancelled in steps: no step passes over those that the steps before have ended. Written
-- at a child's start and at its moves in the order of claims, and not when it is claimed, renewed, or ends.
create index job_open_child on job (queue, parent_id, parent_fan, child_key) where parent_id is not null and ended_at is null;

-- Jobs that ended and left open children behind, which somebody has to cancel.
create index job_with_orphans on job (queue, id) where has_orphans;

insert into migration (version, name) values (3, 'children');
