package dev.pawl.benchmarks;

import static dev.pawl.job.Outcome.done;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.Json;
import dev.pawl.embed.Pawl;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.PawlSchema;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import dev.pawl.worker.WorkerListener;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What claims and checkpoints cost beside many jobs that have ended, of the same queue: the same jobs of a few trivial stages go
 * through that table, and through one of another schema, where there are none. The two take turns.
 */
final class HotBenchmark {
    private static final String EMPTY = "pawl_empty";
    private static final String QUEUE = "recap";
    private static final int STAGES = 4;

    private final Options options;
    private final PrintStream out;

    HotBenchmark(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** Beside the jobs that are in schema {@code pawl}. Returns whether the bar was met, if there is one. */
    boolean run(HikariDataSource pool) throws SQLException, InterruptedException {
        Database.execute(pool, "drop schema if exists " + EMPTY + " cascade");
        PawlSchema.migrate(pool, EMPTY);
        List<Double> full = new ArrayList<>();
        List<Double> empty = new ArrayList<>();
        List<Double> cost = new ArrayList<>();
        for (int i = -options.warmUp(); i < options.rounds(); i++) {
            double beside = i % 2 == 0 ? round(pool, "pawl") : 0;
            double without = round(pool, EMPTY);
            beside = beside == 0 ? round(pool, "pawl") : beside;
            if (i >= 0) {
                full.add(beside);
                empty.add(without);
                cost.add(without / beside);
            }
        }
        Database.execute(pool, "drop schema " + EMPTY + " cascade");
        double times = Figures.median(cost);
        out.printf(
                Locale.ROOT,
                "%n### Claims and checkpoints beside %,d ended jobs%n%n%,.0f stages/s, and %,.0f beside none: each costs %.2f times as much%n",
                options.ended(),
                Figures.median(full),
                Figures.median(empty),
                times);
        if (options.hotBar() == 0) {
            return true;
        }
        boolean met = times <= options.hotBar();
        out.printf(Locale.ROOT, "the bar is %.2f: %s%n", options.hotBar(), met ? "met" : "MISSED");
        return met;
    }

    /** Stages a second. */
    private double round(HikariDataSource pool, String schema) throws SQLException, InterruptedException {
        Pipeline<Json, ?> pipeline = pipeline();
        CountDownLatch ends = new CountDownLatch(options.hot());
        try (Pawl pawl = JdbiPawl.with(pool).schema(schema).open()) {
            pawl.jobs()
                    .enqueueAll(Collections.nCopies(
                            options.hot(),
                            NewJob.of(pipeline, Json.of("{\"n\":1}")).queue(QUEUE)));
            Database.execute(pool, "checkpoint");
            long begin = System.nanoTime();
            Worker worker = pawl.worker(QUEUE)
                    .run(handlers(pipeline))
                    .concurrency(Options.THREADS)
                    .listener(new WorkerListener() {
                        @Override
                        public void ended(JobId job, JobStatus as) {
                            ends.countDown();
                        }
                    })
                    .start();
            if (!ends.await(10, TimeUnit.MINUTES)) {
                throw new IllegalStateException(ends.getCount() + " ends are missing after 10 minutes");
            }
            double seconds = (System.nanoTime() - begin) / (double) TimeUnit.SECONDS.toNanos(1);
            worker.close();
            return options.hot() * STAGES / seconds;
        }
    }

    private static Pipeline<Json, ?> pipeline() {
        Pipeline<Json, Void> pipeline = Pipeline.named("hot", Json.class).then(Stage.named("stage-1", Void.class));
        for (int i = 2; i <= STAGES; i++) {
            pipeline = pipeline.then(Stage.named("stage-" + i, Void.class));
        }
        return pipeline;
    }

    private static Handlers<Json> handlers(Pipeline<Json, ?> pipeline) {
        Handlers<Json> handlers = Handlers.of(pipeline);
        for (int i = 1; i <= STAGES; i++) {
            handlers = handlers.on(Stage.named("stage-" + i, Void.class), attempt -> done());
        }
        return handlers;
    }
}
