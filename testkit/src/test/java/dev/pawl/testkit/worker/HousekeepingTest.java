package dev.pawl.testkit.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.Running;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.store.Counting;
import dev.pawl.store.JobWrite;
import dev.pawl.store.NewRow;
import dev.pawl.store.RollUp;
import dev.pawl.store.Tally.Grain;
import dev.pawl.store.TallyStore;
import dev.pawl.testkit.InMemoryJobStore;
import dev.pawl.testkit.InMemoryPawl;
import dev.pawl.view.StatsQuery;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Housekept;
import dev.pawl.worker.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who does housekeeping, what it is told, and when it ends. What it does is in the contract (V7, A6). */
class HousekeepingTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration HANG = Duration.ofSeconds(60);
    private static final Stage<Void> ONLY = Stage.named("only");

    private final String queue = "q-" + UUID.randomUUID();
    private final Pipeline<String, Void> pipeline =
            Pipeline.named("p", String.class).then(ONLY);
    private final InMemoryPawl pawl = InMemoryPawl.create();

    @AfterEach
    void close() {
        pawl.close();
    }

    /** Ended a day and a second ago. */
    private JobId cancelled() {
        JobId id = pawl.jobs().enqueue(NewJob.of(pipeline, "x").queue(queue)).id();
        pawl.jobs().cancel(id, Actor.SYSTEM);
        pawl.time().advance(DAY.plusSeconds(1));
        return id;
    }

    private Worker.Builder worker() {
        return pawl.worker(queue).run(Handlers.of(pipeline).on(ONLY, job -> Outcome.done()));
    }

    private boolean isThere(JobId id) {
        return pawl.jobs().find(id).isPresent();
    }

    private long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread ->
                        thread.getName().contains(queue) && thread.getName().contains("housekeeper"))
                .count();
    }

    @Test
    void nothing_is_removed_unless_told() {
        JobId id = cancelled();

        assertThat(pawl.housekeeping().once()).isEqualTo(new Housekept(Map.of()));
        assertThat(pawl.housekeeping()
                        .keep(queue, JobStatus.COMPLETED, DAY)
                        .once()
                        .removed())
                .isEmpty();
        assertThat(isThere(id)).isTrue();
    }

    @Test
    void once_counts_first_and_then_removes_and_says_how_many() {
        JobId id = cancelled();
        cancelled();

        Housekept done = pawl.housekeeping()
                .keep(queue, JobStatus.CANCELLED, DAY)
                .keep("nobodys", JobStatus.FAILED, DAY)
                .once();

        assertThat(done.removed()).containsExactly(Map.entry(queue, 2L));
        assertThat(done).hasToString("removed {" + queue + "=2}");
        assertThat(isThere(id)).isFalse();
        assertThat(pawl.views()
                        .stats(StatsQuery.last(DAY.multipliedBy(5)))
                        .total()
                        .cancelled())
                .isEqualTo(2);
    }

    @Test
    void what_was_started_goes_on_until_it_is_closed_and_leaves_no_thread() {
        JobId id = cancelled();

        Running housekeeping =
                pawl.housekeeping().keep(queue, JobStatus.CANCELLED, DAY).start();
        await().atMost(HANG).until(() -> !isThere(id));
        housekeeping.close();
        housekeeping.close();

        JobId later = cancelled();
        pawl.close();
        assertThatThrownBy(() -> pawl.housekeeping().start()).isInstanceOf(IllegalStateException.class);
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("pawl-pawl/housekeeping/" + queue + "-housekeeper-1");
        assertThat(later).isNotNull();
    }

    @Test
    void a_worker_keeps_its_queue_tidy_as_it_is_told() {
        JobId id = cancelled();

        try (Worker worker = worker().keep(JobStatus.CANCELLED, DAY).start()) {
            await().atMost(HANG).until(() -> !isThere(id));
            assertThat(worker.held()).isZero();
            assertThat(threads()).isEqualTo(1);
        }
        assertThat(threads()).isZero();
    }

    @Test
    void a_worker_that_is_told_not_to_has_no_thread_for_it() {
        try (Worker worker = worker().housekeeping(false).start()) {
            assertThat(worker.held()).isZero();
            assertThat(threads()).isZero();
        }
        assertThatThrownBy(() ->
                        worker().keep(JobStatus.FAILED, DAY).housekeeping(false).start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(queue)
                .hasMessageContaining("no housekeeping");
    }

    @Test
    void nonsense_is_refused_with_the_value_and_what_would_do() {
        assertThatThrownBy(() -> worker().keep(JobStatus.RUNNING, DAY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "only what has ended is removed: keep COMPLETED, FAILED or CANCELLED jobs for a time, and not those"
                                + " that are RUNNING");
        assertThatThrownBy(() -> worker().keep(JobStatus.FAILED, Duration.ofMinutes(59)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("time to keep FAILED jobs must be at least PT1H, but was PT59M");
        assertThatThrownBy(() -> worker().keep(JobStatus.FAILED, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be longer than zero, but was PT0S");
        assertThatThrownBy(() -> pawl.housekeeping().keep(queue, JobStatus.FAILED, Duration.ofDays(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be longer than zero, but was PT-24H");
        assertThatThrownBy(() -> pawl.housekeeping().keep(queue, JobStatus.FAILED, Duration.ofDays(4_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 3660 days");
        assertThatThrownBy(() -> pawl.housekeeping().keep("No Queue", JobStatus.FAILED, DAY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'No Queue'");
    }

    @Test
    void spans_that_no_window_begins_with_go_and_statistics_stay_as_they_are() {
        // given
        InMemoryJobStore store = InMemoryJobStore.create();
        TallyStore tallies = store.views().tallies();
        JobId id = new JobId(queue, UUID.randomUUID());
        store.describe("p", 1, List.of("only"));
        store.enqueue(List.of(new NewRow(
                id, "p", 1, 1, Optional.empty(), Json.of("1"), Actor.SYSTEM, 0, Optional.empty(), Duration.ZERO)));
        store.write(List.of(new JobWrite.Cancel(id, Actor.SYSTEM)));
        store.time().advance(DAY);
        count(tallies);

        // then: not yet, and then
        assertThat(spans(store)).isEqualTo(1);
        Instant until = RollUp.tidy(tallies, queue, Instant.EPOCH);
        assertThat(spans(store)).isEqualTo(1);
        store.time().advance(DAY.plusHours(3));
        count(tallies);
        assertThat(RollUp.tidy(tallies, queue, until)).isAfter(until);
        assertThat(spans(store)).isZero();
        assertThat(Counting.read(tallies, StatsQuery.last(DAY.multipliedBy(3)))
                        .total()
                        .cancelled())
                .isEqualTo(1);
        store.time().advance(Duration.ofDays(402));
        RollUp.tidy(tallies, queue, until);
        assertThat(tallies.<Integer>read(all ->
                        all.read(queue, Grain.HOUR, Instant.EPOCH, Instant.MAX).size()))
                .isZero();
    }

    private void count(TallyStore tallies) {
        boolean more = true;
        while (more) {
            more = RollUp.step(tallies, queue);
        }
    }

    private int spans(InMemoryJobStore store) {
        return store.views()
                .tallies()
                .<Integer>read(all -> all.read(queue, Grain.FIVE_MINUTES, Instant.EPOCH, Instant.MAX)
                        .size());
    }
}
