package dev.pawl.testkit.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.Running;
import dev.pawl.scan.Scan;
import dev.pawl.scan.Walked;
import dev.pawl.scan.Walked.Stop;
import dev.pawl.testkit.Logged;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The lease of a walk, with real threads: kept, lost, given back; and who is interrupted when. */
@SuppressWarnings("try") // a scan works by being open
class WalksLeaseTest extends WalkScene {
    private void storeGoesAway() {
        pawl.beforeRenewal(() -> {
            throw new IllegalStateException("no renewal");
        });
    }

    private static void awaitInterrupt() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!Thread.currentThread().isInterrupted() && System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void a_lease_is_renewed_for_as_long_as_a_page_is_handled() {
        Scan scan = scan(page -> {
            await().atMost(PATIENCE).until(() -> pawl.renewals() >= 6); // one at each third of its length, at most
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });

        assertThat(scan.lap()).isEqualTo(walked(3, 5, Stop.WRAPPED));
        assertThat(memory.leases().find(settings.leaseName())).isEmpty();
    }

    @Test
    void a_lost_lease_interrupts_the_handling_and_leaves_the_thread_as_it_was() {
        Scan scan = scan(page -> {
            storeGoesAway();
            new CountDownLatch(1).await();
        });

        assertThat(scan.lap()).isEqualTo(walked(0, 0, Stop.INTERRUPTED));

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(state().failed()).isEmpty();
        assertThat(memory.leases().find(settings.leaseName())).as("given back").isEmpty();
    }

    @Test
    void a_handling_that_fails_since_its_lease_is_lost_is_no_failure_of_the_page() {
        IllegalStateException gaveUp = new IllegalStateException("gave up");
        Scan scan = scan(page -> {
            storeGoesAway();
            awaitInterrupt();
            throw gaveUp;
        });

        assertThat(scan.lap()).isEqualTo(new Walked(0, 0, Stop.INTERRUPTED, Optional.of(gaveUp)));

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(state().failed()).isEmpty();
    }

    @Test
    void a_handling_that_heeds_no_interrupt_is_counted_where_nobody_else_walked() {
        Scan scan = scan(page -> {
            storeGoesAway();
            awaitInterrupt();
        });

        assertThat(scan.lap()).isEqualTo(walked(1, 2, Stop.INTERRUPTED));

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(others().lap()).isEqualTo(walked(2, 3, Stop.WRAPPED));
        assertThat(seen).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void who_is_superseded_before_the_scan_is_opened_is_told_like_everyone_who_lost_it() {
        pawl.afterAcquire(() -> {
            memory.time().advance(LENGTH);
            others().page();
        });

        assertThat(scan(page -> {}).lap()).isEqualTo(walked(0, 0, Stop.INTERRUPTED));
        assertThat(seen).as("the other's").containsExactly(1, 2);
    }

    /** Between its look at the scan and its lease. */
    @Test
    void a_lap_that_another_has_walked_meanwhile_is_not_walked_again() throws InterruptedException {
        CountDownLatch acquired = new CountDownLatch(1);
        pawl.beforeAcquire(() -> {
            pawl.beforeAcquire(() -> {});
            others().lap();
        });
        pawl.afterAcquire(acquired::countDown);
        try (Running scanning = scan(page -> {}).every(Duration.ofMinutes(5))) {
            acquired.await();
            await().atMost(PATIENCE)
                    .until(() -> memory.leases().find(settings.leaseName()).isEmpty());
        }
        assertThat(seen).as("the other's").containsExactly(1, 2, 3, 4, 5);
        assertThat(state().lap().number()).isEqualTo(2);
    }

    @Test
    void a_thread_that_is_interrupted_already_walks_nothing() {
        Thread.currentThread().interrupt();

        assertThat(scan(page -> {}).lap()).isEqualTo(walked(0, 0, Stop.INTERRUPTED));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(other.scans().find(name)).isEmpty();
    }

    @Test
    void an_interrupt_of_the_callers_ends_the_walk_after_the_page_in_hand_and_is_there_after_it() {
        Scan scan = scan(page -> Thread.currentThread().interrupt());

        assertThat(scan.lap()).isEqualTo(walked(1, 2, Stop.INTERRUPTED));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(memory.leases().find(settings.leaseName())).as("given back").isEmpty();
        assertThat(others().lap()).isEqualTo(walked(2, 3, Stop.WRAPPED));
    }

    @Test
    void an_interrupted_handling_gives_the_lease_back_too() {
        Scan scan = scan(page -> {
            throw new InterruptedException();
        });

        assertThat(scan.lap()).isEqualTo(walked(0, 0, Stop.INTERRUPTED));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(memory.leases().find(settings.leaseName())).as("given back").isEmpty();
    }

    /** The timer's threads are interrupted by the end of the walk. */
    @Test
    void a_renewal_that_the_end_of_the_walk_cuts_short_is_no_outage() throws Exception {
        CountDownLatch renewing = new CountDownLatch(1);
        CompletableFuture<Void> cutShort = new CompletableFuture<>();
        pawl.beforeRenewal(() -> {
            renewing.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
                cutShort.complete(null);
            }
        });
        try (Logged logged = Logged.by("dev.pawl.worker.Outage", "scan " + name)) {
            assertThat(scan(page -> renewing.await()).page().stop()).isEqualTo(Stop.HAS_SUCCESSOR);
            cutShort.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            awaitNoThread("pawl-" + settings.leaseName() + "-lease");

            assertThat(logged.all()).isEmpty();
        }
    }
}
