package dev.pawl.testkit.worker;

import static dev.pawl.job.Outcome.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.Actor;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.LeaseLostException;
import dev.pawl.store.JobWrite;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How a worker keeps its leases, and what it does when one is lost. */
class WorkerLeasesTest extends WorkerScene {
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
}
