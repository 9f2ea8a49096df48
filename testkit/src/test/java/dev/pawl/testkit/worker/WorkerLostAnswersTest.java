package dev.pawl.testkit.worker;

import static dev.pawl.job.Outcome.done;
import static dev.pawl.job.Outcome.later;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.Outcome;
import dev.pawl.job.RetryPolicy;
import dev.pawl.store.JobWrite;
import dev.pawl.store.StoreException;
import dev.pawl.testkit.network.Told;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import dev.pawl.worker.WorkerListener;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A worker whose answer was lost finds out, and takes none of its own writes for another's. */
class WorkerLostAnswersTest extends WorkerScene {
    private final StoreException lost =
            new StoreException(StoreException.Kind.ANSWER_LOST, "lost", new IllegalStateException("cut"));

    private final Told told = new Told();

    /** The completion is written, its repeats fail for a while, and meanwhile a renewal finds that the job has ended. */
    @Test
    void a_renewal_between_a_lost_completion_and_its_repeat_is_no_loss() throws InterruptedException {
        JobId id = enqueue(SHORT);

        try (Worker worker = start(losing(done()), new RepeatsFail(JobWrite.Checkpoint.class))) {
            await().until(() -> renewalsAfterTheLoss() >= 2 || !told.all().isEmpty());
            pawl.store().failWith(write -> false);
            await().until(() -> worker.held() == 0);
        }

        assertThat(told.all()).containsExactly("checkpointed persist", "ended COMPLETED");
        assertThat(ended(id).status()).isEqualTo(JobStatus.COMPLETED);
        assertNothingWasRefused(id);
    }

    @Test
    void a_failure_whose_answer_was_lost_is_told_once() throws InterruptedException {
        JobId id = enqueue(SHORT);

        try (Worker worker = start(failing(RetryPolicy.never()), new WorkerListener() {})) {
            assertThat(ended(id).status()).isEqualTo(JobStatus.FAILED);
            await().until(() -> worker.held() == 0);
        }

        assertThat(told.all()).containsExactly("failed at persist: ink", "ended FAILED");
        assertThat(pawl.jobs().failures(id)).extracting(Failure::kind).containsExactly(Failure.Kind.FAILED);
        assertThat(pawl.refusedWrites()).isZero();
    }

    /** As the next who claims it has it by then. */
    @Test
    void a_failure_whose_answer_was_lost_is_known_though_another_has_the_job() throws InterruptedException {
        JobId id = enqueue(SHORT);

        try (Worker worker = pawl.worker("short")
                .run(failing(RetryPolicy.exponential(Duration.ofNanos(1), Duration.ofNanos(1))))
                .concurrency(1)
                .prefetch(0) // so that it claims nothing while it holds the job
                .listener(told)
                .listener(new RepeatsFail(JobWrite.Fail.class))
                .start()) {
            await().until(() -> {
                pawl.memory().time().advance(Duration.ofMillis(1));
                return claimAsThief().size() == 1;
            });
            pawl.store().failWith(write -> false);
            await().until(() -> worker.held() == 0);
        }

        assertThat(told.all()).containsExactly("failed at persist: ink");
        assertThat(pawl.jobs().find(id).orElseThrow().holder())
                .hasValueSatisfying(holder -> assertThat(holder).startsWith("thief"));
        assertThat(pawl.jobs().failures(id)).extracting(Failure::kind).containsExactly(Failure.Kind.FAILED);
    }

    @Test
    void a_release_whose_answer_was_lost_is_no_loss() throws InterruptedException {
        JobId id = enqueue(SHORT);

        try (Worker worker = start(losing(later(NEVER)), new WorkerListener() {})) {
            await().until(() -> pawl.jobs().find(id).orElseThrow().status() == JobStatus.WAITING);
            await().until(() -> worker.held() == 0);
        }

        assertThat(told.all()).isEmpty();
        assertNothingWasRefused(id);
    }

    private Worker start(Handlers<String> handlers, WorkerListener also) {
        return worker(handlers).listener(told).listener(also).start();
    }

    private Handlers<String> failing(RetryPolicy policy) {
        return Handlers.of(SHORT).retrying(policy).on(PERSIST, job -> {
            pawl.store().failNextAfter(lost);
            throw new IllegalStateException("ink");
        });
    }

    private Handlers<String> losing(Outcome<Void> outcome) {
        return Handlers.of(SHORT).on(PERSIST, job -> {
            pawl.store().failNextAfter(lost);
            return outcome;
        });
    }

    private long renewalsAfterTheLoss() {
        var batches = pawl.store().batches();
        return batches.stream()
                .flatMap(batch -> batch.stream())
                .dropWhile(write -> write instanceof JobWrite.Renew)
                .filter(write -> write instanceof JobWrite.Renew)
                .count();
    }

    private void assertNothingWasRefused(JobId id) {
        assertThat(pawl.refusedWrites()).isZero();
        assertThat(pawl.jobs().failures(id)).isEmpty();
    }

    /** From the first lost answer on. */
    private final class RepeatsFail implements WorkerListener {
        private final Class<? extends JobWrite> kind;

        RepeatsFail(Class<? extends JobWrite> kind) {
            this.kind = kind;
        }

        @Override
        public void storeFailed(String what, RuntimeException failure) {
            if (failure == lost) {
                pawl.store().failWith(kind::isInstance);
            }
        }
    }
}
