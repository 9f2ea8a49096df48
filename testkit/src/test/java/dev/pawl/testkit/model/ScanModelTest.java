package dev.pawl.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.pawl.jdbc.internal.Database;
import dev.pawl.jdbc.internal.JdbiScanStore;
import dev.pawl.jdbc.internal.SchemaName;
import dev.pawl.store.ScanStore;
import dev.pawl.testkit.ApplicationInMemory;
import dev.pawl.testkit.ApplicationOnPostgres;
import dev.pawl.testkit.InMemoryJobStore;
import dev.pawl.testkit.TestDatabase;
import dev.pawl.testkit.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Both stores agree on every answer and every row of scans; {@code -Dpawl.model.seed=…} tries a history again. */
class ScanModelTest {
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
    void both_stores_agree_on_random_histories_of_scans() {
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
    void scans_that_disagree_are_caught_with_a_short_history() {
        for (long seed = 0; seed < 50; seed++) {
            List<ScanStep> history = ScanHistories.random(seed, STEPS);
            if (difference(history, HastyScans::new).isPresent()) {
                List<ScanStep> shortest = Histories.shortest(
                        history, steps -> difference(steps, HastyScans::new).isPresent());
                assertThat(shortest).hasSizeLessThanOrEqualTo(4);
                return;
            }
        }
        throw new AssertionError("50 histories of " + STEPS + " steps did not catch it");
    }

    private static void check(long seed) {
        List<ScanStep> history = ScanHistories.random(seed, STEPS);
        Optional<Throwable> difference = difference(history, UnaryOperator.identity());
        if (difference.isPresent()) {
            List<ScanStep> shortest = Histories.shortest(
                    history,
                    steps -> difference(steps, UnaryOperator.identity()).isPresent());
            String steps = shortest.stream().map(ScanStep::toString).collect(Collectors.joining("\n  "));
            fail(
                    "the stores differ; -Dpawl.model.seed=" + seed + " tries it again; the shortest history found:\n  "
                            + steps,
                    difference(shortest, UnaryOperator.identity()).orElse(difference.get()));
        }
    }

    private static Optional<Throwable> difference(List<ScanStep> steps, UnaryOperator<ScanStore> flaw) {
        InMemoryJobStore memory = InMemoryJobStore.create();
        Database database = Database.of(postgres.dataSource(), SchemaName.STANDARD)
                .at(() -> Optional.of(memory.time().now()));
        try (ApplicationOnPostgres application = new ApplicationOnPostgres(postgres, memory.time())) {
            new ScanSides(
                            memory.scans(),
                            flaw.apply(new JdbiScanStore(database)),
                            new ApplicationInMemory(memory)::begin,
                            application::begin,
                            memory.time())
                    .run(steps);
            return Optional.empty();
        } catch (Exception | AssertionError failure) {
            return Optional.of(failure);
        }
    }
}
