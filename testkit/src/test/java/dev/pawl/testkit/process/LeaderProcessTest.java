package dev.pawl.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.lease.Lease;
import dev.pawl.lease.Leases.Leader;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Leaders in processes of their own that die, or stand still. */
class LeaderProcessTest extends ProcessScene {
    private static final Duration LENGTH = Duration.ofSeconds(2);
    private static final Duration POLL = LENGTH.dividedBy(3);
    private static final Duration SLOW_MACHINE = Duration.ofSeconds(3);

    @Test
    void the_successor_of_a_killed_leader_leads_within_the_length_and_a_poll() throws Exception {
        // given: one that leads, and one that waits to
        try (JavaProcess killed = JavaProcess.start(LeaderMain.class, url(), LENGTH.toString())) {
            killed.awaitSaying(LeaderMain.LEADS);
            try (Leader successor =
                    pawl().leases().lead(LeaderMain.NAME, LENGTH, term -> new CountDownLatch(1).await())) {
                assertThat(successor.lease()).isEmpty();

                // when
                killed.kill();

                // then
                await().atMost(LENGTH.plus(POLL).plus(SLOW_MACHINE))
                        .until(() -> successor.lease().isPresent());
                assertThat(killed.said(LeaderMain.LEADS
                                + successor.lease().orElseThrow().token()))
                        .isEmpty();
            }
        }
    }

    @Test
    void a_thawed_leader_knows_before_it_asks_that_its_term_is_over() throws Exception {
        // given: one that freezes while it leads
        try (JavaProcess frozen = JavaProcess.start(LeaderMain.class, url(), LENGTH.toString())) {
            frozen.awaitSaying(LeaderMain.LEADS);
            frozen.freeze();
            try (Leader successor =
                    pawl().leases().lead(LeaderMain.NAME, LENGTH, term -> new CountDownLatch(1).await())) {
                await().atMost(LENGTH.plus(POLL).plus(SLOW_MACHINE))
                        .until(() -> successor.lease().isPresent());
                Lease present = successor.lease().orElseThrow();

                // when
                frozen.tell("look");
                frozen.thaw();

                // then
                assertThat(frozen.awaitSaying(LeaderMain.LOOKED)).isEqualTo("false");
                assertThat(frozen.awaitSaying(LeaderMain.OVER)).isEqualTo("false");
                assertThat(successor.lease().map(Lease::fence))
                        .as("the successor's")
                        .contains(present.fence());
            }
        }
    }
}
