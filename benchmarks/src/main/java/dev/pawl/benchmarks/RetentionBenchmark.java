package dev.pawl.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.Running;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.PawlSchema;
import dev.pawl.job.JobStatus;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What a drain loses while retention removes jobs of two stages that ended long ago, from the same tables, by the same process: drains with it and
 * without it, in turns, until all are removed.
 */
final class RetentionBenchmark {
    private static final int MOST_ROUNDS = 200;
    private static final Duration DAY = Duration.ofDays(1);

    private static final String FILL = """
            insert into pawl.job (queue, id, pipeline, version, stages, stage, status, priority, attempt, takeovers, token, since,
                   progress_no, payload, enqueued_at, started_at, ended_at)
            select 'old', gen_random_uuid(), 'recap', 1, 2, 2, 'COMPLETED', 0, 1, 0, i, now(), 0, '{"day": 1}', now(), now(),
                   now() - interval '30 days' + i * interval '1 ms'
              from generate_series(1, :ended) i;

            insert into pawl.checkpoint (queue, job_id, stage, token, holder, at)
            select queue, id, 0, token, 'worker-1#1', since from pawl.job;

            insert into pawl.tally_mark (queue, counted_at, recounted_to) values ('old', now(), now());

            select setval('pawl.fencing_token', :ended);
            """;

    private final Options options;
    private final PrintStream out;

    RetentionBenchmark(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** Returns whether the bar was met, if there is one. */
    boolean run(Database database) throws Exception {
        try (HikariDataSource pool = database.pool(Options.CONNECTIONS)) {
            Database.execute(pool, "drop schema if exists pawl cascade");
            PawlSchema.migrate(pool);
            Database.execute(pool, FILL.replace(":ended", String.valueOf(options.retention())));
            database.settle();
            try (JdbiPawl pawl = JdbiPawl.on(pool)) {
                return measure(pawl, pool);
            }
        }
    }

    @SuppressWarnings("try") // housekeeping works by being open
    private boolean measure(JdbiPawl pawl, HikariDataSource pool) throws Exception {
        for (int i = 0; i < options.warmUp(); i++) {
            drain(pawl);
        }
        List<Double> ratios = new ArrayList<>();
        List<Double> alone = new ArrayList<>();
        double seconds = 0;
        int left = options.retention();
        while (left > 0 && ratios.size() < MOST_ROUNDS) {
            double without = drain(pawl);
            long begin = System.nanoTime();
            double with;
            try (Running removing = removing(pawl)) {
                with = drain(pawl);
            }
            seconds += (System.nanoTime() - begin) / (double) TimeUnit.SECONDS.toNanos(1);
            alone.add(without);
            ratios.add(with / without);
            left = left(pool);
        }
        if (left == options.retention()) {
            throw new IllegalStateException("retention removed nothing: its figures are void");
        }
        return meetsBar(Figures.median(ratios), Figures.median(alone), (options.retention() - left) / seconds, left);
    }

    private static Running removing(JdbiPawl pawl) {
        return pawl.housekeeping().keep("old", JobStatus.COMPLETED, DAY).start();
    }

    private static int left(HikariDataSource pool) throws SQLException {
        return Database.count(pool, "select count(*) from pawl.job where queue = 'old'");
    }

    private double drain(JdbiPawl pawl) throws InterruptedException {
        WorkerDrain.enqueue(pawl, options.drain());
        return WorkerDrain.rate(pawl, options.drain(), false);
    }

    private boolean meetsBar(double ratio, double alone, double removed, int left) {
        out.printf(
                Locale.ROOT,
                "%n### Retention of %,d ended jobs%n%n%,.0f jobs/s removed beside a drain, which keeps %.2f of its %,.0f jobs/s; %,d are left%n",
                options.retention(),
                removed,
                ratio,
                alone,
                left);
        if (options.retentionBar() == 0) {
            return true;
        }
        boolean met = ratio >= options.retentionBar();
        out.printf(
                Locale.ROOT,
                "%nretention: a drain keeps %.2f of its speed, the bar is %.2f: %s%n",
                ratio,
                options.retentionBar(),
                met ? "met" : "MISSED");
        return met;
    }
}
