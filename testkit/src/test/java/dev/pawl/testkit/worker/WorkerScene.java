package dev.pawl.testkit.worker;

import static org.awaitility.Awaitility.await;

import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.Claimed;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/**
 * What tests of workers share: Pawl with real threads over the store in memory, whose time stands still unless it is
 * moved, handlers that say what they do, and a thief of leases.
 */
@Timeout(30)
abstract class WorkerScene {
    static final Duration LEASE = Duration.ofMillis(300);
    static final Duration NEVER = Duration.ofHours(1);
    static final Stage<String> FETCH = Stage.named("fetch", String.class);
    static final Stage<String> CLEAN = Stage.named("clean", String.class);
    static final Stage<Void> PERSIST = Stage.named("persist");
    static final Pipeline<String, Void> PIPELINE =
            Pipeline.named("recap", String.class).then(FETCH).then(CLEAN).then(PERSIST);
    static final Pipeline<String, Void> SHORT =
            Pipeline.named("short", String.class).then(PERSIST);

    final ThreadedPawl pawl = ThreadedPawl.open();
    final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    final CountDownLatch go = new CountDownLatch(1);

    @AfterEach
    void close() {
        go.countDown();
        pawl.close();
    }

    final Worker.Builder worker(Handlers<String> handlers) {
        return pawl.worker(handlers.pipeline().name())
                .run(handlers)
                .lease(LEASE)
                .concurrency(4)
                .pollInterval(Duration.ofMillis(20));
    }

    final JobId enqueue(Pipeline<String, Void> pipeline) {
        return pawl.jobs().enqueue(NewJob.of(pipeline, "x")).id();
    }

    final JobSnapshot ended(JobId id) throws InterruptedException {
        return pawl.jobs().await(id, Duration.ofSeconds(20));
    }

    final <T> T said(String what, T answer) {
        seen.add(what);
        return answer;
    }

    final <T> T waiting(T answer) throws InterruptedException {
        seen.add("waiting");
        try {
            go.await();
        } catch (InterruptedException interrupted) {
            seen.add("interrupted");
            throw interrupted;
        }
        return answer;
    }

    final String next() throws InterruptedException {
        return seen.poll(10, TimeUnit.SECONDS);
    }

    final List<Claimed> claimAsThief() {
        return pawl.memory()
                .claim(ClaimRequest.everywhere(
                        "short", List.of(ClaimRequest.Runs.asIs("short", 1, 1)), "thief#1", Duration.ofDays(1), 1_000));
    }

    /** Takes the job over, in the worst moment. */
    final JobSnapshot steal(JobId id) {
        await().until(() -> {
            pawl.memory().time().advance(Duration.ofDays(2));
            return claimAsThief().stream()
                    .anyMatch(claimed -> claimed.job().id().equals(id));
        });
        return pawl.jobs().find(id).orElseThrow();
    }
}
