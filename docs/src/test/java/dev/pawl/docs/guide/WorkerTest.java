package dev.pawl.docs.guide;

import static dev.pawl.docs.guide.Digest.FETCH;
import static dev.pawl.job.Outcome.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.docs.guide.Digest.Request;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.Attempt;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.lease.Fence;
import dev.pawl.lease.Lease;
import dev.pawl.store.RefusedWrite;
import dev.pawl.testkit.PawlTest;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import dev.pawl.worker.WorkerListener;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

@PawlTest
@SuppressWarnings("try") // a worker works by being open
class WorkerTest {
    private static final Request TODAY = new Request(LocalDate.of(2026, 2, 16), "en");
    private static final Duration SOON = Duration.ofSeconds(60);

    private final Newsroom newsroom = new Newsroom();

    @Test
    void a_worker_has_settings(JdbiPawl pawl) throws InterruptedException {
        Handlers<Request> digest = GettingStartedTest.digest(newsroom);
        Counts counts = new Counts();
        JobId id = pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY)).id();
        // tag::settings[]
        Worker worker = pawl.worker("digest")
                .run(digest)
                .name("newsroom-3") // appears in leases, logs and refusals
                .concurrency(16) // handlers at a time
                .lease(Duration.ofSeconds(30)) // how soon another may take over when this process dies
                .pollInterval(Duration.ofSeconds(1)) // how soon work of other processes is seen
                .letGoAfterSilence(Duration.ofMinutes(5)) // for handlers that hang
                .grace(Duration.ofSeconds(30)) // for handlers to finish on close()
                .listener(counts)
                .start();
        // end::settings[]

        assertThat(pawl.jobs().await(id, SOON).status()).isEqualTo(JobStatus.COMPLETED);
        // tag::close[]
        worker.close(); // claims no more, lets handlers finish, gives back the rest
        // end::close[]

        assertThat(worker.held()).isZero();
        assertThat(counts.checkpoints.sum()).isEqualTo(3);
        assertThat(counts.lost.sum()).isZero();
    }

    // tag::listener[]
    static final class Counts implements WorkerListener {
        final LongAdder checkpoints = new LongAdder();
        final LongAdder takeovers = new LongAdder();
        final LongAdder lost = new LongAdder();

        @Override
        public void checkpointed(JobId job, String stage, Duration took) {
            checkpoints.increment();
        }

        @Override
        public void takenOver(JobId job, String stage, Lease lease, Fence from, int count) {
            takeovers.increment();
        }

        @Override
        public void refused(RefusedWrite refused) {
            lost.increment();
        }
    }
    // end::listener[]

    @Test
    void handlers_run_where_the_application_says(JdbiPawl pawl) throws InterruptedException {
        JobId id = pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY)).id();
        Handlers<Request> digest = GettingStartedTest.digest(newsroom);
        // tag::executor[]
        ExecutorService threads = Executors.newCachedThreadPool(); // on Java 21: newVirtualThreadPerTaskExecutor()

        try (Worker worker = pawl.worker("digest")
                .run(digest)
                .executor(threads)
                .concurrency(200)
                .start()) {
            pawl.jobs().await(id, Duration.ofMinutes(1));
        }
        threads.shutdown(); // ours to do: the worker only uses it
        // end::executor[]

        assertThat(pawl.jobs().find(id).orElseThrow().status()).isEqualTo(JobStatus.COMPLETED);
    }

    // tag::backfill[]
    record Range(long from, long to) {}

    record Cursor(long lastId, long indexed) {}

    record Indexed(long documents) {}

    static final Stage<Indexed> INDEX = Stage.named("index", Indexed.class);
    static final Pipeline<Range, Indexed> BACKFILL =
            Pipeline.named("backfill", Range.class).then(INDEX);

    static Outcome<Indexed> index(Attempt<Range> job, Documents documents) {
        Cursor at = job.progress(Cursor.class).orElse(new Cursor(job.payload().from(), 0));
        while (at.lastId() < job.payload().to()) {
            List<Long> ids = documents.indexAfter(at.lastId(), 500);
            if (ids.isEmpty()) {
                break;
            }
            at = new Cursor(ids.get(ids.size() - 1), at.indexed() + ids.size());
            job.saveProgress(at); // durable, fenced, renews the lease
        }
        return done(new Indexed(at.indexed()));
    }
    // end::backfill[]

    @Test
    void a_long_stage_goes_on_at_its_saved_cursor(JdbiPawl pawl) throws InterruptedException {
        Documents documents = new Documents(2_000);
        AtomicInteger tries = new AtomicInteger();
        Handlers<Range> backfill = Handlers.of(BACKFILL).on(INDEX, job -> {
            documents.failAfter(tries.incrementAndGet() == 1 ? 1_000 : Long.MAX_VALUE);
            return index(job, documents);
        });
        JobId id = pawl.jobs().enqueue(NewJob.of(BACKFILL, new Range(0, 2_000))).id();

        try (Worker worker = pawl.worker("backfill").run(backfill).start()) {
            assertThat(pawl.jobs().await(id, SOON).status()).isEqualTo(JobStatus.COMPLETED);
        }

        assertThat(tries).hasValue(2);
        assertThat(pawl.jobs().result(id, BACKFILL)).contains(new Indexed(2_000));
        assertThat(documents.indexed())
                .as("each once, since the second try went on at the cursor")
                .isEqualTo(2_000);
    }

    @Test
    void a_handler_says_that_it_is_alive(JdbiPawl pawl) throws InterruptedException {
        // tag::heartbeat[]
        Handlers<Request> digest = GettingStartedTest.digest(newsroom).replacing(FETCH, job -> {
            for (int page = 0; page < 5; page++) {
                newsroom.fetch(job.payload());
                job.heartbeat();
            }
            return done(newsroom.fetch(job.payload()));
        });
        // end::heartbeat[]
        JobId id = pawl.jobs().enqueue(NewJob.of(Digest.PIPELINE, TODAY)).id();

        try (Worker worker =
                pawl.worker("digest").run(digest).letGoAfterSilence(SOON).start()) {
            assertThat(pawl.jobs().await(id, SOON).status()).isEqualTo(JobStatus.COMPLETED);
        }
    }

    /** The application's own. */
    static final class Documents {
        private final long count;
        private long failAfter = Long.MAX_VALUE;
        private long indexed;

        Documents(long count) {
            this.count = count;
        }

        synchronized List<Long> indexAfter(long id, int limit) {
            if (id >= failAfter) {
                throw new IllegalStateException("the index is away");
            }
            long to = Math.min(count, id + limit);
            indexed += to - id;
            return java.util.stream.LongStream.rangeClosed(id + 1, to).boxed().toList();
        }

        synchronized void failAfter(long id) {
            failAfter = id;
        }

        synchronized long indexed() {
            return indexed;
        }
    }
}
