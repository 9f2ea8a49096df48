package dev.pawl.testkit.scan;

import static dev.pawl.job.Outcome.done;
import static dev.pawl.scan.KeyColumn.asc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.testkit.InMemoryPawl;
import dev.pawl.testkit.MemoryRows;
import dev.pawl.testkit.StepWorker;
import dev.pawl.worker.Handlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Backfills over rows in memory, as an application would try its own. */
class MemoryBackfillTest {
    private static final Stage<Long> WALK = Stage.named("walk", Long.class);
    private static final Pipeline<Integer, Long> BACKFILL =
            Pipeline.named("backfill", Integer.class).then(WALK);

    private final InMemoryPawl pawl = InMemoryPawl.create();
    private final List<Integer> seen = new ArrayList<>();

    private Handlers<Integer> handlers(int failingAt) {
        return Handlers.of(BACKFILL)
                .on(
                        WALK,
                        pawl.backfill(
                                attempt -> rows(),
                                (attempt, page, transaction) -> {
                                    if (page.rows().contains(failingAt)) {
                                        throw new IllegalStateException("no " + failingAt);
                                    }
                                    seen.addAll(page.rows());
                                },
                                rows -> done(rows)));
    }

    /** As by a crash between the two. */
    @Test
    void a_page_whose_place_was_not_saved_is_handled_again_and_no_other() {
        AtomicBoolean first = new AtomicBoolean(true);
        Handlers<Integer> handlers = Handlers.of(BACKFILL)
                .on(
                        WALK,
                        pawl.backfillAtLeastOnce(
                                attempt -> rows(),
                                (attempt, page) -> {
                                    seen.addAll(page.rows());
                                    if (page.rows().contains(3) && first.getAndSet(false)) {
                                        pawl.faults().reject(); // the progress beyond it
                                    }
                                },
                                rows -> done(rows)));
        JobId id = pawl.jobs().enqueue(NewJob.of(BACKFILL, 0)).id();
        StepWorker worker = pawl.stepWorker("worker-1", handlers);
        worker.claim();
        assertThatThrownBy(worker::stage).hasStackTraceContaining("the store refused this");
        pawl.time().advance(Duration.ofMinutes(1));
        worker.claim();
        worker.stage();

        assertThat(seen).containsExactly(1, 2, 3, 4, 3, 4, 5);
        assertThat(pawl.jobs().result(id, BACKFILL)).contains(5L);
    }

    @Test
    void a_backfill_saves_no_progress_of_its_handlings() {
        Handlers<Integer> handlers = Handlers.of(BACKFILL)
                .on(
                        WALK,
                        pawl.backfillAtLeastOnce(
                                attempt -> rows(), (attempt, page) -> attempt.saveProgress(1), rows -> done(rows)));
        pawl.jobs().enqueue(NewJob.of(BACKFILL, 0));
        StepWorker worker = pawl.stepWorker("worker-1", handlers);
        worker.claim();

        assertThatThrownBy(worker::stage).hasStackTraceContaining("a backfill's progress is where it stands");
    }

    private static MemoryRows<Integer> rows() {
        return MemoryRows.of(() -> List.of(1, 2, 3, 4, 5))
                .by(asc("id"), id -> id)
                .pagesOf(2);
    }

    @Test
    void a_later_attempt_goes_on_at_the_saved_place() {
        JobId id = pawl.jobs().enqueue(NewJob.of(BACKFILL, 0)).id();
        StepWorker first = pawl.stepWorker("worker-1", handlers(3));
        first.claim();
        assertThatThrownBy(first::stage).hasRootCauseMessage("no 3");

        assertThat(seen).containsExactly(1, 2);

        pawl.time().advance(Duration.ofMinutes(1));
        StepWorker second = pawl.stepWorker("worker-2", handlers(0));
        second.claim();
        second.stage();

        assertThat(seen).containsExactly(1, 2, 3, 4, 5);
        assertThat(pawl.job(id).status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(pawl.jobs().result(id, BACKFILL)).contains(5L);
    }
}
