package dev.pawl.testkit.worker;

import static dev.pawl.job.Outcome.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.job.ClaimedJob;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.store.Claimed;
import dev.pawl.store.JobWrite;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** J13: how a worker runs what may be killing its workers. */
class WorkerSuspectsTest extends WorkerScene {
    private static final Duration INSTANT = Duration.ofMillis(1);

    private final Semaphore fresh = new Semaphore(0);
    private final Semaphore suspect = new Semaphore(0);
    private final AtomicInteger suspectsNow = new AtomicInteger();
    private final AtomicInteger mostSuspects = new AtomicInteger();

    @Test
    void J13_a_worker_runs_no_two_suspects_at_once_and_others_beside_them() throws Exception {
        // given
        List<JobId> suspects = takenOver(1, 3);
        due();
        List<JobId> others = List.of(enqueue("fresh"), enqueue("fresh"), enqueue("fresh"));

        // when
        workerOfBoth().lease(Duration.ofSeconds(20)).start();

        // then: one suspect, and all the others
        assertThat(List.of(next(), next(), next(), next()))
                .containsExactlyInAnyOrder("suspect", "fresh", "fresh", "fresh");
        fresh.release(3);
        for (JobId other : others) {
            assertThat(ended(other).status()).isEqualTo(JobStatus.COMPLETED);
        }
        suspect.release(3);
        for (JobId id : suspects) {
            assertThat(ended(id).status()).isEqualTo(JobStatus.COMPLETED);
        }
        assertThat(mostSuspects).hasValue(1);
    }

    @Test
    void J13_a_suspect_that_has_passed_its_stage_makes_room_for_the_next() throws Exception {
        // given
        List<JobId> ids = takenOver(1, 2);
        JobId first = ids.get(0);
        JobId second = ids.get(1);
        due();
        Worker worker = worker(Handlers.of(SHORT).on(PERSIST, job -> {
                    seen.add(job.id().toString());
                    suspect.acquire();
                    return done();
                }))
                .lease(Duration.ofSeconds(20))
                .start();
        assertThat(next()).isEqualTo(first.toString());
        assertThat(worker.held()).isEqualTo(1);

        // when
        suspect.release();

        // then
        assertThat(next()).isEqualTo(second.toString());
        suspect.release();
        assertThat(ended(second).takeovers()).isEqualTo(1);
    }

    @Test
    void J13_a_suspect_that_does_not_end_holds_up_the_next_no_longer_than_a_lease() throws Exception {
        // given
        List<JobId> ids = takenOver(1, 2);
        due();

        // when
        workerOfBoth().start();

        // then
        assertThat(List.of(next(), next())).containsExactly("suspect", "suspect");
        suspect.release(2);
        for (JobId id : ids) {
            assertThat(ended(id).status()).isEqualTo(JobStatus.COMPLETED);
        }
    }

