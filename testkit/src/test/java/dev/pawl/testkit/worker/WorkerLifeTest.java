package dev.pawl.testkit.worker;

import static dev.pawl.job.Outcome.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pawl.job.JobId;
import dev.pawl.job.JobNotEndedException;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.job.Pipeline;
import dev.pawl.job.RetryPolicy;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How a worker starts, refuses to start, and ends; and how one waits for a job. */
class WorkerLifeTest extends WorkerScene {
    @Test
    void close_lets_handlers_finish_their_stage_and_gives_back_the_rest() throws Exception {
        // given
        Worker worker = worker(Handlers.of(PIPELINE)
                        .on(FETCH, job -> waiting(done("f")))
                        .on(CLEAN, job -> said("clean", done("c")))
                        .on(PERSIST, job -> done()))
                .lease(NEVER) // however slow the machine is
                .start();
        JobId id = enqueue(PIPELINE);
        assertThat(next()).isEqualTo("waiting");

        // when
        Thread closing = new Thread(worker::close);
        closing.start();
        await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        go.countDown();
        closing.join();

        // then
        JobSnapshot job = pawl.jobs().find(id).orElseThrow();
        assertThat(job.stagesDone()).isEqualTo(1);
        assertThat(job.status()).isEqualTo(JobStatus.WAITING);
        assertThat(job.attempt()).isZero();
        assertThat(seen).as("clean has not begun").isEmpty();
        assertThat(worker.held()).isZero();
    }

    @Test
    void close_interrupts_what_is_not_done_within_the_grace_and_gives_it_back() throws Exception {
        Worker worker = worker(Handlers.of(SHORT).on(PERSIST, job -> waiting(done())))
                .grace(Duration.ofMillis(50))
                .start();
        JobId id = enqueue(SHORT);
        assertThat(next()).isEqualTo("waiting");

        worker.close();

        assertThat(next()).isEqualTo("interrupted");
        JobSnapshot job = pawl.jobs().find(id).orElseThrow();
        assertThat(job.status()).isEqualTo(JobStatus.WAITING);
        assertThat(job.attempt()).isZero();
        assertThat(pawl.jobs().failures(id)).isEmpty();
    }

    /** It heeds no interrupt, so that the worker that closes has to say what became of it; what it ends with comes too late. */
    @Test
    void close_reports_the_failure_of_a_silent_handler_and_only_that() throws Exception {
        for (boolean throwing : new boolean[] {true, false}) {
            // given
            CountDownLatch end = new CountDownLatch(1);
            ExecutorService handlers = Executors.newCachedThreadPool();
            Worker worker = worker(Handlers.of(SHORT)
                            .retrying(RetryPolicy.never())
                            .on(PERSIST, job -> {
                                awaitHeedless(end);
                                if (throwing) {
                                    throw new IllegalStateException("late");
                                }
                                return done();
                            }))
                    .lease(NEVER)
                    .executor(handlers)
                    .letGoAfterSilence(Duration.ofMillis(200))
                    .grace(Duration.ZERO)
                    .start();
            JobId id = enqueue(SHORT);
            assertThat(next()).isEqualTo("interrupted");

            // when
            worker.close();
            end.countDown();
            handlers.shutdown();
            assertThat(handlers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();

            // then
            assertThat(pawl.jobs().find(id).orElseThrow().status()).isEqualTo(JobStatus.FAILED);
            assertThat(pawl.jobs().failures(id))
                    .singleElement()
                    .satisfies(failure -> assertThat(failure.message()).contains("gave no sign of life"));
            assertThat(pawl.refusedWrites()).isZero();
        }
    }

    /** Its checkpoint is written, and that it was silent is no fault of the stages that follow. */
    @Test
    void a_silent_handler_that_returns_after_all_is_heard_and_charges_no_later_stage() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Worker worker = worker(Handlers.of(PIPELINE)
                        .retrying(RetryPolicy.never())
                        .on(FETCH, job -> {
                            awaitHeedless(end);
                            return done("f");
                        })
                        .on(CLEAN, job -> done("c"))
                        .on(PERSIST, job -> done()))
                .lease(NEVER)
                .letGoAfterSilence(Duration.ofMillis(200))
                .start();
        JobId id = enqueue(PIPELINE);
        assertThat(next()).isEqualTo("interrupted");

        end.countDown();

        assertThat(ended(id).status()).isEqualTo(JobStatus.COMPLETED);
        await().until(() -> worker.held() == 0);
        assertThat(pawl.jobs().failures(id)).isEmpty();
    }

    private void awaitHeedless(CountDownLatch end) {
        while (true) {
            try {
                end.await();
                return;
            } catch (InterruptedException unheeded) {
                seen.add("interrupted");
            }
        }
    }

    @Test
    void an_executor_that_takes_no_more_loses_nothing() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(2);
        callers.shutdown();
        Worker worker = worker(Handlers.of(SHORT).on(PERSIST, job -> done()))
                .executor(callers)
                .start();
        JobId id = enqueue(SHORT);
        await().until(() -> pawl.store().batches().size() > 0);
        await().during(Duration.ofMillis(200)).until(() -> pawl.store().claims().size() < 20); // it makes pauses
        worker.close();

        assertThat(pawl.jobs().find(id).orElseThrow().status()).isEqualTo(JobStatus.WAITING);
        worker(Handlers.of(SHORT).on(PERSIST, job -> done())).start();
        assertThat(ended(id).status()).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void waiting_for_a_job_that_does_not_end_has_an_end() {
        JobId id = enqueue(SHORT);
        assertThatThrownBy(() -> pawl.jobs().await(id, Duration.ofMillis(20)))
                .isInstanceOf(JobNotEndedException.class)
                .hasMessageContaining("PT0.02S")
                .hasMessageContaining("PENDING");
    }

    @Test
    void changed_stages_under_the_same_version_do_not_start() {
        enqueue(SHORT);
        Pipeline<String, Void> changed =
                Pipeline.named("short", String.class).then(FETCH).then(PERSIST);

        assertThatThrownBy(() -> worker(
                                Handlers.of(changed).on(FETCH, job -> done("")).on(PERSIST, job -> done()))
                        .start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("recorded with [persist]")
                .hasMessageContaining("new version");
    }

    @Test
    void nonsense_in_settings_is_refused() {
        Worker.Builder worker = pawl.worker("short");
        assertThatThrownBy(() -> worker.concurrency(0)).hasMessageContaining("concurrency must be 1 to");
        assertThatThrownBy(() -> worker.lease(Duration.ofMillis(1)))
                .hasMessageContaining("lease length must be at least PT0.1S");
        assertThatThrownBy(() -> worker.grace(Duration.ofSeconds(-1)))
                .hasMessageContaining("grace must not be negative");
        assertThatThrownBy(worker::start).hasMessageContaining("at least one pipeline");
        assertThatThrownBy(() -> pawl.worker("No")).hasMessageContaining("queue must be");
    }
}
