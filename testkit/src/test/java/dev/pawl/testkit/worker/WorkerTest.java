package dev.pawl.testkit.worker;

import static dev.pawl.job.Outcome.done;
import static dev.pawl.job.Outcome.failed;
import static dev.pawl.job.Outcome.later;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pawl.Actor;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobNotEndedException;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.RetryPolicy;
import dev.pawl.job.Stage;
import dev.pawl.lease.LeaseLostException;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.Claimed;
import dev.pawl.store.JobWrite;
import dev.pawl.store.StoreException;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a worker does, with real threads, over the store in memory, whose time stands still unless it is moved. */
@Timeout(30)
class WorkerTest {
    private static final Duration LEASE = Duration.ofMillis(300);
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Stage<String> FETCH = Stage.named("fetch", String.class);
    private static final Stage<String> CLEAN = Stage.named("clean", String.class);
    private static final Stage<Void> PERSIST = Stage.named("persist");
    private static final Pipeline<String, Void> PIPELINE =
            Pipeline.named("recap", String.class).then(FETCH).then(CLEAN).then(PERSIST);
    private static final Pipeline<String, Void> SHORT =
            Pipeline.named("short", String.class).then(PERSIST);

    private final ThreadedPawl pawl = ThreadedPawl.open();
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private final CountDownLatch go = new CountDownLatch(1);

