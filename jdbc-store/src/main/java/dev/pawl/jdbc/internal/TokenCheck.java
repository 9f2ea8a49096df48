package dev.pawl.jdbc.internal;

import dev.pawl.store.StoreException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.sqlobject.customizer.Bind;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.UseRowMapper;

/**
 * Whether the sequence of tokens is ahead of the tokens that jobs, named leases and scans bear (rule L9). It is not where rows came without it: by
 * logical replication, which does not copy sequences, or by a restore of some tables. Then tokens would be issued a second
 * time, and claims would come with lower tokens than their jobs had before.
 *
 * <p>No index is on tokens, so this looks at a few rows by key, however many there are: in each of the first fifty queues,
 * twenty jobs at each of the places where the highest tokens are: those enqueued last, those that are claimed first, those
 * enqueued just before the first one that is open, the oldest, and those that were checkpointed last; and at the first thousand names, and scans. It gives up after two
 * seconds, with a warning. What it does not see: a high token in none of these rows; queues beyond the fiftieth, names and scans beyond the thousandth; commits that
 * were lost as a whole, of which no row tells. {@code PawlSchema.advanceTokens} looks at everything.
 */
record TokenCheck(Database database, Transactions transactions) {
    private static final String WHAT = "compare tokens with their sequence";

    TokenCheck(Database database) {
        this(database, new OwnTransactions(database));
    }

    List<Finding> findings() {
        try {
            return transactions.run(WHAT, handle -> {
                handle.execute("set local statement_timeout = '2s'");
                TokenSql sql = handle.attach(TokenSql.class);
                Optional<Bearer> highest = sql.highest();
                long last =
                        sql.lastIssued(database.schema().value()).orElse(0L); // after the rows, so never behind them
                return highest.filter(bearer -> bearer.token > last)
                        .map(bearer -> List.of(above(bearer, last)))
                        .orElse(List.of());
            });
        } catch (StoreException failure) {
            if (SqlFailures.has(failure, SqlFailures.QUERY_CANCELED)) {
                return List.of(Finding.warning(
                        "tokens could not be compared with their sequence within two seconds",
                        "After a failover or a restore, run PawlSchema.advanceTokens before the start"));
            }
            throw failure;
        }
    }

    private Finding above(Bearer bearer, long last) {
        SchemaName schema = database.schema();
        return Finding.refusal(
                bearer.subject + " bears token " + bearer.token + ", but the sequence "
                        + schema + ".fencing_token has issued no more than " + last
                        + ", so tokens would be issued a second time: rows came without it, by logical replication or a"
                        + " partial restore",
                "Stop all processes that use the schema, and run PawlSchema.advanceTokens(dataSource, \"" + schema
                        + "\") as the role that owns it");
    }

    /** A job, a named lease or a scan, and the token that it bears. */
    record Bearer(String subject, long token) {}

    /** To {@link Bearer}. */
    public static final class BearerMapper implements RowMapper<Bearer> {
        @Override
        public Bearer map(ResultSet row, StatementContext context) throws SQLException {
            return new Bearer(row.getString(1), row.getLong(2));
        }
    }

    interface TokenSql {
        /** A loose index scan for the queues, and look-ups by the ends of three indexes in each; then the names and the scans. */
        @UseRowMapper(BearerMapper.class)
        @SqlQuery("""
                with recursive queue (name) as (
                  (select j.queue
                     from <schema>.job j
                 order by j.queue
                    limit 1)
                union all
                  select (select j.queue
                            from <schema>.job j
                           where j.queue > q.name
                        order by j.queue
                           limit 1)
                    from queue q
                   where q.name is not null
                ),
                looked_at as materialized (
                  select q.name
                    from queue q
                   where q.name is not null
                   limit 50
                ),
                bearer as (
                    select b.*
                      from looked_at q
                cross join lateral (
                           (select j.queue, j.id, j.token
                              from <schema>.job j
                             where j.queue = q.name
                          order by j.id desc
                             limit 20)
                         union all
                           (select j.queue, j.id, j.token
                              from <schema>.job j
                             where j.queue = q.name
                               and j.due_at is not null
                          order by j.priority desc, j.due_at, j.id
                             limit 20)
                         union all
                           (select j.queue, j.id, j.token
                              from <schema>.job j
                             where j.queue = q.name
                               and j.id < (select f.id
                                             from <schema>.job f
                                            where f.queue = q.name
                                              and f.due_at is not null
                                         order by f.priority desc, f.due_at, f.id
                                            limit 1)
                          order by j.id desc
                             limit 20)
                         union all
                           (select j.queue, j.id, j.token
                              from <schema>.job j
                             where j.queue = q.name
                          order by j.id
                             limit 20)
                         union all
                           (select c.queue, c.job_id, c.token
                              from <schema>.checkpoint c
                             where c.queue = q.name
                          order by c.job_id desc, c.stage desc
                             limit 20)) b
                ),
                named as (
                    select l.name, l.token
                      from <schema>.lease l
                  order by l.name
                     limit 1000
                ),
                scanned as (
                    select s.name, s.token
                      from <schema>.scan s
                  order by s.name
                     limit 1000
                ),
                bears (subject, token) as (
                    select 'job ' || b.queue || '/' || b.id, b.token
                      from bearer b
                 union all
                    select 'lease ' || n.name, n.token
                      from named n
                 union all
                    select 'scan ' || s.name, s.token
                      from scanned s
                )
                  select b.subject, b.token
                    from bears b
                   where b.token is not null
                order by b.token desc
                   limit 1
                """)
        Optional<Bearer> highest();

        /** By a view, since to select from the sequence itself takes a privilege that a worker's role has no other use for. */
        @SqlQuery("""
                select s.last_value
                  from pg_sequences s
                 where s.schemaname = :schema
                   and s.sequencename = 'fencing_token'
                   and s.last_value is not null
                """)
        Optional<Long> lastIssued(@Bind("schema") String schema);
    }
}
