package dev.pawl.jdbc.internal;

import dev.pawl.lease.Lease;
import dev.pawl.store.LeaseState;
import java.util.Optional;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.sqlobject.customizer.Bind;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jdbi.v3.sqlobject.statement.UseRowMapper;

/**
 * Named leases, by name. None of these waits for a row that another transaction has locked: the row is stepped over, and a read
 * says what that means. Each that writes makes its own commit durable, since it is a transaction by itself; but for the making of
 * a row that is free. What is left of a lease is told in microseconds from the statement on.
 */
interface LeaseSql {
    /**
     * Takes a lease that is free or expired. The token is drawn after the row is locked: drawn before, a call that waited could put
     * a lower one on the row than it already had. A holder that has it, since the answer to its call was lost, is told so. No row at
     * all is the answer where the name has none.
     */
    @UseRowMapper(LeaseRows.AcquiredMapper.class)
    @SqlQuery("""
            with <durable>,
            known as materialized (
              select l.name,
                     l.holder = :holder and l.taken_until > <now> as mine,
                     l.token,
                     l.taken_until
                from <schema>.lease l
               where l.name = :name
            ),
            free as materialized (
              select l.name
                from durable d
                join <schema>.lease l
                  on d.set = 'on'
               where l.name = :name
                 and (l.taken_until is null or l.taken_until <= <now>)
                 for no key update of l skip locked
            ),
            numbered as materialized (
              select f.name,
                     nextval('<schema>.fencing_token') as token
                from free f
            ),
            taken as (
                 update <schema>.lease l
                    set token = n.token,
                        holder = :holder,
                        taken_until = <now> + :length * interval '1 microsecond',
                        since = <now>
                   from numbered n
                  where l.name = n.name
              returning l.name,
                        l.token,
                        l.taken_until
            )
               select k.name,
                      case when t.name is not null or k.mine then cast(:holder as text) end,
                      coalesce(t.token, k.token),
                      coalesce(t.taken_until, k.taken_until),
                      cast(extract(epoch from coalesce(t.taken_until, k.taken_until) - <now>) * 1000000 as bigint)
                 from known k
            left join taken t
                   on t.name = k.name
            """)
    Optional<LeaseRows.Acquired> acquire(
            @Bind("name") String name,
            @Bind("holder") String holder,
            @Bind("length") long length,
            @Bind("now") Argument now);

    /** A name without a holder or a token; does nothing if it is there. */
    @SqlUpdate("""
            insert into <schema>.lease (name, since)
            values (:name, <now>)
                on conflict (name) do nothing
            """)
    int make(@Bind("name") String name, @Bind("now") Argument now);

    /** Empty if it is not the holder's, or locked by another. */
    @UseRowMapper(LeaseRows.LeaseMapper.class)
    @SqlQuery("""
            with <durable>,
            mine as materialized (
              select l.name
                from durable d
                join <schema>.lease l
                  on d.set = 'on'
               where l.name = :name
                 and l.token = :token
                 and l.holder = :holder
                 for no key update of l skip locked
            )
               update <schema>.lease l
                  set taken_until = greatest(l.taken_until, <now> + :length * interval '1 microsecond')
                 from mine m
                where l.name = m.name
            returning l.name,
                      l.holder,
                      l.token,
                      l.taken_until,
                      cast(extract(epoch from l.taken_until - <now>) * 1000000 as bigint) as remaining
            """)
    Optional<Lease> renew(
            @Bind("name") String name,
            @Bind("token") long token,
            @Bind("holder") String holder,
            @Bind("length") long length,
            @Bind("now") Argument now);

    /** Nothing if it is not the holder's, or locked by another. */
    @SqlUpdate("""
            with <durable>,
            mine as materialized (
              select l.name
                from durable d
                join <schema>.lease l
                  on d.set = 'on'
               where l.name = :name
                 and l.token = :token
                 and l.holder = :holder
                 for no key update of l skip locked
            )
            update <schema>.lease l
               set holder = null,
                   taken_until = case when :rest > 0 then <now> + :rest * interval '1 microsecond' end,
                   since = <now>
              from mine m
             where l.name = m.name
            """)
    int release(
            @Bind("name") String name,
            @Bind("token") long token,
            @Bind("holder") String holder,
            @Bind("rest") long rest,
            @Bind("now") Argument now);

    /** The row. */
    @UseRowMapper(LeaseRows.StateMapper.class)
    @SqlQuery("""
            select l.name,
                   l.token,
                   l.holder,
                   l.taken_until,
                   l.since
              from <schema>.lease l
             where l.name = :name
            """)
    Optional<LeaseState> state(@Bind("name") String name);

    /** Unless it has expired. */
    @UseRowMapper(LeaseRows.LeaseMapper.class)
    @SqlQuery("""
            select l.name,
                   l.holder,
                   l.token,
                   l.taken_until,
                   cast(extract(epoch from l.taken_until - <now>) * 1000000 as bigint) as remaining
              from <schema>.lease l
             where l.name = :name
               and l.holder is not null
               and l.taken_until > <now>
            """)
    Optional<Lease> find(@Bind("name") String name, @Bind("now") Argument now);
}
