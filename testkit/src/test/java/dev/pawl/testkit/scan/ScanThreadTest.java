package dev.pawl.testkit.scan;

import static dev.pawl.scan.KeyColumn.asc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pawl.Running;
import dev.pawl.job.RetryPolicy;
import dev.pawl.scan.Page;
import dev.pawl.scan.Scan;
import dev.pawl.testkit.InMemoryPawl;
import dev.pawl.testkit.MemoryRows;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Scans that run by themselves: when laps begin, and how they end. */
@SuppressWarnings("try") // a scan works by being open
class ScanThreadTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration INTERVAL = Duration.ofMinutes(5);
    private static final Duration REST = Duration.ofSeconds(1);

    private final InMemoryPawl pawl = InMemoryPawl.create();
    private final SortedSet<Integer> table = new ConcurrentSkipListSet<>(List.of(1, 2, 3));
    private final Queue<Integer> seen = new ConcurrentLinkedQueue<>();
    private final AtomicInteger looks = new AtomicInteger();

    @AfterEach
    void close() {
        pawl.close();
    }

    interface Handling {
        void handle(Page<Integer> page) throws Exception;
    }

    private Scan scan(Handling handling) {
        MemoryRows<Integer> rows = MemoryRows.of(() -> {
                    looks.incrementAndGet();
                    return List.copyOf(table);
                })
                .by(asc("id"), id -> id)
                .pagesOf(2);
        return pawl.scan("numbers", rows)
                .retry(RetryPolicy.exponential(Duration.ofSeconds(1), Duration.ofMinutes(1)))
                .atLeastOnce(handling::handle);
    }

    private void awaitLap(long number) {
        await().atMost(SOON)
                .until(() -> pawl.scans()
                        .find("numbers")
                        .filter(state ->
                                state.lap().number() == number && !state.lap().hasBegun())
                        .isPresent());
    }

    @Test
    void the_first_lap_begins_at_once_and_the_next_when_the_interval_is_over() {
        try (Running scanning = scan(page -> seen.addAll(page.rows())).every(INTERVAL)) {
            awaitLap(2);
            pawl.time().advance(INTERVAL.minusMillis(1));
            await().during(Duration.ofMillis(1_500)).atMost(SOON).until(() -> seen.size() == 3);
            pawl.time().advance(Duration.ofMillis(1));
            awaitLap(3);
        }
        assertThat(seen).containsExactly(1, 2, 3, 1, 2, 3);
    }

    @Test
    void an_empty_range_does_not_spin() {
        table.clear();
        try (Running scanning = scan(page -> seen.addAll(page.rows())).every(INTERVAL)) {
            for (int lap = 1; lap <= 3; lap++) {
                awaitLap(lap + 1);
                assertThat(looks.get()).as("one for each lap").isEqualTo(lap);
                pawl.time().advance(INTERVAL.minusMillis(1));
                pawl.time().advance(Duration.ofMillis(lap == 3 ? 0 : 1));
            }
            // longer than two polls, at each of which it could begin
            await().during(Duration.ofMillis(2_500)).atMost(SOON).until(() -> looks.get() == 3);
        }
        assertThat(pawl.scans().find("numbers").orElseThrow().lap().number()).isEqualTo(4);
    }

    @Test
    void a_nudge_begins_a_lap_at_once() {
        try (Running scanning = scan(page -> seen.addAll(page.rows())).every(INTERVAL)) {
            awaitLap(2);
            pawl.time().advance(REST);
            table.add(4);
            assertThat(pawl.scans().nudge("numbers")).isTrue();
            awaitLap(3);
        }
        assertThat(seen).containsExactly(1, 2, 3, 1, 2, 3, 4);
        assertThat(pawl.scans().nudge("unknown")).isFalse();
    }

    /** It looks once a second, from the end of a lap on, so that a nudge soon after that end would wait for nearly as long. */
    @Test
    void a_nudge_here_is_not_left_to_the_next_look() {
        int quick = 0;
        try (Running scanning = scan(page -> seen.addAll(page.rows())).every(INTERVAL)) {
            awaitLap(2);
            for (int lap = 3; quick < 5; lap++) {
                assertThat(lap).as("laps, of which %d came at once", quick).isLessThan(40);
                pawl.time().advance(REST);
                long nudged = System.nanoTime();
                pawl.scans().nudge("numbers");
                awaitLap(lap);
                quick += System.nanoTime() - nudged < Duration.ofMillis(500).toNanos() ? 1 : 0;
            }
        }
    }

    @Test
    void a_nudge_during_a_lap_makes_another_lap_follow_it() {
        AtomicBoolean first = new AtomicBoolean(true);
        Scan scan = scan(page -> {
            seen.addAll(page.rows());
            if (page.rows().contains(3) && first.getAndSet(false)) {
                table.add(0); // behind the cursor
                pawl.scans().nudge("numbers");
            }
        });
        try (Running scanning = scan.every(INTERVAL)) {
            awaitLap(2);
            pawl.time().advance(REST);
            awaitLap(3);
        }
        assertThat(seen).containsExactly(1, 2, 3, 0, 1, 2, 3);
    }

    @Test
    void however_often_it_is_nudged_a_scan_rests_between_its_laps() {
        AtomicInteger laps = new AtomicInteger();
        Scan scan = scan(page -> {
            if (page.rows().contains(3)) {
                laps.incrementAndGet();
                pawl.scans().nudge("numbers"); // each lap leaves one behind
            }
        });
        try (Running scanning = scan.every(INTERVAL)) {
            awaitLap(2);
            for (int i = 0; i < 100; i++) {
                pawl.scans().nudge("numbers");
            }
            pawl.time().advance(REST.minusMillis(1));
            await().during(Duration.ofMillis(2_500)).atMost(SOON).until(() -> laps.get() == 1);
            pawl.time().advance(Duration.ofMillis(1));
            awaitLap(3);
        }
        assertThat(laps.get()).isEqualTo(2);
    }

    @Test
    void a_scan_whose_interval_is_shorter_than_that_rest_keeps_to_its_interval() {
        try (Running scanning = scan(page -> seen.addAll(page.rows())).every(Duration.ofMillis(10))) {
            awaitLap(2);
            pawl.scans().nudge("numbers");
            pawl.time().advance(Duration.ofMillis(10));
            awaitLap(3);
        }
    }

    @Test
    void a_page_that_failed_is_tried_again_when_it_is_time() {
        AtomicBoolean first = new AtomicBoolean(true);
        Scan scan = scan(page -> {
            if (first.getAndSet(false)) {
                throw new IOException("the disk");
            }
            seen.addAll(page.rows());
        });
        try (Running scanning = scan.every(INTERVAL)) {
            await().atMost(SOON).until(() -> !first.get());
            pawl.time().advance(Duration.ofSeconds(1));
            awaitLap(2);
        }
        assertThat(seen).containsExactly(1, 2, 3);
    }

    @Test
    void of_several_on_one_scan_each_lap_has_one() {
        Scan scan = scan(page -> seen.addAll(page.rows()));
        try (Running one = scan.every(INTERVAL);
                Running other = scan.every(INTERVAL);
                Running third = scan.every(INTERVAL)) {
            awaitLap(2);
            pawl.time().advance(INTERVAL);
            awaitLap(3);
        }
        assertThat(seen).containsExactly(1, 2, 3, 1, 2, 3);
    }

    @Test
    void closing_waits_for_the_page_in_hand_and_leaves_the_rest() throws InterruptedException {
        CountDownLatch handling = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        Running scanning = scan(page -> {
                    handling.countDown();
                    closing.await();
                    seen.addAll(page.rows());
                })
                .every(INTERVAL);
        handling.await();
        Thread closer = new Thread(scanning::close);
        closer.start();
        await().atMost(SOON).until(() -> closer.getState() == Thread.State.TIMED_WAITING);
        closing.countDown();
        closer.join(SOON.toMillis());

        assertThat(seen).containsExactly(1, 2);
        assertThat(scan(page -> seen.addAll(page.rows())).lap().wrapped()).isTrue();
        assertThat(seen).containsExactly(1, 2, 3);
    }

    @Test
    void a_handling_may_end_its_own_scan() throws InterruptedException {
        AtomicReference<Running> scanning = new AtomicReference<>();
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch started = new CountDownLatch(1);
        scanning.set(scan(page -> {
                    started.await();
                    seen.addAll(page.rows());
                    scanning.get().close();
                    interrupted.set(Thread.currentThread().isInterrupted());
                })
                .every(INTERVAL));
        started.countDown();

        await().atMost(SOON)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("pawl-numbers-scan")));
        assertThat(seen).containsExactly(1, 2);
        assertThat(interrupted).as("as who waited for himself in vain").isFalse();
    }

    @Test
    void the_end_of_pawl_is_the_end_of_its_scans() {
        Scan scan = scan(page -> seen.addAll(page.rows()));
        scan.every(INTERVAL);
        awaitLap(2);
        pawl.close();

        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("pawl-numbers-scan"));
        assertThatThrownBy(scan::lap).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        assertThatThrownBy(() -> scan.every(INTERVAL)).isInstanceOf(IllegalStateException.class);
    }
}
