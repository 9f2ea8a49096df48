package dev.pawl.testkit.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.store.Answer;
import dev.pawl.store.JobStore;
import dev.pawl.store.JobWrite;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** Three processes whose threads go in step, and a count of who was told that he woke a parent. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FamilyScene {
    /**
     * Of each interleaving, where one alone proves little: a tenth of the incident's own 2,000, and 1,200 with the profile
     * {@code long}. Two thousand of each of these variants are some 100,000 durable commits, and minutes.
     */
    static final int ROUNDS = Math.min(2_000, 20 * Integer.getInteger("pawl.test.seconds", 10));

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private ThreeStores three;
    private String queue;
    private AtomicIntegerArray woken;

    @BeforeAll
    final void open() throws SQLException {
        three = ThreeStores.open();
    }

    @BeforeEach
    final void newQueue() {
        queue = "q-" + UUID.randomUUID();
    }

    @AfterAll
    final void close() {
        three.close();
    }

    final ThreeStores three() {
        return three;
    }

    final String queue() {
        return queue;
    }

    final Families families() {
        return new Families(three.store(0), queue);
    }

    final List<Family> families(int parents, int children, FanIn policy) {
        return families().start(parents, children, policy);
    }

    /** Runs the rounds, and counts how often a parent was woken in each. */
    final void race(int rounds, Race.Racer... racers) throws Exception {
        woken = new AtomicIntegerArray(rounds);
        Race.run(rounds, racers);
    }

    /** Writes until it isn't busy, as group commit does. */
    final Answer write(int round, JobStore store, JobWrite write) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Answer answer;
        do {
            answer = store.write(List.of(write)).get(0);
        } while (answer instanceof Answer.Busy && System.nanoTime() < deadline);
        count(round, answer);
        return answer;
    }

    final Answer write(int round, int process, JobWrite write) {
        return write(round, three.store(process), write);
    }

    final Answer done(int round, int process, JobWrite write) {
        Answer answer = write(round, process, write);
        assertThat(answer).as("%s", write).isInstanceOf(Answer.Done.class);
        return answer;
    }

    final void count(int round, Answer answer) {
        if (answer instanceof Answer.Done done && done.wokeParent()) {
            woken.incrementAndGet(round);
        }
    }

    /** How often, in each round. */
    final List<Integer> woken() {
        return IntStream.range(0, woken.length()).mapToObj(woken::get).toList();
    }

    /** Each exactly once, and all of them are to be claimed. */
    final List<Holding> assertAllWokenOnce(List<Family> families) {
        assertThat(woken()).as("how often each parent was woken").allMatch(times -> times == 1);
        return assertAllClaimable(families);
    }

    /** Each of them once; in the order of the families. */
    final List<Holding> assertAllClaimable(List<Family> families) {
        return inOrder(families, families().claimParents());
    }

    /** Each of them once; in the order of the families. */
    static List<Holding> inOrder(List<Family> families, List<Holding> claimed) {
        Map<JobId, Holding> byId = new HashMap<>();
        claimed.forEach(parent -> byId.put(parent.id(), parent));
        assertThat(claimed)
                .extracting(Holding::id)
                .containsExactlyInAnyOrderElementsOf(
                        families.stream().map(Family::parent).toList());
        return families.stream().map(family -> byId.get(family.parent())).toList();
    }

    final void assertNothingClaimable() {
        assertThat(families().claimParents()).as("parents that are claimable").isEmpty();
    }

    final void assertCountersRight() {
        assertThat(Counters.wrong(three.sql())).isEmpty();
    }

    /** One number of each parent's row. */
    final List<Integer> column(String column) {
        return three.sql()
                .withHandle(handle -> handle.createQuery("select " + column
                                + " from pawl.job where queue = :queue and fan is not null order by id")
                        .bind("queue", queue)
                        .mapTo(Integer.class)
                        .list());
    }

    final void execute(String sql, JobId job) {
        int changed = three.sql()
                .withHandle(handle -> handle.createUpdate(sql + " where queue = :queue and id = :id")
                        .bind("queue", job.queue())
                        .bind("id", job.uuid())
                        .execute());
        assertThat(changed).as("rows changed by %s", sql).isEqualTo(1);
    }
}
