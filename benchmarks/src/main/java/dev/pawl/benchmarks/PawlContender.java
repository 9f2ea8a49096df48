package dev.pawl.benchmarks;

import static dev.pawl.job.Outcome.done;

import dev.pawl.Json;
import dev.pawl.embed.Pawl;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.PawlSchema;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import dev.pawl.worker.WorkerListener;
import java.sql.SQLException;
import java.util.Collections;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** Pawl as an application runs it: a worker, with every setting but the number of its handlers as it comes. */
final class PawlContender implements Contender {
    private static final int ENQUEUED_AT_ONCE = 1_000;

    @Override
    public String name() {
        return Contenders.PAWL;
    }

    @Override
    public void prepare(DataSource dataSource, Workload workload) throws SQLException {
        Database.execute(dataSource, "drop schema if exists pawl cascade");
        PawlSchema.migrate(dataSource);
        Pipeline<Json, ?> pipeline = pipeline(workload);
        NewJob<Json> job = NewJob.of(pipeline, Json.of("{\"n\":1}"));
        try (Pawl pawl = JdbiPawl.on(dataSource)) {
            for (int left = workload.jobs(); left > 0; left -= ENQUEUED_AT_ONCE) {
                pawl.jobs().enqueueAll(Collections.nCopies(Math.min(left, ENQUEUED_AT_ONCE), job));
            }
        }
    }

    @Override
    public AutoCloseable run(DataSource dataSource, Workload workload, int threads) throws InterruptedException {
        Ends ends = new Ends(workload.jobs());
        Pawl pawl = JdbiPawl.on(dataSource);
        Worker worker = pawl.worker(workload.name())
                .run(handlers(workload))
                .concurrency(threads)
                .listener(ends)
                .start();
        if (!ends.latch.await(10, TimeUnit.MINUTES)) {
            throw new IllegalStateException(
                    ends.latch.getCount() + " ends are missing after 10 minutes; " + worker.held() + " are held");
        }
        return () -> {
            worker.close();
            pawl.close();
        };
    }

    @Override
    public int completed(DataSource dataSource, Workload workload) throws SQLException {
        return Database.count(dataSource, "select count(*) from pawl.job where status = 'COMPLETED'");
    }

    private static Pipeline<Json, ?> pipeline(Workload workload) {
        Pipeline.Builder<Json> head = Pipeline.named(workload.name(), Json.class);
        if (workload.stages() == 1) {
            return head.then(Stage.named("only", Void.class));
        }
        Pipeline<Json, Json> pipeline = head.then(Stage.named("stage-1", Json.class));
        for (int i = 2; i <= workload.stages(); i++) {
            pipeline = pipeline.then(Stage.named("stage-" + i, Json.class));
        }
        return pipeline;
    }

    private static Handlers<Json> handlers(Workload workload) {
        Pipeline<Json, ?> pipeline = pipeline(workload);
        if (workload.stages() == 1) {
            return Handlers.of(pipeline).on(Stage.named("only", Void.class), attempt -> done());
        }
        String[] results = workload.results();
        Handlers<Json> handlers = Handlers.of(pipeline);
        for (int i = 1; i <= workload.stages(); i++) {
            Outcome<Json> outcome = done(Json.wellFormed(results[i % results.length]));
            handlers = handlers.on(Stage.named("stage-" + i, Json.class), attempt -> outcome);
        }
        return handlers;
    }

    /** Waits for the commits of the last writes of all jobs. */
    private static final class Ends implements WorkerListener {
        private final CountDownLatch latch;

        Ends(int jobs) {
            this.latch = new CountDownLatch(jobs);
        }

        @Override
        public void ended(JobId job, JobStatus as) {
            latch.countDown();
        }
    }
}
