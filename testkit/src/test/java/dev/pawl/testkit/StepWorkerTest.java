package dev.pawl.testkit;

import static dev.pawl.job.Outcome.done;
import static dev.pawl.testkit.PawlAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.NewJob;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.RetryPolicy;
import dev.pawl.job.Stage;
import dev.pawl.lease.LeaseLostException;
import dev.pawl.store.StoreException;
import dev.pawl.worker.Handlers;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A worker in slow motion does what a worker does, and faults come when they are asked for. */
@PawlTest
class StepWorkerTest {
    private static final Stage<String> LOAD = Stage.named("load", String.class);
    private static final Stage<Void> SEND = Stage.named("send");
    private static final Pipeline<String, Void> MAIL =
            Pipeline.named("mail", String.class).then(LOAD).then(SEND);

    private final Handlers<String> fine =
            Handlers.of(MAIL).on(LOAD, job -> done("Dear " + job.payload())).on(SEND, job -> done());

    @Test
    void a_failed_attempt_is_written_and_tried_again_when_it_is_due(InMemoryPawl pawl, TestTime time) {
        // given
        JobId id = enqueued(pawl);
        StepWorker worker = pawl.stepWorker(
                "worker-1",
                Handlers.of(MAIL)
                        .retrying(RetryPolicy.exponential(Duration.ofMinutes(1), Duration.ofMinutes(1)))
                        .on(LOAD, job -> {
                            if (job.number() == 1) {
                                throw new IOException("no route");
                            }
                            return done("x");
                        })
                        .on(SEND, job -> done()));

        // when
        worker.claim();
        assertThatThrownBy(worker::runHandler).isInstanceOf(IOException.class).hasMessage("no route");
        assertThat(pawl.job(id)).isRunning().hasAttempt(1);
        worker.record();

        // then
        assertThat(pawl.job(id)).isWaiting().isAtStage(LOAD).isHeldByNobody();
        assertThat(pawl.jobs().failures(id)).extracting(Failure::message).containsExactly("no route");
        Instant due = pawl.job(id).dueAt().orElseThrow();
        if (due.isAfter(time.now())) {
            time.advanceToNextEvent();
        }
        assertThat(time.now()).isEqualTo(due);
        worker.untilIdle();
        assertThat(pawl.job(id)).isCompleted();
    }

    @Test
    void a_stage_that_throws_is_an_error_of_the_test_and_a_failed_attempt(InMemoryPawl pawl) {
        JobId id = enqueued(pawl);
        StepWorker worker = pawl.stepWorker("worker-1", fine.replacing(LOAD, job -> {
            throw new IOException("no route");
        }));

        assertThatThrownBy(worker::stage)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("at load")
                .hasRootCauseMessage("no route");

        assertThat(pawl.job(id)).isWaiting();
    }

    @Test
    void a_job_that_was_taken_over_too_often_is_failed_and_not_run(InMemoryPawl pawl, TestTime time) {
        JobId id = enqueued(pawl);
        StepWorker worker = pawl.stepWorker("worker-1", fine.replacing(LOAD, job -> done("never")));
        for (int i = 0; i < 6; i++) {
            assertThat(worker.claim()).contains(id);
            worker.crash();
            time.advance(Duration.ofSeconds(31));
        }

        assertThat(worker.claim()).isEmpty();

        assertThat(pawl.job(id)).isFailed().hasTakeovers(6).isAtStage(LOAD);
    }

    @Test
    void a_renewed_lease_keeps_others_out(InMemoryPawl pawl, TestTime time) {
        JobId id = enqueued(pawl);
        StepWorker worker = pawl.stepWorker("worker-1", fine);
        worker.claim();
        time.advance(Duration.ofSeconds(20));

        worker.renew();

        time.advance(Duration.ofSeconds(20));
        assertThat(pawl.stepWorker("worker-2", fine).claim()).isEmpty();
        assertThat(pawl.job(id)).isHeldBy("worker-1");
    }

