package dev.pawl.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Processes that end in the middle of a stage, by their own doing or by SIGKILL. */
class KilledProcessTest extends ProcessScene {
    private static final Logger LOG = LoggerFactory.getLogger(KilledProcessTest.class);
    private static final Duration LEASE = Duration.ofMillis(800);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int TAKEOVERS = 2;
    private static final int KILLS = Integer.getInteger("pawl.test.seconds", 10);

    /** As many as there is time for on a busy machine, but some. */
    private static final int FEWEST_KILLS = 3;

    private static final Duration TIME_TO_KILL = Duration.ofSeconds(4L * KILLS);
    private static final int WORKERS = 3;
    private static final String BEGUN = "select count(*) from begun";

    private final List<JavaProcess> workers = new ArrayList<>();
    private int started;

    @AfterEach
    void end() {
        workers.forEach(JavaProcess::close);
        workers.clear();
    }

    @Test
    void a_job_that_kills_its_worker_each_time_ends_failed_after_its_limit_of_takeovers() throws Exception {
        // given
        JobId deadly = Steps.enqueue(pawl(), WorkerMain.HALT);
        List<JobId> others = IntStream.range(0, 10)
                .mapToObj(i -> Steps.enqueue(pawl(), WorkerMain.WORK))
                .toList();

        // when: whoever dies is replaced
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            workers.removeIf(worker -> !worker.isAlive());
            while (workers.size() < 2) {
                start(TAKEOVERS);
            }
            return hasEnded(deadly) && others.stream().allMatch(this::hasEnded);
        });

        // then
        assertThat(pawl().jobs().find(deadly).orElseThrow().status()).isEqualTo(JobStatus.FAILED);
        assertThat(count("select count(*) from begun where job = '" + deadly.uuid() + "'"))
                .as("how often it ran")
                .isEqualTo(1 + TAKEOVERS);
        List<Failure> failures = pawl().jobs().failures(deadly);
        assertThat(failures.stream().filter(failure -> failure.kind() == Failure.Kind.TAKEN_OVER))
                .hasSize(1 + TAKEOVERS);
        assertThat(failures.get(failures.size() - 1).message()).contains("taken over 3 times", "at most 2");
        assertThat(others).allSatisfy(this::hasCompleted);
        assertThat(notOnce(others)).isEmpty();
    }

    @Test
    void workers_are_killed_at_random_moments_and_every_effect_happens_once() throws Exception {
        // given
        long seed = ThreadLocalRandom.current().nextLong();
        Random random = new Random(seed);
        List<JobId> jobs = new ArrayList<>();
        while (workers.size() < WORKERS) {
            start(1_000);
        }

        // when
        long from = System.nanoTime();
        int kills = 0;
        while (kills < FEWEST_KILLS || (kills < KILLS && System.nanoTime() - from < TIME_TO_KILL.toNanos())) {
            kills++;
            int begun = count(BEGUN) + 1 + random.nextInt(8);
            for (int i = 0; i < 12; i++) {
                jobs.add(Steps.enqueue(pawl(), WorkerMain.WORK));
            }
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> count(BEGUN) >= begun);
            killOne();
            start(1_000);
        }

        // then
        await().atMost(PATIENCE).until(() -> jobs.stream().allMatch(this::hasEnded));
        int takeovers = count("select count(*) from pawl.failure where kind = 'TAKEN_OVER'");
        LOG.warn("{} jobs, {} kills, {} takeovers, seed {}", jobs.size(), kills, takeovers, seed);
        assertThat(jobs).allSatisfy(this::hasCompleted);
        assertThat(notOnce(jobs)).isEmpty();
        assertThat(takeovers).as("takeovers, without which nothing was shown").isPositive();
    }

    /** In the middle of what it does. */
    private void killOne() throws InterruptedException {
        Optional<JavaProcess> victim = workers.stream()
                .filter(worker -> worker.said(WorkerMain.READY).isPresent())
                .findFirst();
        if (victim.isPresent()) {
            workers.remove(victim.get());
            victim.get().kill();
        }
    }

    private void start(int takeovers) throws SQLException {
        workers.add(WorkerMain.start(url(), "worker-" + ++started, LEASE, takeovers));
    }

    private void hasCompleted(JobId id) {
        assertThat(pawl().jobs().find(id).orElseThrow().status())
                .as("%s, whose failures are %s", id, pawl().jobs().failures(id))
                .isEqualTo(JobStatus.COMPLETED);
    }

    private boolean hasEnded(JobId id) {
        return pawl().jobs().find(id).orElseThrow().status().isEnded();
    }
}
