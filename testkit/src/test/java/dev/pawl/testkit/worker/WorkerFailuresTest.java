package dev.pawl.testkit.worker;

import static dev.pawl.job.Outcome.done;
import static dev.pawl.job.Outcome.failed;
import static dev.pawl.job.Outcome.later;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.RetryPolicy;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import dev.pawl.worker.WorkerListener;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a worker makes of handlers that fail, wait, hang or die. */
class WorkerFailuresTest extends WorkerScene {
    @Test
    void a_failed_attempt_is_retried_by_the_policy_and_told() throws Exception {
        // given
        AtomicInteger tries = new AtomicInteger();
        worker(Handlers.of(SHORT)
                        .retrying(RetryPolicy.exponential(Duration.ofSeconds(1), Duration.ofSeconds(1))
                                .attempts(3))
                        .on(PERSIST, job -> {
                            seen.add("attempt " + job.number());
                            throw new IOException("no " + tries.incrementAndGet());
                        }))
                .lease(NEVER) // the test moves the time by more than a short one
                .start();

        // when
        JobId id = enqueue(SHORT);
        await().until(() -> {
            pawl.memory().time().advance(Duration.ofSeconds(1));
            return pawl.jobs().find(id).orElseThrow().status().isEnded();
        });

        // then
        JobSnapshot job = pawl.jobs().find(id).orElseThrow();
        assertThat(job.status()).isEqualTo(JobStatus.FAILED);
        assertThat(job.takeovers()).isZero();
        assertThat(seen).containsExactly("attempt 1", "attempt 2", "attempt 3");
        assertThat(pawl.jobs().failures(id))
                .extracting(Failure::kind, Failure::attempt, Failure::message)
                .containsExactly(
                        tuple(Failure.Kind.FAILED, 1, "no 1"),
                        tuple(Failure.Kind.FAILED, 2, "no 2"),
                        tuple(Failure.Kind.FAILED, 3, "no 3"));
    }

    @Test
    void a_handler_that_says_failed_ends_the_job_at_once() throws Exception {
        worker(Handlers.of(SHORT).on(PERSIST, job -> failed("no such day"))).start();

        JobId id = enqueue(SHORT);

        assertThat(ended(id).status()).isEqualTo(JobStatus.FAILED);
        assertThat(pawl.jobs().failures(id)).extracting(Failure::message).containsExactly("no such day");
    }

    @Test
    void a_handler_that_says_later_counts_no_attempt() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        worker(Handlers.of(SHORT).on(PERSIST, job -> {
                    seen.add("attempt " + job.number());
                    return tries.incrementAndGet() < 3 ? later(Duration.ofSeconds(1)) : done();
                }))
                .lease(NEVER) // the test moves the time by more than a short one
                .start();

        JobId id = enqueue(SHORT);
        await().until(() -> {
            pawl.memory().time().advance(Duration.ofSeconds(1));
            return pawl.jobs().find(id).orElseThrow().status().isEnded();
        });

        assertThat(seen).containsExactly("attempt 1", "attempt 1", "attempt 1");
        assertThat(pawl.jobs().failures(id)).isEmpty();
    }

    @Test
    void a_handler_that_returns_null_or_throws_an_error_has_failed() throws Exception {
        worker(Handlers.of(SHORT).retrying(RetryPolicy.never()).on(PERSIST, job -> {
                    if (job.payload().equals("null")) {
                        return null;
                    }
                    throw new StackOverflowError("deep");
                }))
                .concurrency(1)
                .start();

        JobId returnsNull = pawl.jobs().enqueue(NewJob.of(SHORT, "null")).id();
        JobId throwsError = pawl.jobs().enqueue(NewJob.of(SHORT, "error")).id();

        assertThat(ended(returnsNull).status()).isEqualTo(JobStatus.FAILED);
        assertThat(pawl.jobs().failures(returnsNull).get(0).message()).contains("returned null: return done(…)");
        assertThat(ended(throwsError).status()).isEqualTo(JobStatus.FAILED);
        assertThat(pawl.jobs().failures(throwsError).get(0).errorType()).contains("java.lang.StackOverflowError");
    }

    @Test
    void a_silent_handler_is_let_go_and_a_heartbeat_keeps_it() throws Exception {
        worker(Handlers.of(SHORT).retrying(RetryPolicy.never()).on(PERSIST, job -> {
                    if (job.payload().equals("beats")) {
                        for (int i = 0; i < 30; i++) {
                            job.heartbeat();
                            go.await(50, TimeUnit.MILLISECONDS);
                        }
                        return done();
                    }
                    return waiting(done());
                }))
                .letGoAfterSilence(Duration.ofSeconds(1))
                .start();

        JobId beats = pawl.jobs().enqueue(NewJob.of(SHORT, "beats")).id();
        JobId silent = pawl.jobs().enqueue(NewJob.of(SHORT, "silent")).id();

        assertThat(ended(silent).status()).isEqualTo(JobStatus.FAILED);
        assertThat(pawl.jobs().failures(silent).get(0).message()).contains("gave no sign of life");
        assertThat(ended(beats).status()).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void closing_over_a_handler_that_was_silent_and_runs_on_reports_its_silence_once() throws Exception {
        CountDownLatch letGo = new CountDownLatch(1);
        CountDownLatch returned = new CountDownLatch(1);
        Worker worker = worker(Handlers.of(SHORT).retrying(RetryPolicy.never()).on(PERSIST, job -> {
                    awaitWhateverHappens(go);
                    returned.countDown();
                    return done();
                }))
                .letGoAfterSilence(Duration.ofSeconds(1))
                .grace(Duration.ofMillis(50))
                .listener(new WorkerListener() {
                    @Override
                    public void letGo(JobId job, String stage, Duration silence) {
                        letGo.countDown();
                    }
                })
                .start();
        JobId id = enqueue(SHORT);
        assertThat(letGo.await(30, TimeUnit.SECONDS)).isTrue();

        worker.close();
        go.countDown();

        assertThat(returned.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(ended(id).status()).isEqualTo(JobStatus.FAILED);
        assertThat(pawl.jobs().failures(id)).extracting(Failure::kind).containsExactly(Failure.Kind.FAILED);
        await().during(Duration.ofMillis(200)).until(() -> pawl.refusedWrites() == 0);
    }

    /** As a handler that takes no notice of interrupts. */
    private static void awaitWhateverHappens(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException ignored) {
                // on purpose
            }
        }
    }

    @Test
    void a_job_that_was_taken_over_too_often_is_failed_without_being_run() throws Exception {
        // given
        JobId id = enqueue(SHORT);
        for (int i = 0; i < 3; i++) {
            steal(id);
        }

        // when
        pawl.memory().time().advance(Duration.ofDays(2));
        worker(Handlers.of(SHORT).on(PERSIST, job -> said("ran", done())))
                .takeovers(2)
                .start();

        // then
        assertThat(ended(id).status()).isEqualTo(JobStatus.FAILED);
        assertThat(seen).isEmpty();
        assertThat(pawl.jobs().failures(id))
                .last()
                .extracting(Failure::message)
                .asString()
                .contains("taken over 3 times", "at most 2");
    }
}