    @Test
    void a_lease_that_is_lost_in_mid_handler_is_told_at_the_next_write(InMemoryPawl pawl) {
        // given
        JobId id = enqueued(pawl);
        StepWorker worker = pawl.stepWorker("worker-1", fine.replacing(LOAD, job -> {
            job.saveProgress("half");
            pawl.faults().loseLease(job.id());
            assertThatThrownBy(() -> job.saveProgress("more")).isInstanceOf(LeaseLostException.class);
            return done("x");
        }));
        worker.claim();
        worker.runHandler();

        // when
        assertThatThrownBy(worker::record)
                .isInstanceOf(LeaseLostException.class)
                .hasMessageContaining("thief");

        // then
        assertThat(pawl.job(id)).isRunning().isAtStage(LOAD).isHeldBy("thief");
        assertThat(pawl.refusedWrites()).isEqualTo(2);
        assertThatThrownBy(worker::record).isInstanceOf(AssertionError.class).hasMessageContaining("holds no job");
    }

    @Test
    void a_write_that_failed_is_made_again(InMemoryPawl pawl) {
        JobId id = enqueued(pawl);
        StepWorker worker = pawl.stepWorker("worker-1", fine);
        pawl.faults().failBeforeCommit();
        pawl.faults().failAfterCommit();

        worker.stage();

        assertThat(pawl.job(id)).isAtStage(SEND).hasAttempt(1);
        assertThat(pawl.jobs().failures(id)).isEmpty();
    }

    @Test
    void an_enqueue_fails_if_the_store_cannot_be_reached(InMemoryPawl pawl) {
        pawl.faults().failBeforeCommit();

        assertThatThrownBy(() -> enqueued(pawl))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        failure -> assertThat(failure.mayHaveHappened()).isFalse());

        assertThat(pawl.stepWorker("worker-1", fine).claim()).isEmpty();
    }

    @Test
    void an_enqueue_whose_answer_was_lost_is_repeated_and_makes_one_job(InMemoryPawl pawl) {
        pawl.faults().failAfterCommit();

        JobId id = enqueued(pawl);

        StepWorker worker = pawl.stepWorker("worker-1", fine);
        assertThat(worker.claim()).contains(id);
        worker.crash();
        assertThat(worker.claim()).isEmpty();
    }

    @Test
    void a_delayed_write_may_come_too_late(InMemoryPawl pawl, TestTime time) {
        // given
        JobId id = enqueued(pawl);
        StepWorker slow = pawl.stepWorker("slow", fine);
        slow.claim();
        slow.runHandler();
        pawl.faults().delay(Duration.ofSeconds(31));

        // when: nobody has claimed meanwhile, so the holder may still write
        slow.record();

        // then
        assertThat(time.now()).isEqualTo(pawl.job(id).enqueuedAt().plusSeconds(31));
        assertThat(pawl.job(id)).isAtStage(SEND).isHeldBy("slow");
    }

    @Test
    void each_step_needs_the_one_before(InMemoryPawl pawl) {
        StepWorker worker = pawl.stepWorker("worker-1", fine);

        assertThatThrownBy(worker::runHandler)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("claim");
        assertThatThrownBy(worker::stage)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("nothing is claimable");
        enqueued(pawl);
        worker.claim();
        assertThatThrownBy(worker::record)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("no handler has run");
        assertThatThrownBy(worker::claim)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("holds a job already");
    }

    @Test
    void nothing_ahead_is_said(TestTime time) {
        Instant before = time.now();

        assertThatThrownBy(time::advanceToNextEvent)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nothing lies ahead");
        assertThatThrownBy(() -> time.advance(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);

        assertThat(time.now()).isEqualTo(before);
    }

    @Test
    void a_handler_that_never_ends_is_found_out(InMemoryPawl pawl) {
        enqueued(pawl);
        StepWorker worker = pawl.stepWorker("worker-1", fine.replacing(LOAD, job -> Outcome.later(Duration.ZERO)));

        assertThatThrownBy(worker::untilIdle).isInstanceOf(AssertionError.class).hasMessageContaining("later");
    }

    private static JobId enqueued(InMemoryPawl pawl) {
        return pawl.jobs().enqueue(NewJob.of(MAIL, "Ann")).id();
    }
}
