package dev.pawl.testkit.load;

import static dev.pawl.job.Outcome.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.Json;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.testkit.fanout.Counters;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.WorkerListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wide and many fan-outs, by eight workers that share nothing but the database; and workers beside operators who cancel and
 * retry, and applications whose transactions end children. The server looks for deadlocks long before anybody gives up waiting.
 */
class FamiliesUnderLoadTest {
    private static final Logger LOG = LoggerFactory.getLogger(FamiliesUnderLoadTest.class);
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("pawl.test.seconds", 10));
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int WORKERS = 8;
    private static final String OPEN = "select count(*) from pawl.job where ended_at is null";

    @Test
    void one_parent_of_10_000_children_and_1_000_of_10_complete_each_job_once() throws Exception {
        // given
        Map<JobId, Integer> runs = new ConcurrentHashMap<>();
        Map<JobId, Integer> ends = new ConcurrentHashMap<>();
        List<Handlers<Json>> handlers = List.of(
                Handlers.of(Generations.LEAF).on(Generations.WORK, job -> {
                    runs.merge(job.id(), 1, Integer::sum);
                    return done();
                }),
                Generations.asItsPayloadSays(FanIn.ALL, id -> runs.merge(id, 1, Integer::sum)));
        try (HikariDataSource database = database("families_wide");
                JdbiPawl pawl = JdbiPawl.with(database).open()) {
            List<NewJob<Json>> parents = new ArrayList<>(Collections.nCopies(1_000, parentOf(10)));
            parents.add(500, parentOf(10_000));

            // when
            pawl.jobs().enqueueAll(parents);
            Processes processes = Processes.start(database, WORKERS, handlers, countingEnds(ends));
            try (processes) {
                awaitNoneOpen(database);
            }

            // then
            Jdbi sql = Jdbi.create(database);
            assertThat(runs)
                    .hasSize(21_001)
                    .allSatisfy((job, times) -> assertThat(times).isEqualTo(1));
            assertThat(ends)
                    .hasSize(21_001)
                    .allSatisfy((job, times) -> assertThat(times).isEqualTo(1));
            assertThat(count(sql, "select count(*) from pawl.job where status = 'COMPLETED'"))
                    .isEqualTo(21_001);
            assertThat(count(sql, "select count(*) from pawl.failure")).isZero();
            assertThat(Counters.wrong(sql)).isEmpty();
            assertNoDeadlock("families_wide");
        }
    }

    @Test
    void workers_operators_and_callers_transactions_never_deadlock_nor_miscount() throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        try (HikariDataSource database = database("families_mixed")) {
            Jdbi sql = Jdbi.create(database);
            try (Processes processes =
                    Processes.start(database, WORKERS / 2, Generations.handlers(), new WorkerListener() {})) {
                Interference interference = new Interference(processes.pawl(0), database);

                // when
                Rage.on(
                        LENGTH,
                        new Random(seed),
                        List.of(
                                interference::enqueue,
                                interference::cancel,
                                interference::retry,
                                interference::endByHand,
                                interference::endByHand));
                LOG.warn("seed {}: {}", seed, interference.happened());

                // then: every family ends
                assertThat(Counters.wrong(sql)).isEmpty();
                Processes others =
                        Processes.start(database, 1, List.of(Generations.byWorkers()), new WorkerListener() {});
                try (others) {
                    awaitNoneOpen(database);
                }
                assertThat(interference.happened())
                        .containsKeys("enqueued", "cancelled", "retried", "ended by hand", "rolled back");
            }
            assertThat(Counters.wrong(sql)).isEmpty();
            assertNoDeadlock("families_mixed");
        }
    }

    /** Where a deadlock is found before the 200 ms are over for which Pawl waits for a lock, and so is seen in the log. */
    private static HikariDataSource database(String name) {
        HikariDataSource database = LoggingServer.database(name);
        LoggingServer.execute(database, "alter database " + name + " set deadlock_timeout = '20ms'");
        database.getHikariPoolMXBean().softEvictConnections();
        return database;
    }

    private static NewJob<Json> parentOf(int children) {
        return NewJob.of(Generations.WIDE, Json.of(Integer.toString(children))).queue(Generations.QUEUE);
    }

    private static WorkerListener countingEnds(Map<JobId, Integer> ends) {
        return new WorkerListener() {
            @Override
            public void ended(JobId job, JobStatus as) {
                ends.merge(job, 1, Integer::sum);
            }
        };
    }

    private static void awaitNoneOpen(HikariDataSource database) {
        Jdbi sql = Jdbi.create(database);
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> count(sql, OPEN) == 0);
    }

    private static int count(Jdbi sql, String query) {
        return sql.withHandle(handle -> handle.select(query).mapTo(int.class).one());
    }

    private static void assertNoDeadlock(String database) {
        assertThat(LoggingServer.log(database).deadlocks()).isEmpty();
        assertThat(LoggingServer.log(database).unexpectedErrors()).isEmpty();
    }
}
