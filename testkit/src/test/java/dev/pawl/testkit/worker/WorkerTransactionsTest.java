package dev.pawl.testkit.worker;

import static dev.pawl.job.Outcome.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.job.Attempt;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.Outcome;
import dev.pawl.store.HeldJob;
import dev.pawl.store.JobState;
import dev.pawl.worker.Handlers;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What handlers write themselves, in transactions beside the worker's own writes. */
class WorkerTransactionsTest extends WorkerScene {
    @Test
    void a_renewal_between_a_transactions_commit_and_its_end_skips_no_stage() throws Exception {
        // given
        worker(Handlers.of(PIPELINE)
                        .on(FETCH, job -> renewedAfterItsCommit(job, done("fetched")))
                        .on(CLEAN, job -> said("clean", done("cleaned")))
                        .on(PERSIST, job -> said("persist", done())))
                .start();

        // when
        JobId id = enqueue(PIPELINE);

        // then
        assertThat(next()).isEqualTo("clean");
        assertThat(next()).isEqualTo("persist");
        assertThat(ended(id).status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(pawl.jobs().failures(id)).isEmpty();
    }

    @Test
    void a_renewal_that_looked_before_a_commit_and_is_answered_after_it_turns_no_stage_back() throws Exception {
        // given
        AtomicReference<JobState> before = new AtomicReference<>();
        worker(Handlers.of(PIPELINE)
                        .on(FETCH, job -> {
                            before.set(HeldJob.of(job).job());
                            return done("fetched");
                        })
                        .on(CLEAN, job -> {
                            HeldJob.of(job).renewed(before.get());
                            return said(job.stage(), done("cleaned"));
                        })
                        .on(PERSIST, job -> said(job.stage(), done())))
                .start();

        // when
        JobId id = enqueue(PIPELINE);

        // then
        assertThat(next()).isEqualTo("clean");
        assertThat(next()).isEqualTo("persist");
        assertThat(ended(id).status()).isEqualTo(JobStatus.COMPLETED);
    }

    /** The transaction has committed; its handler is slow to return. */
    private <R> Outcome<R> renewedAfterItsCommit(Attempt<?> job, Outcome<R> outcome) {
        pawl.memory().write(List.of(HeldJob.of(job).writing(outcome)));
        int batches = pawl.store().batches().size();
        await().until(() -> pawl.store().batches().size() > batches + 2); // the first was answered then
        return new Outcome.Recorded<>(outcome);
    }
}
