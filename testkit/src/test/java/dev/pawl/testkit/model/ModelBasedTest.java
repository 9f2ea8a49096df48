package dev.pawl.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.jdbc.internal.JdbiJobStore;
import dev.pawl.jdbc.internal.JdbiQueueStore;
import dev.pawl.store.JobStore;
import dev.pawl.testkit.TestDatabase;
import dev.pawl.testkit.TestPostgres;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Both stores agree on every answer and every row of jobs; {@code -Dpawl.model.seed=…} tries a history again. Names and scans have
 * histories of their own, and {@link JoinedModelTest} has all three.
 */
class ModelBasedTest {
    private static TestDatabase postgres;

    @BeforeAll
    static void migrate() {
        postgres = TestPostgres.shared().database();
    }

    @AfterAll
    static void drop() {
        postgres.close();
    }

    private static Model<Step> model(UnaryOperator<JobStore> flaw) {
        return new Model<>(Histories::random, steps -> difference(steps, flaw));
    }

    @Test
    void both_stores_agree_on_random_histories() {
        model(UnaryOperator.identity()).agrees();
    }

    @Test
    void a_store_that_disagrees_is_caught_with_a_short_history() {
        Model<Step> forgetful = model(ForgetfulStore::new);

        assertThat(forgetful.shortest(forgetful.caught())).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void a_store_that_disagrees_on_children_is_caught() {
        assertThat(model(LazyStore::new).caught()).hasSize(Model.STEPS);
    }

    private static Optional<Throwable> difference(List<Step> steps, UnaryOperator<JobStore> flaw) {
        try (BothStores both = BothStores.of(postgres)) {
            JobStore store = flaw.apply(new JdbiJobStore(both.database(), false));
            new Sides(both.memory(), store, new JdbiQueueStore(both.database()), both.pawl(), postgres.dataSource())
                    .run(steps);
            return Optional.empty();
        } catch (SQLException | RuntimeException | AssertionError failure) {
            return Optional.of(failure);
        }
    }
}
