package dev.pawl.testkit.shedlock;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.pawl.testkit.WrongLeases;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.testkit.engine.EngineTestKit;

/** That ShedLock's contract fails over leases that break a rule: else the adapter's passing it would show nothing of them. */
class ShedLockBitesTest {
    @ParameterizedTest
    @CsvSource({
        "ACQUIRES_WHAT_IS_HELD, shouldNotReturnSecondLock",
        "ACQUIRES_WHAT_IS_HELD, fuzzTestShouldPass",
        "NEVER_EXPIRES, shouldTimeout",
        "KNOWS_NO_REST, shouldLockAtLeastFor",
        "KEEPS_WHAT_IS_GIVEN_BACK, shouldLockTwiceInARow"
    })
    void broken_leases_are_caught(WrongLeases broken, String test) {
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(ShedLockInMemoryTest.class, test))
                .configurationParameter(WrongLeases.PARAMETER, broken.name())
                .execute()
                .testEvents()
                .assertStatistics(run -> run.started(1).failed(1));
    }
}
