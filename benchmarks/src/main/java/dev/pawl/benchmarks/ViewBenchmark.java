package dev.pawl.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.PawlSchema;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.view.JobFilter;
import dev.pawl.view.JobListing;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** How long views take beside many {@linkplain EndedJobs jobs that have ended}; ten thousand more are due, a hundred run. */
final class ViewBenchmark {
    private static final String ACTIVE = """
            insert into pawl.job (queue, id, pipeline, version, stages, stage, status, priority, attempt, takeovers, due_at, token,
                   holder, lease_expires_at, since, progress_no, payload, enqueued_at, started_at)
            select 'recap', gen_random_uuid(), 'recap', 1, 2, 0,
                   case when i <= 100 then 'RUNNING' else 'PENDING' end, 0, 1, 0, now() - interval '1 min' + interval '1 ms' * i,
                   case when i <= 100 then i end, case when i <= 100 then 'worker-1#' || i end,
                   case when i <= 100 then now() + interval '1 h' end, now(), 0, '{"day": 1}', now(),
                   case when i <= 100 then now() end
              from generate_series(1, 10100) i
            """;

    private final Options options;
    private final PrintStream out;

    ViewBenchmark(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** What is timed, and how long it may take by the median. */
    private record Timed(Runnable view, int millis) {}

    /** Returns whether the bars were met, if they are asked for. */
    boolean run(Database database) throws Exception {
        try (HikariDataSource pool = database.pool(Options.CONNECTIONS)) {
            Database.execute(pool, "drop schema if exists pawl cascade");
            PawlSchema.migrate(pool);
            long begin = System.nanoTime();
            EndedJobs.fill(pool, options.ended());
            database.settle();
            out.printf(Locale.ROOT, "%n%,d ended jobs: filled in %.0f s%n", options.ended(), since(begin));
            boolean met = options.hot() == 0 || new HotBenchmark(options, out).run(pool);
            Database.execute(pool, ACTIVE);
            database.settle();
            try (JdbiPawl pawl = JdbiPawl.on(pool)) {
                begin = System.nanoTime();
                pawl.housekeeping().once();
                out.printf(
                        Locale.ROOT,
                        "%n### Views beside %,d ended jobs, p50%n%nthose of a day counted for statistics, both looks: %,.0f jobs/s%n%n",
                        options.ended(),
                        Math.min(options.ended(), EndedJobs.LAST_DAY) / since(begin));
                met &= measure(pawl);
                return met;
            }
        }
    }

    private static double since(long begin) {
        return (System.nanoTime() - begin) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    private boolean measure(JdbiPawl pawl) {
        JobListing deep = pawl.views().jobs(JobFilter.all().queue("recap"), 50);
        for (int i = 0; i < 20; i++) {
            deep = pawl.views().more(deep);
        }
        JobId id = deep.rows().get(0).id();
        String next = deep.next().orElseThrow();
        Map<String, Timed> views = new LinkedHashMap<>();
        views.put("statistics of 24 h", new Timed(() -> pawl.views().stats(Duration.ofHours(24)), 50));
        views.put("history, first page", new Timed(() -> pawl.views().jobs(JobFilter.all(), 50), 5));
        views.put(
                "history, a later page",
                new Timed(() -> pawl.views().jobs(JobFilter.all().queue("recap"), 50, next), 5));
        views.put(
                "history of failures",
                new Timed(() -> pawl.views().jobs(JobFilter.all().status(JobStatus.FAILED), 50), 5));
        views.put("progress of a job", new Timed(() -> pawl.views().progress(id), 2));
        views.put("timeline of a job", new Timed(() -> pawl.views().timeline(id), 5));
        views.put("queues", new Timed(() -> pawl.views().queues(), 10));
        out.printf(
                "| %-22s | %9s | %7s |%n|%s|%s:|%s:|%n",
                "view", "p50", "bar", "-".repeat(24), "-".repeat(10), "-".repeat(8));
        boolean met = true;
        for (Map.Entry<String, Timed> view : views.entrySet()) {
            double millis = median(view.getValue().view());
            out.printf(
                    Locale.ROOT,
                    "| %-22s | %6.2f ms | %4d ms |%n",
                    view.getKey(),
                    millis,
                    view.getValue().millis());
            met &= millis <= view.getValue().millis();
        }
        if (!options.viewBar()) {
            return true;
        }
        out.printf("%nviews: each within its bar: %s%n", met ? "met" : "MISSED");
        return met;
    }

    private double median(Runnable view) {
        int calls = options.warmUp() > 0 ? 200 : 10;
        long[] nanos = new long[calls];
        for (int i = -calls / 4; i < calls; i++) {
            long begin = System.nanoTime();
            view.run();
            nanos[Math.max(0, i)] = System.nanoTime() - begin;
        }
        Arrays.sort(nanos);
        return nanos[calls / 2] / 1_000_000.0;
    }
}
