package dev.pawl.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.store.ScanStore;
import dev.pawl.testkit.TestDatabase;
import dev.pawl.testkit.TestPostgres;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Both stores agree on every answer and every row of scans; {@code -Dpawl.model.seed=…} tries a history again. */
class ScanModelTest {
    private static TestDatabase postgres;

    @BeforeAll
    static void migrate() {
        postgres = TestPostgres.shared().database();
    }

    @AfterAll
    static void drop() {
        postgres.close();
    }

    private static Model<ScanStep> model(UnaryOperator<ScanStore> flaw) {
        return new Model<>(ScanHistories::random, steps -> difference(steps, flaw));
    }

    @Test
    void both_stores_agree_on_random_histories_of_scans() {
        model(UnaryOperator.identity()).agrees();
    }

    @Test
    void scans_that_disagree_are_caught_with_a_short_history() {
        Model<ScanStep> hasty = model(HastyScans::new);

        assertThat(hasty.shortest(hasty.caught())).hasSizeLessThanOrEqualTo(4);
    }

    private static Optional<Throwable> difference(List<ScanStep> steps, UnaryOperator<ScanStore> flaw) {
        try (BothStores both = BothStores.of(postgres)) {
            both.scans(flaw).run(steps);
            return Optional.empty();
        } catch (Exception | AssertionError failure) {
            return Optional.of(failure);
        }
    }
}
