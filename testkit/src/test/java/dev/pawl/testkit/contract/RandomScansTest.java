package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.pawl.testkit.BrokenRows;
import dev.pawl.testkit.BrokenStore;
import dev.pawl.testkit.InMemoryJobStore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random tables that change under a scan whose walkers die anywhere (S1, S2, S4, S5, S6); {@code -Dpawl.model.seed=…} tries one
 * again.
 */
class RandomScansTest {
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("pawl.test.seconds", 10));
    private static final int STEPS = 200;

    @ParameterizedTest
    @EnumSource
    void each_lap_sees_what_stayed_and_once_in_the_transactions_of_its_pages(Stores store) {
        forAWhile(seed -> {
            ScanSceneOf scene = store.scanScene();
            return new RandomScan(seed, scene, scene.table(), Optional.of(scene::transaction));
        });
    }

    @ParameterizedTest
    @EnumSource
    void each_lap_sees_what_stayed_and_a_page_again_after_a_crash_before_its_move(Stores store) {
        forAWhile(seed -> {
            ScanSceneOf scene = store.scanScene();
            return new RandomScan(seed, scene, scene.table(), Optional.empty());
        });
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "FORGETS_THE_FENCE_OF_A_SCAN",
                "COMES_LATE",
                "KEEPS_THE_CURSOR",
                "WRAPS_ONLY_AFTER_WORK",
                "GOES_BY_OFFSET",
                "COMMITS_SCANS_AT_ONCE",
                "REPEATS_PAGES_IN_TRANSACTIONS",
                "STARTS_OVER_ON_OPEN",
                "SPINS_ON_NOTHING"
            })
    void broken_scans_are_caught(BrokenStore broken) {
        for (long seed = 0; seed < 100; seed++) {
            InMemoryJobStore store = broken.create();
            ScanSceneOf scene = ScanSceneOf.over(store, BrokenRows.beside(store.scans()));
            try {
                new RandomScan(seed, scene, scene.table(), Optional.of(scene::transaction)).run(STEPS);
            } catch (AssertionError caught) {
                return;
            }
        }
        fail("a hundred scans of " + STEPS + " steps did not catch it");
    }

    @ParameterizedTest
    @EnumSource(names = {"FORGETS_THE_FENCE_OF_A_SCAN", "KEEPS_THE_CURSOR", "STARTS_OVER_ON_OPEN", "FORGETS_THE_STEP"})
    void broken_scans_are_caught_without_transactions_too(BrokenStore broken) {
        for (long seed = 0; seed < 100; seed++) {
            InMemoryJobStore store = broken.create();
            ScanSceneOf scene = ScanSceneOf.over(store, BrokenRows.beside(store.scans()));
            try {
                new RandomScan(seed, scene, scene.table(), Optional.empty()).run(STEPS);
            } catch (AssertionError caught) {
                return;
            }
        }
        fail("a hundred scans of " + STEPS + " steps did not catch it");
    }

    @Test
    void laps_end() {
        ScanSceneOf scene = Stores.IN_MEMORY.scanScene();

        assertThat(new RandomScan(7, scene, scene.table(), Optional.empty()).run(1_000))
                .isGreaterThan(10);
    }

    private static void forAWhile(LongFunction<RandomScan> scans) {
        Long asked = Long.getLong("pawl.model.seed");
        long seed = asked != null ? asked : ThreadLocalRandom.current().nextLong();
        long start = System.nanoTime();
        int tried = 0;
        int laps = 0;
        do {
            long next = seed + tried++;
            try {
                laps += scans.apply(next).run(STEPS);
            } catch (RuntimeException | AssertionError failure) {
                fail("a scan went wrong; -Dpawl.model.seed=" + next + " tries it again", failure);
            }
        } while (asked == null
                && System.nanoTime() - start < LENGTH.dividedBy(2).toNanos());
        System.out.println(tried + " scans, " + laps + " laps");
    }
}
