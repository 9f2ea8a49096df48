package dev.pawl.browser;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Very many jobs that have ended, with their checkpoints: up to a million in the last 23 hours, the others in the month before. One of a hundred
 * has failed, one of fifty was triggered by ann. They are written without indexes, which are built afterwards.
 */
final class EndedJobs {
    static final int LAST_DAY = 1_000_000;

    private static final String PIPELINE = """
            insert into pawl.pipeline (name, version, stages) values ('recap', 1, array['fetch', 'persist'])
            """;

    private static final String CHECKPOINTS = """
            insert into pawl.checkpoint (queue, job_id, stage, token, holder, at)
            select queue, id, 0, token, 'worker-1#1', since from pawl.job
            """;

    /** What ended before the last day was counted then. */
    private static final String COUNTED = """
            insert into pawl.tally_mark (queue, counted_at, recounted_to)
            select 'recap', d.at, d.at
              from (select date_bin('5 min', now() - interval '24 h', timestamptz '2000-01-01 00:00:00Z') as at) d
            """;

    private static final String INDEXES = """
                select cast(cast(i.indexrelid as regclass) as text) as name,
                       pg_get_indexdef(i.indexrelid) as index,
                       c.conname as constraint,
                       cast(cast(i.indrelid as regclass) as text) as table,
                       pg_get_constraintdef(c.oid) as definition
                  from pg_index i
             left join pg_constraint c
                    on c.conindid = i.indexrelid
                 where i.indrelid in (cast('pawl.job' as regclass), cast('pawl.checkpoint' as regclass))
              order by 1
            """;

    private EndedJobs() {}

    private static String described(int jobs) {
        return """
                insert into pawl.job (queue, id, pipeline, version, stages, stage, status, priority, attempt, takeovers, token, since,
                       progress_no, payload, triggered_by, enqueued_at, started_at, ended_at)
                select 'recap',
                       cast(lpad(to_hex(cast(floor(extract(epoch from e.at) * 1000) as bigint)), 12, '0') || '7'
                            || substr(md5(cast(e.i as text)), 1, 3) || '8' || substr(md5(cast(e.i as text)), 4, 15) as uuid),
                       'recap', 1, 2,
                       case when mod(e.i, 100) = 0 then 1 else 2 end,
                       case when mod(e.i, 100) = 0 then 'FAILED' else 'COMPLETED' end,
                       0, 1, 0, e.i, e.at, 0, '{"day": 1}',
                       case when mod(e.i, 50) = 0 then 'ann' end,
                       e.at - interval '9 s', e.at - interval '8 s' * mod(e.i, 1000) / 1000, e.at
                  from (select i,
                               now() - interval '1 min'
                               - case when i <= least(%1$d, %2$d)
                                      then interval '23 h' * i / least(%1$d, %2$d)
                                      else interval '24 h' + interval '30 d' * (i - %2$d) / %1$d end as at
                          from generate_series(%1$d, 1, -1) i) e
                """.formatted(jobs, LAST_DAY);
    }

    static void fill(int jobs, DataSource database) {
        List<String> all = new ArrayList<>();
        List<String> afterwards = new ArrayList<>(List.of("set maintenance_work_mem = '512MB'"));
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            try (ResultSet index = statement.executeQuery(INDEXES)) {
                while (index.next()) {
                    String table = "alter table " + index.getString("table");
                    String constraint = index.getString("constraint");
                    all.add(
                            constraint == null
                                    ? "drop index " + index.getString("name")
                                    : table + " drop constraint " + constraint);
                    afterwards.add(
                            constraint == null
                                    ? index.getString("index")
                                    : table + " add constraint " + constraint + " " + index.getString("definition"));
                }
            }
            all.addAll(List.of(
                    PIPELINE,
                    described(jobs),
                    CHECKPOINTS,
                    COUNTED,
                    "select setval('pawl.fencing_token', " + jobs + " + 100)"));
            all.addAll(afterwards);
            all.addAll(List.of("reset maintenance_work_mem", "analyze pawl.job", "analyze pawl.checkpoint"));
            for (String sql : all) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
