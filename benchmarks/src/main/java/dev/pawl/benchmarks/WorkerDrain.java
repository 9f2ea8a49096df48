package dev.pawl.benchmarks;

import static dev.pawl.job.Outcome.done;

import dev.pawl.Json;
import dev.pawl.embed.Pawl;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import dev.pawl.worker.WorkerListener;
import java.util.Collections;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Trivial jobs that a worker of Pawl's drains while something else goes on. */
final class WorkerDrain {
    private static final int ENQUEUED_AT_ONCE = 1_000;
    private static final Stage<Void> ONLY = Stage.named("only");
    private static final Pipeline<Json, Void> PIPELINE =
            Pipeline.named("drain", Json.class).then(ONLY);

    private WorkerDrain() {}

    static void enqueue(Pawl pawl, int jobs) {
        NewJob<Json> job = NewJob.of(PIPELINE, Json.of("{\"n\":1}"));
        for (int more = jobs; more > 0; more -= ENQUEUED_AT_ONCE) {
            pawl.jobs().enqueueAll(Collections.nCopies(Math.min(more, ENQUEUED_AT_ONCE), job));
        }
    }

    /** Jobs a second, from the start of a worker to the end of the last job. */
    static double rate(Pawl pawl, int jobs, boolean housekeeping) throws InterruptedException {
        CountDownLatch ends = new CountDownLatch(jobs);
        long begin = System.nanoTime();
        Worker worker = pawl.worker("drain")
                .run(Handlers.of(PIPELINE).on(ONLY, attempt -> done()))
                .concurrency(Options.THREADS)
                .housekeeping(housekeeping)
                .listener(new WorkerListener() {
                    @Override
                    public void ended(JobId ended, JobStatus as) {
                        ends.countDown();
                    }
                })
                .start();
        boolean all = ends.await(10, TimeUnit.MINUTES);
        double seconds = (System.nanoTime() - begin) / (double) TimeUnit.SECONDS.toNanos(1);
        worker.close();
        if (!all) {
            throw new IllegalStateException(ends.getCount() + " ends are missing after 10 minutes");
        }
        return jobs / seconds;
    }
}
