-- Pawl's schema, version 5: durable scans. Run it in one transaction, with the schema first in the search_path.

-- Where each scan is. The cursor and the lap's end are keys as JSON, which only the scan's own statements read. Whoever walks
-- holds a named lease; its token and holder stand here, too, so that the move of a cursor is guarded in the row that it changes.
create table scan (
    name                text collate "C"  not null,
    keyset              text              not null,
    step                bigint            not null,
    token               bigint            not null,
    holder              text,
    since               timestamptz       not null,
    lap                 bigint            not null,
    cursor              json,
    lap_end             json,
    lap_rows            bigint            not null,
    lap_pages           bigint            not null,
    lap_started_at      timestamptz,
    last_page_at        timestamptz,
    last_wrap_at        timestamptz,
    last_lap_rows       bigint            not null,
    nudged_at           timestamptz,
    failed_attempts     integer           not null,
    failed_since        timestamptz,
    failed_error        text,
    failed_token        bigint,
    retry_at            timestamptz,
    failing             boolean           not null,
    failed_last         json,
    failed_rows         integer,
    failed_goes_on      boolean,

    constraint scan_pkey primary key (name),

    constraint tokens_of_scans_begin_at_one check (token >= 1),
    constraint laps_begin_at_one check (lap >= 1),
    constraint counts_of_a_scan_are_not_negative
        check (step >= 0 and lap_rows >= 0 and lap_pages >= 0 and last_lap_rows >= 0 and failed_attempts >= 0),
    constraint a_lap_has_an_end_while_it_is_under_way
        check ((lap_end is null) = (lap_started_at is null)),
    constraint only_a_lap_under_way_has_a_cursor_and_rows
        check (lap_end is not null or (cursor is null and lap_rows = 0 and lap_pages = 0)),
    constraint a_failed_page_has_an_error_a_token_and_times
        check (num_nulls(failed_since, failed_error, failed_token, retry_at) = case failed_attempts when 0 then 4 else 0 end),
    constraint only_a_failed_page_is_failing_or_has_bounds
        check (failed_attempts > 0 or (not failing and failed_last is null)),
    constraint bounds_are_known_whole
        check (num_nulls(failed_last, failed_rows, failed_goes_on) in (0, 3))
) with (fillfactor = 50);

-- Pages that somebody stepped over: their rows were not handled in that lap. by_user is null for the system itself.
create table scan_skip (
    scan             text collate "C"  not null,
    id               bigint            generated always as identity,
    step             bigint            not null,
    lap              bigint            not null,
    cursor           json,
    last             json              not null,
    rows             integer           not null,
    goes_on          boolean           not null,
    failed_attempts  integer           not null,
    failed_since     timestamptz       not null,
    failed_error     text              not null,
    failed_token     bigint            not null,
    retry_at         timestamptz       not null,
    failing          boolean           not null,
    by_user          text,
    at               timestamptz       not null,
    constraint scan_skip_pkey primary key (scan, id)
);

insert into migration (version, name) values (5, 'scans');
