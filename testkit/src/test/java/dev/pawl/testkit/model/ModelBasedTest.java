package dev.pawl.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.internal.Database;
import dev.pawl.jdbc.internal.JdbiJobStore;
import dev.pawl.jdbc.internal.JdbiQueueStore;
import dev.pawl.jdbc.internal.SchemaName;
import dev.pawl.jdbc.internal.Timed;
import dev.pawl.store.JobStore;
import dev.pawl.testkit.InMemoryJobStore;
import dev.pawl.testkit.TestDatabase;
import dev.pawl.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Both stores agree on every answer and every row; {@code -Dpawl.model.seed=…} tries a history again. */
class ModelBasedTest {
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("pawl.test.seconds", 10));
    private static final int STEPS = Integer.getInteger("pawl.model.steps", 60);

    private static TestDatabase postgres;

    @BeforeAll
    static void migrate() {
        postgres = TestPostgres.shared().database();
    }

    @AfterAll
    static void drop() {
        postgres.close();
    }

    @Test
    void both_stores_agree_on_random_histories() {
        Long asked = Long.getLong("pawl.model.seed");
        long seed = asked != null ? asked : ThreadLocalRandom.current().nextLong();
        long start = System.nanoTime();
        int histories = 0;
        do {
            check(seed + histories++);
        } while (asked == null && System.nanoTime() - start < LENGTH.toNanos());
        System.out.println(histories + " histories of " + STEPS + " steps");
    }

    @Test
    void a_store_that_disagrees_is_caught_with_a_short_history() {
        List<Step> caught = firstThatCatches(ForgetfulStore::new);

        assertThat(Histories.shortest(
                        caught, steps -> difference(steps, ForgetfulStore::new).isPresent()))
                .hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void a_store_that_disagrees_on_children_is_caught() {
        assertThat(firstThatCatches(LazyStore::new)).hasSize(STEPS);
    }

    private static List<Step> firstThatCatches(UnaryOperator<JobStore> flaw) {
        for (long seed = 0; seed < 50; seed++) {
            List<Step> history = Histories.random(seed, STEPS);
            if (difference(history, flaw).isPresent()) {
                return history;
            }
        }
        throw new AssertionError("50 histories of " + STEPS + " steps did not catch it");
    }

    private static void check(long seed) {
        List<Step> history = Histories.random(seed, STEPS);
        Optional<Throwable> difference = difference(history, UnaryOperator.identity());
        if (difference.isPresent()) {
            List<Step> shortest = Histories.shortest(
                    history,
                    steps -> difference(steps, UnaryOperator.identity()).isPresent());
            String steps = shortest.stream().map(Step::toString).collect(Collectors.joining("\n  "));
            fail(
                    "the stores differ; -Dpawl.model.seed=" + seed + " tries it again; the shortest history found:\n  "
                            + steps,
                    difference(shortest, UnaryOperator.identity()).orElse(difference.get()));
        }
    }

    private static Optional<Throwable> difference(List<Step> steps, UnaryOperator<JobStore> flaw) {
        InMemoryJobStore memory = InMemoryJobStore.create();
        Database database = Database.of(postgres.dataSource(), SchemaName.STANDARD)
                .at(() -> Optional.of(memory.time().now()));
        JdbiPawl.Settings settings = JdbiPawl.with(postgres.dataSource());
        ((Timed) settings).time(() -> Optional.of(memory.time().now()));
        ((Timed) settings).unwarned();
        postgres.clear(); // of jobs that bear higher tokens than this history draws
        try (JdbiPawl pawl = settings.open()) {
            restartTokens();
            JobStore store = flaw.apply(new JdbiJobStore(database, false));
            new Sides(memory, store, new JdbiQueueStore(database), pawl, postgres.dataSource()).run(steps);
            return Optional.empty();
        } catch (SQLException | RuntimeException | AssertionError failure) {
            return Optional.of(failure);
        }
    }

    /** The model draws from 1 on. Each history has a queue of its own, so no job sees a token twice. */
    private static void restartTokens() throws SQLException {
        try (Connection connection = postgres.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("alter sequence pawl.fencing_token restart with 1");
        }
    }
}
