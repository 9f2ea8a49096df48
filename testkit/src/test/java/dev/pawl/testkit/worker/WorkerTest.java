package dev.pawl.testkit.worker;

import static dev.pawl.job.Outcome.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.RetryPolicy;
import dev.pawl.store.JobWrite;
import dev.pawl.store.StoreException;
import dev.pawl.worker.Handlers;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How a worker takes jobs through their stages, with real threads. */
class WorkerTest extends WorkerScene {
    @Test
    void a_job_passes_its_stages_in_order_and_each_sees_the_results_before_it() throws Exception {
        worker(Handlers.of(PIPELINE)
                        .on(FETCH, job -> done(job.payload() + " fetched"))
                        .on(CLEAN, job -> done(job.result(FETCH) + " cleaned"))
                        .on(PERSIST, job -> {
                            seen.add(job.result(FETCH) + "; " + job.result(CLEAN));
                            return done();
                        }))
                .start();

        JobId id = enqueue(PIPELINE);

        assertThat(ended(id).status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(seen).containsExactly("x fetched; x fetched cleaned");
        assertThat(pawl.jobs().result(id, PIPELINE, CLEAN)).contains("x fetched cleaned");
        assertThat(pawl.jobs().result(id, PIPELINE)).isEmpty();
        assertThat(pawl.jobs().failures(id)).isEmpty();
    }

    @Test
    void a_stage_begins_only_when_the_one_before_is_durable_and_no_thread_waits_for_that() throws Exception {
        // given
        pawl.store().holdUp(JobWrite.Checkpoint.class::isInstance);
        worker(Handlers.of(PIPELINE)
                        .on(FETCH, job -> said("fetch " + job.payload(), done("f")))
                        .on(CLEAN, job -> said("clean " + job.payload(), done("c")))
                        .on(PERSIST, job -> done()))
                .concurrency(1)
                .prefetch(10)
                .start();

        // when
        JobId first = pawl.jobs().enqueue(NewJob.of(PIPELINE, "one")).id();
        assertThat(next()).isEqualTo("fetch one");
        await().until(() -> pawl.store().batches().size() == 1);
        JobSnapshot before = pawl.jobs().find(first).orElseThrow();

        // then
        assertThat(before.stagesDone()).isZero();
        assertThat(seen).as("clean has not begun").isEmpty();
        pawl.store().letAllGo();
        assertThat(next()).isEqualTo("clean one");
        assertThat(ended(first).status()).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void while_one_jobs_checkpoint_is_under_way_the_same_thread_handles_another() throws Exception {
        List<JobId> jobs = pawl.jobs().enqueueAll(List.of(NewJob.of(SHORT, "one"), NewJob.of(SHORT, "two"))).stream()
                .map(answer -> answer.id())
                .toList();
        pawl.store().holdUp(write -> write.job().equals(jobs.get(0)));
        ExecutorService one = Executors.newSingleThreadExecutor();
        worker(Handlers.of(SHORT).on(PERSIST, job -> said(job.payload(), done())))
                .concurrency(2)
                .executor(one)
                .start();

        assertThat(next()).isEqualTo("one");
        assertThat(next()).isEqualTo("two");
        pawl.store().letAllGo();
        assertThat(ended(jobs.get(0)).status()).isEqualTo(JobStatus.COMPLETED);
        one.shutdown();
    }

    @Test
    void an_enqueue_in_this_process_is_seen_at_once() throws Exception {
        worker(Handlers.of(SHORT).on(PERSIST, job -> done()))
                .pollInterval(NEVER)
                .start();
        await().until(() -> pawl.store().claims().size() > 2); // it has looked in vain, and waits now

        assertThat(ended(enqueue(SHORT)).status()).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void progress_is_found_by_the_next_attempt() throws Exception {
        worker(Handlers.of(SHORT)
                        .retrying(RetryPolicy.exponential(Duration.ofMillis(1), Duration.ofMillis(1)))
                        .on(PERSIST, job -> {
                            String at = job.progress(String.class).orElse("nowhere");
                            seen.add(at);
                            if (at.equals("nowhere")) {
                                job.saveProgress("here");
                                throw new IOException("in the middle");
                            }
                            return done();
                        }))
                .start();

        JobId id = enqueue(SHORT);
        await().until(() -> {
            pawl.memory().time().advance(Duration.ofMillis(1));
            return pawl.jobs().find(id).orElseThrow().status().isEnded();
        });

        assertThat(seen).containsExactly("nowhere", "here");
    }

    @Test
    void what_the_store_could_not_write_is_written_again() throws Exception {
        pawl.store().failNextBefore(new StoreException(StoreException.Kind.UNREACHABLE, "gone", new IOException()));
        pawl.store().failNextAfter(new StoreException(StoreException.Kind.ANSWER_LOST, "lost", new IOException()));
        worker(Handlers.of(PIPELINE)
                        .on(FETCH, job -> said("fetch", done("f")))
                        .on(CLEAN, job -> said("clean", done("c")))
                        .on(PERSIST, job -> done()))
                .start();

        assertThat(ended(enqueue(PIPELINE)).status()).isEqualTo(JobStatus.COMPLETED);

        assertThat(seen).as("no handler ran twice").containsExactly("fetch", "clean");
    }

    @Test
    void slow_handlers_prefetch_nothing() throws Exception {
        worker(Handlers.of(SHORT).on(PERSIST, job -> waiting(done())))
                .concurrency(2)
                .start();
        pawl.jobs()
                .enqueueAll(IntStream.range(0, 50)
                        .mapToObj(i -> NewJob.of(SHORT, "x"))
                        .toList());
        next();
        next();

        assertThat(claimAsThief()).hasSize(48);
    }

    @Test
    void slow_handlers_cost_no_slot_not_even_the_only_one() throws Exception {
        worker(Handlers.of(SHORT).on(PERSIST, job -> {
                    go.await(150, TimeUnit.MILLISECONDS); // longer than the time that it is prefetched for
                    return done();
                }))
                .concurrency(1)
                .start();
        JobId first = enqueue(SHORT);
        JobId second = enqueue(SHORT);

        assertThat(ended(first).status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(ended(second).status()).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void two_workers_run_each_job_once() throws Exception {
        Handlers<String> handlers = Handlers.of(PIPELINE)
                .on(FETCH, job -> done("f"))
                .on(CLEAN, job -> done("c"))
                .on(PERSIST, job -> said(job.id().toString(), done()));
        worker(handlers).name("worker-1").start();
        worker(handlers).name("worker-2").start();

        List<JobId> jobs =
                pawl
                        .jobs()
                        .enqueueAll(IntStream.range(0, 2_000)
                                .mapToObj(i -> NewJob.of(PIPELINE, "x"))
                                .toList())
                        .stream()
                        .map(answer -> answer.id())
                        .toList();
        for (JobId job : jobs) {
            assertThat(ended(job).status()).isEqualTo(JobStatus.COMPLETED);
        }

        assertThat(seen).hasSize(2_000).doesNotHaveDuplicates();
    }
}
