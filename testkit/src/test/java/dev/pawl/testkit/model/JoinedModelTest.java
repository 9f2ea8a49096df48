package dev.pawl.testkit.model;

import dev.pawl.jdbc.internal.JdbiJobStore;
import dev.pawl.jdbc.internal.JdbiQueueStore;
import dev.pawl.testkit.TestDatabase;
import dev.pawl.testkit.TestPostgres;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Jobs, names and scans in one history, by one time and one sequence of tokens: answers are lost, and callers' transactions end, in
 * each of the three, and neither store lets one of them change what another is told. That a history is short where one fails is left to
 * the tests of each.
 */
class JoinedModelTest {
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
    void jobs_names_and_scans_of_one_history_are_the_same_in_both_stores() {
        Model.forAWhile(seed -> {
            try {
                run(seed);
            } catch (Exception | AssertionError failure) {
                throw new AssertionError("the stores differ; -Dpawl.model.seed=" + seed + " tries it again", failure);
            }
            return seed;
        });
    }

    private static void run(long seed) throws Exception {
        try (BothStores both = BothStores.of(postgres)) {
            Sides jobs = new Sides(
                    both.memory(),
                    new JdbiJobStore(both.database(), false),
                    new JdbiQueueStore(both.database()),
                    both.pawl(),
                    postgres.dataSource());
            ScanSides scans = both.scans(UnaryOperator.identity());
            NamesModelTest.History names = new NamesModelTest.History(seed, both.memory(), both.database());
            List<Step> ofJobs = Histories.random(seed, Model.STEPS);
            List<ScanStep> ofScans = ScanHistories.random(seed, Model.STEPS);
            Random random = new Random(seed);
            for (int i = 0; i < Model.STEPS; i++) {
                switch (random.nextInt(4)) {
                    case 0 -> names.step(i);
                    case 1 -> scans.run(ofScans.subList(i, i + 1));
                    default -> jobs.run(ofJobs.subList(i, i + 1));
                }
            }
        }
    }
}
