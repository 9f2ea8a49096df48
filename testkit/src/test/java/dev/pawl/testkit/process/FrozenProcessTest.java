package dev.pawl.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.Json;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A process that stands still for longer than its leases, and then goes on as if nothing had been. */
class FrozenProcessTest extends ProcessScene {
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void a_thawed_holders_late_checkpoint_progress_renewal_failure_and_release_are_refused() throws Exception {
        // given: a process that holds a job for each, and freezes
        List<JobId> ids = IntStream.range(0, HolderMain.KINDS)
                .mapToObj(i -> Steps.enqueue(pawl(), WorkerMain.WORK))
                .toList();
        try (JavaProcess frozen = JavaProcess.start(HolderMain.class, url(), LEASE.toString())) {
            frozen.awaitSaying(HolderMain.HOLDING);
            frozen.freeze();
            List<ClaimedJob<Json>> taken = new ArrayList<>();
            await().atMost(SOON).until(() -> {
                taken.addAll(pawl().jobs().claim(Steps.PIPELINE, HolderMain.KINDS, LONG));
                return taken.size() == HolderMain.KINDS;
            });
            taken.forEach(job -> job.saveProgress(Json.of("\"the successor's\"")));
            List<String> before = rows(ids);

            // when
            frozen.tell(WorkerMain.GO_ON);
            frozen.thaw();

            // then
            for (String kind : List.of("checkpoint", "progress", "renewal", "failure", "release")) {
                assertThat(frozen.awaitSaying(kind + ": "))
                        .as(kind)
                        .startsWith("SUPERSEDED")
                        .contains("(here#");
            }
            assertThat(rows(ids)).isEqualTo(before);
            taken.forEach(job -> assertThat(job.checkpoint(Steps.ONE)).isEqualTo(JobStatus.RUNNING));
        }
    }

    @Test
    @SuppressWarnings("try") // the worker works while it is open
    void a_thawed_workers_rows_are_rolled_back_and_its_successors_stand() throws Exception {
        // given: a worker frozen in the middle of a transactional stage
        JobId id = Steps.enqueue(pawl(), WorkerMain.HOLD);
        try (JavaProcess frozen = WorkerMain.start(url(), "frozen", LEASE, 5)) {
            frozen.awaitSaying(WorkerMain.HOLDING + id);
            frozen.freeze();

            // when: another takes over and ends the job, and then the first goes on
            try (Worker successor = pawl().worker(Steps.PIPELINE.name())
                    .run(Steps.handlers(pawl(), (deed, job) -> {}))
                    .pollInterval(Duration.ofMillis(50))
                    .start()) {
                assertThat(pawl().jobs().await(id, SOON).status()).isEqualTo(JobStatus.COMPLETED);
            }
            List<String> before = rows(List.of(id));
            String effects = effects(id);
            frozen.tell(WorkerMain.GO_ON);
            frozen.thaw();

            // then
            await().atMost(SOON).until(() -> failures(id).contains(Failure.Kind.REFUSED));
            assertThat(notOnce(List.of(id))).isEmpty();
            assertThat(effects(id)).isEqualTo(effects);
            assertThat(rows(List.of(id))).isEqualTo(before);
        }
    }

    private List<Failure.Kind> failures(JobId id) {
        return pawl().jobs().failures(id).stream().map(Failure::kind).toList();
    }
}
