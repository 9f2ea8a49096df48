package dev.pawl.testkit.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Json;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.Outcome;
import dev.pawl.job.RetryPolicy;
import dev.pawl.lease.Lease;
import dev.pawl.testkit.AnyPawl.Over;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import dev.pawl.worker.WorkerListener;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A listener that throws, whatever it throws, harms neither the jobs, nor the worker, nor other listeners. */
class ListenersTest {
    /** Throws at every event. */
    private static final class Moody implements WorkerListener {
        private static void fail() {
            throw new AssertionError("not in the mood");
        }

        @Override
        public void claimed(JobId job, String stage, Lease lease) {
            fail();
        }

        @Override
        public void checkpointed(JobId job, String stage, Duration took) {
            fail();
        }

        @Override
        public void failed(JobId job, String stage, int attempt, String message, Optional<Duration> retryIn) {
            fail();
        }

        @Override
        public void ended(JobId job, JobStatus as) {
            throw new IllegalStateException("not in the mood");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_listener_that_throws_changes_nothing(Over over) throws InterruptedException {
        Json bad = Json.of("\"bad\"");
        Map<JobId, JobStatus> told = new ConcurrentHashMap<>();
        WorkerListener patient = new WorkerListener() {
            @Override
            public void ended(JobId job, JobStatus as) {
                told.put(job, as);
            }
        };
        Handlers<Json> handlers = Handlers.of(Desk.RECAP)
                .retrying(RetryPolicy.never())
                .on(Desk.FETCH, job -> job.payload().equals(bad) ? Outcome.failed("bad") : Outcome.done(bad))
                .on(Desk.SEND, job -> Outcome.done());
        try (Desk desk = Desk.over(over)) {
            JobId failing = desk.jobs().enqueue(desk.job(bad)).id();
            Worker worker = desk.any()
                    .pawl()
                    .worker(desk.queue())
                    .run(handlers)
                    .listener(new Moody())
                    .listener(patient)
                    .start();

            JobStatus one =
                    desk.jobs().await(desk.pending(), Duration.ofMinutes(1)).status();
            JobStatus other = desk.jobs().await(failing, Duration.ofMinutes(1)).status();
            JobId later = desk.jobs().enqueue(desk.job(Json.NULL)).id(); // there is still somebody who claims
            JobStatus third = desk.jobs().await(later, Duration.ofMinutes(1)).status();
            worker.close();

            assertThat(one).isEqualTo(JobStatus.COMPLETED);
            assertThat(other).isEqualTo(JobStatus.FAILED);
            assertThat(third).isEqualTo(JobStatus.COMPLETED);
            assertThat(worker.held()).isZero();
            assertThat(told)
                    .containsEntry(desk.pending(), JobStatus.COMPLETED)
                    .containsEntry(failing, JobStatus.FAILED)
                    .containsEntry(later, JobStatus.COMPLETED);
        }
    }
}