    @Test
    void J13_a_job_taken_over_twice_runs_alone() throws Exception {
        // given: two others are running
        JobId twice = takenOver(2);
        workerOfBoth().lease(Duration.ofSeconds(20)).start();
        JobId running = enqueue("fresh");
        JobId alsoRunning = enqueue("fresh");
        assertThat(List.of(next(), next())).containsExactly("fresh", "fresh");

        // when: it waits for them, and nobody else begins
        due();
        await().until(() -> status(twice) == JobStatus.RUNNING);
        JobId behind = enqueue("fresh");
        fresh.release();
        await().until(() -> status(running).isEnded() || status(alsoRunning).isEnded());
        assertThat(seen).isEmpty();
        fresh.release();

        // then: it begins, and the next when it has ended
        assertThat(next()).isEqualTo("suspect");
        assertThat(status(running)).isEqualTo(JobStatus.COMPLETED);
        assertThat(status(alsoRunning)).isEqualTo(JobStatus.COMPLETED);
        assertThat(status(behind)).isNotEqualTo(JobStatus.RUNNING);
        suspect.release();
        assertThat(ended(twice).status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(next()).isEqualTo("fresh");
        fresh.release();
        assertThat(ended(behind).status()).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void J13_what_is_ready_goes_on_after_a_job_that_ran_alone() throws Exception {
        // given
        JobId twice = takenOver(2);
        workerOfBoth().lease(Duration.ofSeconds(20)).start();
        JobId running = enqueue("fresh");
        assertThat(next()).isEqualTo("fresh");
        due();
        await().until(() -> status(twice) == JobStatus.RUNNING);
        List<JobId> behind = List.of(enqueue("fresh"), enqueue("fresh"), enqueue("fresh"));
        fresh.release();
        assertThat(ended(running).status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(next()).isEqualTo("suspect");

        // when
        suspect.release();

        // then: all at once
        assertThat(List.of(next(), next(), next())).containsOnly("fresh");
        fresh.release(3);
        for (JobId id : behind) {
            assertThat(ended(id).status()).isEqualTo(JobStatus.COMPLETED);
        }
    }

    @Test
    void J13_a_job_taken_over_twice_waits_no_longer_than_a_lease() throws Exception {
        // given: one that does not end
        JobId twice = takenOver(2);
        workerOfBoth().start();
        JobId endless = enqueue("fresh");
        assertThat(next()).isEqualTo("fresh");

        // when
        due();

        // then
        assertThat(next()).isEqualTo("suspect");
        assertThat(status(endless)).isEqualTo(JobStatus.RUNNING);
        suspect.release();
        assertThat(ended(twice).status()).isEqualTo(JobStatus.COMPLETED);
        fresh.release();
    }

    @Test
    void J13_an_exhausted_job_is_failed_without_being_run_and_waits_for_nobody() throws Exception {
        // given
        JobId exhausted = takenOver(4);
        workerOfBoth().takeovers(3).lease(Duration.ofSeconds(20)).start();
        enqueue("fresh");
        assertThat(next()).isEqualTo("fresh");

        // when
        due();

        // then
        assertThat(ended(exhausted).status()).isEqualTo(JobStatus.FAILED);
        assertThat(pawl.jobs().failures(exhausted))
                .last()
                .satisfies(failure -> assertThat(failure.message()).contains("taken over 4 times", "at most 3"));
        assertThat(seen).isEmpty();
        fresh.release();
    }

    @Test
    void J13_a_worker_that_closes_gives_back_what_waits_to_be_alone() throws Exception {
        // given
        JobId twice = takenOver(2);
        Worker worker = workerOfBoth()
                .lease(Duration.ofSeconds(20))
                .grace(Duration.ofMillis(100))
                .start();
        enqueue("fresh");
        assertThat(next()).isEqualTo("fresh");
        due();
        await().until(() -> status(twice) == JobStatus.RUNNING);

        // when
        worker.close();

        // then
        assertThat(status(twice)).isEqualTo(JobStatus.WAITING);
        assertThat(worker.held()).isZero();
    }

    @Test
    void J13_a_job_that_kills_its_workers_ends_failed_and_its_former_neighbours_are_unharmed() {
        // given: processes that claim four at a time, and die with all that they hold if one of these is the bad one
        JobId bad = enqueue("bad");
        List<JobId> good = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            good.add(enqueue("good"));
        }

        // when
        for (int process = 0;
                !status(bad).isEnded()
                        || !good.stream().allMatch(id -> status(id).isEnded());
                process++) {
            assertThat(process).as("processes").isLessThan(100);
            List<ClaimedJob<String>> claimed = pawl.jobs().claim(SHORT, 4, LEASE);
            if (claimed.stream().anyMatch(job -> job.id().equals(bad))) {
                pawl.memory().time().advance(LEASE);
            } else {
                claimed.forEach(job -> job.checkpoint(PERSIST));
            }
        }

        // then: only those that it was claimed with the first time were taken over, and only once
        assertThat(status(bad)).isEqualTo(JobStatus.FAILED);
        assertThat(pawl.jobs().failures(bad))
                .filteredOn(failure -> failure.kind() == Failure.Kind.TAKEN_OVER)
                .hasSize(6);
        assertThat(good).allSatisfy(id -> assertThat(status(id)).isEqualTo(JobStatus.COMPLETED));
        assertThat(good.stream().mapToInt(id -> snapshot(id).takeovers()))
                .filteredOn(takeovers -> takeovers > 0)
                .containsExactly(1, 1, 1);
    }

    private Worker.Builder workerOfBoth() {
        return worker(Handlers.of(SHORT).on(PERSIST, job -> {
            seen.add(job.payload());
            if (job.payload().equals("suspect")) {
                mostSuspects.accumulateAndGet(suspectsNow.incrementAndGet(), Math::max);
                suspect.acquire();
                suspectsNow.decrementAndGet();
            } else {
                fresh.acquire();
            }
            return done();
        }));
    }

    private JobId enqueue(String payload) {
        return pawl.jobs().enqueue(NewJob.of(SHORT, payload)).id();
    }

    /** A job whose holders were lost so often, and that waits for {@link #due}. */
    private JobId takenOver(int times) {
        return takenOver(times, 1).get(0);
    }

    private List<JobId> takenOver(int times, int count) {
        List<JobId> ids = Stream.generate(() -> enqueue("suspect")).limit(count).toList();
        List<Claimed> claimed = List.of();
        for (int i = 0; i <= times; i++) {
            pawl.memory().time().advance(Duration.ofDays(1));
            claimed =
                    ids.stream().map(id -> claimAsThief()).flatMap(List::stream).toList();
        }
        for (Claimed one : claimed) {
            JobId id = one.job().id();
            pawl.memory()
                    .write(List.of(new JobWrite.Release(id, one.job().fence().orElseThrow(), 0, INSTANT)));
        }
        return ids;
    }

    private void due() {
        pawl.memory().time().advance(INSTANT);
    }

    private JobStatus status(JobId id) {
        return snapshot(id).status();
    }

    private JobSnapshot snapshot(JobId id) {
        return pawl.jobs().find(id).orElseThrow();
    }
}
