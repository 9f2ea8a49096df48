package dev.pawl.testkit.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Eight clients that crash, come back as zombies, repeat themselves, hold rows and swallow refusals, and then every
 * invariant. {@code -Dpawl.test.seconds=60} lets it rage for longer; {@code -Dpawl.load.seed=…} throws the same dice again,
 * though not in the same order.
 */
class ContractUnderLoadTest {
    private static final Logger LOG = LoggerFactory.getLogger(ContractUnderLoadTest.class);
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("pawl.test.seconds", 10));
    private static final Duration TO_DRAIN = Duration.ofSeconds(60);
    private static final Duration FOR_A_MUTANT = Duration.ofSeconds(1);
    private static final int TRIES_FOR_A_MUTANT = 8;
    private static final int ENOUGH = 400;

    @Test
    void nothing_contradicts_is_stuck_or_deadlocks() throws Exception {
        long seed = Long.getLong("pawl.load.seed", ThreadLocalRandom.current().nextLong());
        LOG.warn("for {} with -Dpawl.load.seed={}", LENGTH, seed);
        try (HikariDataSource database = LoggingServer.database("load")) {
            Ledger ledger = Storm.rage(database, seed, LENGTH, ContractUnderLoadTest::everythingHappened);
            LOG.warn("{}", ledger);

            assertThat(wrong(database, ledger)).as("seed %d: %s", seed, ledger).isEmpty();

            assertThat(LoggingServer.log("load").deadlocks()).isEmpty();
            assertThat(LoggingServer.log("load").unexpectedErrors()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_mutant_of_the_statements_is_caught(Mutant mutant) throws Exception {
        List<String> wrong = List.of();
        for (int i = 0; i < TRIES_FOR_A_MUTANT && mutant.brokenIn(wrong).isEmpty(); i++) {
            try (HikariDataSource database =
                    LoggingServer.database(mutant.name().toLowerCase(Locale.ROOT) + i)) {
                wrong = wrong(
                        database, Storm.rage(mutant.of(database), i, FOR_A_MUTANT, ledger -> ledger.total() > ENOUGH));
            }
        }
        assertThat(mutant.brokenIn(wrong))
                .as("what %s breaks, of %s", mutant, wrong)
                .isNotEmpty();
    }

    private static boolean everythingHappened(Ledger ledger) {
        return ledger.missing().isEmpty() && ledger.total() > 2 * ENOUGH;
    }

    private static List<String> wrong(DataSource database, Ledger ledger) throws SQLException {
        List<String> wrong = new ArrayList<>();
        ledger.unexpected().stream()
                .map(Throwable::toString)
                .distinct()
                .limit(5)
                .forEach(failure -> wrong.add("unexpected: " + failure));
        try {
            Drain.all(database, ledger.unexpected().isEmpty() ? TO_DRAIN : Duration.ofSeconds(1));
        } catch (ConditionTimeoutException stuck) {
            wrong.add("stuck: " + stuck.getMessage());
        }
        try (Connection connection = database.getConnection()) {
            wrong.addAll(Invariant.allBrokenBy(connection));
        }
        return wrong;
    }
}
