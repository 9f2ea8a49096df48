package dev.pawl.testkit.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.scan.Scan;
import dev.pawl.scan.Walked;
import dev.pawl.scan.Walked.Stop;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What becomes of walks when their Pawl is closed. */
class ClosedWalksTest extends WalkScene {
    /** As the end of a scan's thread interrupts it, and its pool or its framework wraps that. */
    @Test
    void an_interrupt_that_a_handling_tells_of_in_its_own_way_is_no_failure_of_the_page() {
        IllegalStateException wrapped = new IllegalStateException(new InterruptedException("enough"));
        Scan scan = scan(page -> {
            pawl.close();
            throw wrapped;
        });

        assertThat(scan.lap()).isEqualTo(new Walked(0, 0, Stop.INTERRUPTED, Optional.of(wrapped)));

        assertThat(state().failed()).isEmpty();
    }

    @Test
    void what_fails_by_itself_is_one_all_the_same() {
        Scan scan = scan(page -> {
            pawl.close();
            throw new IllegalStateException("by itself");
        });

        assertThat(scan.lap().stop()).isEqualTo(Stop.FAILED);

        assertThat(state().failed()).isPresent();
    }

    @Test
    void a_pawl_that_is_closed_in_the_middle_of_a_lap_ends_it_after_the_page_in_hand() throws Exception {
        CountDownLatch handling = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Scan scan = scan(page -> {
            handling.countDown();
            goOn.await();
        });
        scan.every(Duration.ofMinutes(5));
        handling.await();

        Thread closer = new Thread(pawl::close);
        closer.start();
        await().atMost(PATIENCE).until(() -> closer.getState() == Thread.State.TIMED_WAITING); // for the page in hand
        goOn.countDown();
        closer.join(PATIENCE.toMillis());

        assertThat(seen).containsExactly(1, 2);
        assertThat(others().lap()).as("at the cursor, at once").isEqualTo(walked(2, 3, Stop.WRAPPED));
        assertThat(seen).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void a_walk_in_a_thread_of_the_callers_ends_with_its_pawl_too() throws Exception {
        CountDownLatch handling = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Scan scan = scan(page -> {
            handling.countDown();
            goOn.await();
        });
        CompletableFuture<Walked> walked = CompletableFuture.supplyAsync(scan::lap);
        handling.await();
        pawl.close();
        goOn.countDown();

        assertThat(ended(walked)).isEqualTo(walked(1, 2, Stop.INTERRUPTED));
        assertThat(others().lap()).as("at the cursor, at once").isEqualTo(walked(2, 3, Stop.WRAPPED));
    }

    @Test
    void nothing_begins_once_the_closing_of_its_pawl_has_begun() throws Exception {
        Scan scan = scan(page -> {});
        AtomicReference<Throwable> everyRefused = new AtomicReference<>();
        AtomicReference<Throwable> leadRefused = new AtomicReference<>();
        CountDownLatch leading = new CountDownLatch(1);
        pawl.leases().lead("closing", Duration.ofMinutes(5), term -> {
            leading.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException closing) {
                everyRefused.set(refusal(() -> scan.every(Duration.ofMinutes(5))));
                leadRefused.set(refusal(() -> pawl.leases().lead("other", LENGTH, never -> {})));
            }
        });
        leading.await();

        pawl.close();

        assertThat(everyRefused.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        assertThat(leadRefused.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        awaitNoThread("pawl-" + name + "-scan");
        awaitNoThread("pawl-other-leader");
        assertThat(seen).isEmpty();
    }

    private static Throwable refusal(Runnable start) {
        try {
            start.run();
            return new AssertionError("it was started");
        } catch (RuntimeException refused) {
            return refused;
        }
    }

    private static <T> T ended(CompletableFuture<T> future)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
