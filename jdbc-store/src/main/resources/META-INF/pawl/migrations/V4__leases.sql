-- Version 4: named leases. A new table; nothing that is there is touched.
--
-- token is the last one issued, from the same sequence as those of jobs, and is never cleared. taken_until is the expiry of a
-- lease, or, where it has no holder, the end of a rest; null if the name is free. Neither stands in an index, so that renewals are
-- heap-only updates.

create table lease (
    name         text collate "C"  not null,
    token        bigint,
    holder       text,
    taken_until  timestamptz,
    since        timestamptz       not null,

    constraint lease_pkey primary key (name),
    constraint a_held_lease_has_a_token_and_an_expiry
        check (holder is null or (token is not null and taken_until is not null)),
    constraint tokens_of_leases_begin_at_one
        check (token >= 1)
) with (fillfactor = 50);

insert into migration (version, name) values (4, 'leases');
