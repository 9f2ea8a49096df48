package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.fail;

import dev.pawl.testkit.BrokenStore;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Scans of two processes, whose handling fails, dies or takes too long, over tables that change meanwhile (S1, S2, S4, S5, S6);
 * {@code -Dpawl.model.seed=…} tries one again.
 */
class RandomWalksTest {
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("pawl.test.seconds", 10));
    private static final int STEPS = 200;

    @ParameterizedTest
    @EnumSource
    void what_stayed_is_seen_once_in_a_lap_where_the_cursor_moves_with_the_handling(Stores store) {
        forAWhile(store, true);
    }

    @ParameterizedTest
    @EnumSource
    void what_stayed_is_seen_in_a_lap_and_again_for_each_crash_where_the_cursor_moves_after_it(Stores store) {
        forAWhile(store, false);
    }

    @ParameterizedTest
    @EnumSource(names = {"FORGETS_THE_FENCE_OF_A_SCAN", "KEEPS_THE_CURSOR", "STARTS_OVER_ON_OPEN"})
    void broken_scans_are_caught(BrokenStore broken) {
        caught(broken, true);
        caught(broken, false);
    }

    private static void caught(BrokenStore broken, boolean transactional) {
        for (long seed = 0; seed < 100; seed++) {
            try {
                Stores.walk(seed, transactional, broken.open()).run(STEPS);
            } catch (AssertionError caught) {
                return;
            }
        }
        fail("a hundred walks of " + STEPS + " steps did not catch it, transactional: " + transactional);
    }

    private static void forAWhile(Stores store, boolean transactional) {
        Long asked = Long.getLong("pawl.model.seed");
        long seed = asked != null ? asked : ThreadLocalRandom.current().nextLong();
        long start = System.nanoTime();
        int tried = 0;
        int laps = 0;
        do {
            long next = seed + tried++;
            try {
                laps += store.walk(next, transactional).run(STEPS);
            } catch (RuntimeException | AssertionError failure) {
                fail("a scan went wrong; -Dpawl.model.seed=" + next + " tries it again", failure);
            }
        } while (asked == null
                && (laps == 0 || System.nanoTime() - start < LENGTH.dividedBy(2).toNanos()));
        System.out.println(tried + " scans, " + laps + " laps");
    }
}