    @AfterEach
    void close() {
        go.countDown();
        pawl.close();
    }

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
                        org.assertj.core.groups.Tuple.tuple(Failure.Kind.FAILED, 1, "no 1"),
                        org.assertj.core.groups.Tuple.tuple(Failure.Kind.FAILED, 2, "no 2"),
                        org.assertj.core.groups.Tuple.tuple(Failure.Kind.FAILED, 3, "no 3"));
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
    void leases_are_renewed_while_a_handler_runs() throws Exception {
        // given
        worker(Handlers.of(SHORT).on(PERSIST, job -> waiting(done()))).start();
        JobId id = enqueue(SHORT);
        assertThat(next()).isEqualTo("waiting");

        // when: ten lengths of the lease go by, a little at a time
        for (int i = 0; i < 20; i++) {
            int batches = pawl.store().batches().size();
            pawl.memory().time().advance(LEASE.dividedBy(2));
            await().until(() -> pawl.store().batches().size() > batches + 1); // the second was asked after the advance
        }

        // then
        assertThat(claimAsThief()).isEmpty();
        go.countDown();
        assertThat(ended(id).takeovers()).isZero();
    }

    @Test
    void a_handler_whose_lease_is_lost_is_interrupted_and_writes_nothing() throws Exception {
        // given
        Worker worker =
                worker(Handlers.of(SHORT).on(PERSIST, job -> waiting(done()))).start();
        JobId id = enqueue(SHORT);
        assertThat(next()).isEqualTo("waiting");

        // when
        JobSnapshot stolen = steal(id);

        // then
        assertThat(next()).isEqualTo("interrupted");
        await().until(() -> worker.held() == 0);
        assertThat(pawl.jobs().find(id)).contains(stolen);
        await().untilAsserted(() -> assertThat(pawl.jobs().failures(id))
                .extracting(Failure::kind)
                .containsExactly(Failure.Kind.TAKEN_OVER, Failure.Kind.REFUSED));
        assertThat(pawl.refusedWrites()).isEqualTo(1);
    }

    @Test
    void a_refused_renewal_is_recorded_at_the_stage_of_its_handler_though_the_job_has_completed() throws Exception {
        // given
        worker(Handlers.of(SHORT).on(PERSIST, job -> waiting(done()))).start();
        JobId id = enqueue(SHORT);
        assertThat(next()).isEqualTo("waiting");

        // when
        await().until(() -> {
            pawl.memory().time().advance(Duration.ofDays(2));
            List<JobWrite.Checkpoint> last = claimAsThief().stream()
                    .map(claimed -> claimed.job())
                    .map(job -> new JobWrite.Checkpoint(
                            job.id(), job.fence().orElseThrow(), 0, Optional.empty(), Duration.ofDays(1)))
                    .toList();
            pawl.memory().write(last);
            return !last.isEmpty();
        });

        // then
        assertThat(next()).isEqualTo("interrupted");
        assertThat(ended(id).status()).isEqualTo(JobStatus.COMPLETED);
        await().untilAsserted(() -> assertThat(pawl.jobs().failures(id))
                .last()
                .extracting(Failure::kind, Failure::stage)
                .containsExactly(Failure.Kind.REFUSED, PERSIST.name()));
    }

    @Test
    void while_the_store_does_not_answer_a_handler_runs_on_until_its_lease_is_over_here() throws Exception {
        // given
        pawl.store().holdUp(JobWrite.Renew.class::isInstance);
        Worker worker =
                worker(Handlers.of(SHORT).on(PERSIST, job -> waiting(done()))).start();
        JobId id = enqueue(SHORT);
        assertThat(next()).isEqualTo("waiting");
        long from = System.nanoTime();

        // when
        assertThat(next()).isEqualTo("interrupted");

        // then
        assertThat(Duration.ofNanos(System.nanoTime() - from)).isGreaterThan(LEASE.dividedBy(2));
        pawl.jobs().pause("short", Actor.SYSTEM); // so that it is not claimed again at once
        pawl.store().letAllGo();
        await().until(() -> worker.held() == 0);
        assertThat(pawl.jobs().find(id).orElseThrow().status()).isEqualTo(JobStatus.WAITING);
        assertThat(pawl.jobs().find(id).orElseThrow().attempt()).isZero();
        assertThat(pawl.jobs().failures(id)).isEmpty();
    }

    @Test
    void a_handler_that_saves_progress_under_a_lost_lease_is_told() throws Exception {
        // given
        AtomicInteger told = new AtomicInteger();
        worker(Handlers.of(SHORT).on(PERSIST, job -> {
                    job.saveProgress("1");
                    seen.add("saved");
                    go.await();
                    try {
                        job.saveProgress("2");
                    } catch (LeaseLostException lost) {
                        told.incrementAndGet();
                        throw lost;
                    }
                    return done();
                }))
                .lease(Duration.ofHours(1)) // so that no renewal comes first
                .concurrency(1) // so that it has no hand free to take its own job over
                .prefetch(0)
                .start();
        JobId id = enqueue(SHORT);
        assertThat(next()).isEqualTo("saved");

        // when
        JobSnapshot stolen = steal(id);
        go.countDown();

        // then
        await().until(() -> told.get() == 1);
        await().untilAsserted(() -> assertThat(pawl.jobs().failures(id))
                .extracting(Failure::kind)
                .containsExactly(Failure.Kind.TAKEN_OVER, Failure.Kind.REFUSED));
        assertThat(pawl.jobs().find(id)).contains(stolen);
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
    void close_lets_handlers_finish_their_stage_and_gives_back_the_rest() throws Exception {
        // given
        Worker worker = worker(Handlers.of(PIPELINE)
                        .on(FETCH, job -> waiting(done("f")))
                        .on(CLEAN, job -> said("clean", done("c")))
                        .on(PERSIST, job -> done()))
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

    private Worker.Builder worker(Handlers<String> handlers) {
        return pawl.worker(handlers.pipeline().name())
                .run(handlers)
                .lease(LEASE)
                .concurrency(4)
                .pollInterval(Duration.ofMillis(20));
    }

    private JobId enqueue(Pipeline<String, Void> pipeline) {
        return pawl.jobs().enqueue(NewJob.of(pipeline, "x")).id();
    }

    private JobSnapshot ended(JobId id) throws InterruptedException {
        return pawl.jobs().await(id, Duration.ofSeconds(20));
    }

    private <T> T said(String what, T answer) {
        seen.add(what);
        return answer;
    }

    private <T> T waiting(T answer) throws InterruptedException {
        seen.add("waiting");
        try {
            go.await();
        } catch (InterruptedException interrupted) {
            seen.add("interrupted");
            throw interrupted;
        }
        return answer;
    }

    private String next() throws InterruptedException {
        return seen.poll(10, TimeUnit.SECONDS);
    }

    private List<Claimed> claimAsThief() {
        return pawl.memory()
                .claim(new ClaimRequest(
                        "short",
                        List.of(ClaimRequest.Runs.asIs("short", 1, 1)),
                        "thief#1",
                        Duration.ofDays(1),
                        1_000,
                        Map.of()));
    }

    /** Takes the job over, in the worst moment. */
    private JobSnapshot steal(JobId id) {
        await().until(() -> {
            pawl.memory().time().advance(Duration.ofDays(2));
            return claimAsThief().stream()
                    .anyMatch(claimed -> claimed.job().id().equals(id));
        });
        return pawl.jobs().find(id).orElseThrow();
    }
}
