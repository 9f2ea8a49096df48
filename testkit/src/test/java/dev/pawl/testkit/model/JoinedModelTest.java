package dev.pawl.testkit.model;

import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.internal.Database;
import dev.pawl.jdbc.internal.JdbiJobStore;
import dev.pawl.jdbc.internal.JdbiQueueStore;
import dev.pawl.jdbc.internal.JdbiScanStore;
import dev.pawl.jdbc.internal.SchemaName;
import dev.pawl.jdbc.internal.Timed;
import dev.pawl.testkit.ApplicationInMemory;
import dev.pawl.testkit.ApplicationOnPostgres;
import dev.pawl.testkit.InMemoryJobStore;
import dev.pawl.testkit.TestDatabase;
import dev.pawl.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Random;
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
        InMemoryJobStore memory = InMemoryJobStore.create();
        Database database = Database.of(postgres.dataSource(), SchemaName.STANDARD)
                .at(() -> Optional.of(memory.time().now()));
        JdbiPawl.Settings settings = JdbiPawl.with(postgres.dataSource());
        ((Timed) settings).time(() -> Optional.of(memory.time().now()));
        ((Timed) settings).unwarned();
        postgres.clear(); // of tokens higher than this history draws
        try (JdbiPawl pawl = settings.open();
                ApplicationOnPostgres application = new ApplicationOnPostgres(postgres, memory.time())) {
            restartTokens();
            Sides jobs = new Sides(
                    memory,
                    new JdbiJobStore(database, false),
                    new JdbiQueueStore(database),
                    pawl,
                    postgres.dataSource());
            ScanSides scans = new ScanSides(
                    memory.scans(),
                    new JdbiScanStore(database),
                    new ApplicationInMemory(memory)::begin,
                    application::begin,
                    memory.time());
            NamesModelTest.History names = new NamesModelTest.History(seed, memory, database);
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

    private static void restartTokens() throws SQLException {
        try (Connection connection = postgres.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("alter sequence pawl.fencing_token restart with 1");
        }
    }
}
