package dev.pawl.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.testkit.fanout.Counters;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Workers are killed by SIGKILL at random moments, again and again, while jobs fan out, fail fast and join; one that is ready
 * takes each one's place.
 */
class KilledFamilyTest extends ProcessScene {
    private static final Logger LOG = LoggerFactory.getLogger(KilledFamilyTest.class);
    private static final boolean IS_LONG = Integer.getInteger("pawl.test.seconds", 10) >= 60;
    private static final int KILLS = IS_LONG ? 200 : 20;
    private static final Duration LEASE = Duration.ofMillis(600);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int WORKERS = 2;

    /** Fewer than the families that are enqueued before each kill take. */
    private static final int MOST_CLAIMS_BEFORE_A_KILL = 20;

    private static final String CLAIMS = "select last_value from pawl.fencing_token";
    private static final String OPEN = "select count(*) from pawl.job where ended_at is null";

    private final Deque<JavaProcess> workers = new ArrayDeque<>();
    private final Deque<JavaProcess> standby = new ArrayDeque<>();
    private int started;

    @AfterEach
    void end() {
        workers.forEach(JavaProcess::close);
        standby.forEach(JavaProcess::close);
    }

    @Test
    void every_parent_ends_with_the_right_counts_whoever_is_killed() throws Exception {
        // given
        long seed = ThreadLocalRandom.current().nextLong();
        Random random = new Random(seed);
        Map<JobId, JobStatus> expected = new LinkedHashMap<>();
        while (standby.size() < WORKERS + 1) {
            prepareOne();
        }
        while (workers.size() < WORKERS) {
            replace();
        }

        // when
        long from = System.nanoTime();
        for (int kills = 0; kills < KILLS; kills++) {
            enqueue(kills % 2 == 0, expected);
            int claims = count(CLAIMS) + 1 + random.nextInt(MOST_CLAIMS_BEFORE_A_KILL);
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(2)).until(() -> count(CLAIMS) >= claims);
            workers.removeFirst().kill();
            prepareOne();
            replace();
        }

        // then
        Duration killing = Duration.ofNanos(System.nanoTime() - from);
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> count(OPEN) == 0);
        int takeovers = count("select count(*) from pawl.failure where kind = 'TAKEN_OVER'");
        LOG.warn(
                "{} families, {} kills in {}, {} takeovers, seed {}", expected.size(), KILLS, killing, takeovers, seed);
        assertThat(Counters.wrong(sql())).isEmpty();
        assertThat(expected)
                .allSatisfy((job, status) -> assertThat(
                                pawl().jobs().find(job).orElseThrow().status())
                        .as("%s, whose failures are %s", job, pawl().jobs().failures(job))
                        .isEqualTo(status));
        assertThat(twiceOrNever()).as("leaves that did not take effect once").isEmpty();
        assertThat(badBroods())
                .as("stages without all their children, by number")
                .isEmpty();
        assertThat(takeovers).as("takeovers, without which nothing was shown").isPositive();
    }

    /** One family all of whose leaves complete, and one with a leaf that fails. */
    private void enqueue(boolean badTree, Map<JobId, JobStatus> expected) {
        JobId tree = Broods.enqueue(pawl(), Broods.TREE, badTree ? Broods.BAD : Broods.GOOD);
        JobId fast = Broods.enqueue(pawl(), Broods.FAST, badTree ? Broods.GOOD : Broods.BAD);
        expected.put(tree, badTree ? JobStatus.FAILED : JobStatus.COMPLETED);
        expected.put(fast, badTree ? JobStatus.COMPLETED : JobStatus.FAILED);
    }

    private void prepareOne() throws SQLException {
        standby.add(BroodMain.start(url(), "worker-" + ++started, LEASE));
    }

    private void replace() {
        JavaProcess next = standby.removeFirst();
        next.awaitSaying(BroodMain.READY);
        BroodMain.go(next);
        workers.add(next);
    }

    private List<String> twiceOrNever() {
        return sql().withHandle(
                        handle -> handle.createQuery("""
                           select j.id || ' ' || j.status || ': ' || count(e.job)
                             from pawl.job j
                        left join effect e
                               on e.job = j.id
                            where j.pipeline = 'leaf'
                         group by j.id, j.status
                           having count(e.job) <> case when j.status = 'COMPLETED' then 1 else 0 end
                        """).mapTo(String.class).list());
    }

    /** A fan-out is whole: a stage has all its children, and no other's. */
    private List<String> badBroods() {
        return sql().withHandle(handle -> handle.createQuery("""
                           select p.pipeline || ': ' || count(c.id) || ' under ' || count(distinct c.parent_fan)
                             from pawl.job p
                        left join pawl.job c
                               on c.queue = p.queue
                              and c.parent_id = p.id
                            where p.pipeline <> 'leaf'
                         group by p.id, p.pipeline
                           having count(c.id) <> case when p.pipeline = 'fast' then :fast else :others end
                               or count(distinct c.parent_fan) <> 1
                        """)
                .bind("fast", Broods.FAST_LEAVES)
                .bind("others", Broods.LEAVES)
                .mapTo(String.class)
                .list());
    }
}
