package dev.pawl.testkit.lease;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.pawl.testkit.WrongLeases;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.testkit.engine.EngineTestKit;

/** That the tests of leaders fail over leases whose fences, or expiries, are broken. */
class LeaderBitesTest {
    @ParameterizedTest
    @CsvSource({
        "ACQUIRES_WHAT_IS_HELD, one_leads_until_it_closes_and_then_the_other",
        "FORGETS_THE_FENCE_OF_NAMES, a_term_that_is_taken_over_is_over_at_the_next_renewal",
        "NEVER_EXPIRES, a_term_that_is_taken_over_is_over_at_the_next_renewal",
        "TAKES_A_REPEAT_FOR_ANOTHERS, an_acquire_whose_answer_is_lost_has_the_lease_all_the_same",
        "KEEPS_WHAT_IS_GIVEN_BACK, a_duty_that_returns_resigns_and_gets_another_term"
    })
    void wrong_leases_are_caught(WrongLeases wrong, String test) {
        var events = EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(LeaderTest.class, test))
                .configurationParameter(WrongLeases.PARAMETER, wrong.name())
                .execute()
                .testEvents();

        events.assertStatistics(ran -> ran.started(1).failed(1));
    }
}
