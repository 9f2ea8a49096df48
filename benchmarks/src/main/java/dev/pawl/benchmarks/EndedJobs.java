package dev.pawl.benchmarks;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Fills the tables of schema {@code pawl} with jobs that have ended: up to a million in the last 24 hours, and the others in the
 * month before. They are of two stages, and of one queue; of a hundred one has failed, of fifty a user has triggered one. Without
 * indexes, which are built afterwards: so ten million take minutes.
 */
final class EndedJobs {
    static final int LAST_DAY = 1_000_000;

    private static final String DESCRIBE = """
            insert into pawl.pipeline (name, version, stages) values ('recap', 1, array['fetch', 'persist'])
            """;

    private static final String JOBS = """
            insert into pawl.job (queue, id, pipeline, version, stages, stage, status, priority, attempt, takeovers, token, since,
                   progress_no, payload, triggered_by, enqueued_at, started_at, ended_at)
            select 'recap',
                   cast(lpad(to_hex(cast(floor(extract(epoch from e.at) * 1000) as bigint)), 12, '0') || '7'
                        || substr(md5(cast(e.i as text)), 1, 3) || '8' || substr(md5(cast(e.i as text)), 4, 15) as uuid),
                   'recap', 1, 2,
                   case when e.i % 100 = 0 then 1 else 2 end,
                   case when e.i % 100 = 0 then 'FAILED' else 'COMPLETED' end,
                   0, 1, 0, e.i, e.at, 0, '{"day": 1}',
                   case when e.i % 50 = 0 then 'ann' end,
                   e.at - interval '9 s', e.at - interval '8 s' * (e.i % 1000) / 1000, e.at
              from (select i,
                           now() - interval '1 min'
                           - case when i <= least(:ended, :day)
                                  then interval '23 h 58 min' * i / least(:ended, :day)
                                  else interval '24 h' + interval '30 d' * (i - :day) / :ended end as at
                      from generate_series(:ended, 1, -1) i) e
            """;

    private static final String CHECKPOINTS = """
            insert into pawl.checkpoint (queue, job_id, stage, token, holder, at)
            select queue, id, 0, token, 'worker-1#1', since from pawl.job
            """;

    /** What ended before was counted then. */
    private static final String COUNTED = """
            insert into pawl.tally_mark (queue, counted_at, recounted_to)
            select 'recap', d.at, d.at
              from (select date_bin('5 min', now() - interval '24 h', timestamptz '2000-01-01 00:00:00Z') as at) d
            """;

    private static final String INDEXES = """
                select i.indexrelid::regclass as name,
                       pg_get_indexdef(i.indexrelid) as index,
                       c.conname as constraint,
                       i.indrelid::regclass as table,
                       pg_get_constraintdef(c.oid) as definition
                  from pg_index i
             left join pg_constraint c
                    on c.conindid = i.indexrelid
                 where i.indrelid in ('pawl.job'::regclass, 'pawl.checkpoint'::regclass)
              order by 1
            """;

    private EndedJobs() {}

    static void fill(DataSource dataSource, int ended) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            List<String> rebuild = new ArrayList<>(List.of("set maintenance_work_mem = '512MB'"));
            List<String> drop = new ArrayList<>();
            try (ResultSet index = statement.executeQuery(INDEXES)) {
                while (index.next()) {
                    String constraint = index.getString("constraint");
                    String table = "alter table " + index.getString("table");
                    drop.add(
                            constraint == null
                                    ? "drop index " + index.getString("name")
                                    : table + " drop constraint " + constraint);
                    rebuild.add(
                            constraint == null
                                    ? index.getString("index")
                                    : table + " add constraint " + constraint + " " + index.getString("definition"));
                }
            }
            rebuild.add("reset maintenance_work_mem");
            execute(statement, drop);
            execute(
                    statement,
                    List.of(
                            DESCRIBE,
                            JOBS.replace(":ended", String.valueOf(ended)).replace(":day", String.valueOf(LAST_DAY)),
                            CHECKPOINTS,
                            COUNTED,
                            "select setval('pawl.fencing_token', " + ended + " + 100)"));
            execute(statement, rebuild);
        }
    }

    private static void execute(Statement statement, List<String> all) throws SQLException {
        for (String sql : all) {
            statement.execute(sql);
        }
    }
}
