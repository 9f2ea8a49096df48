package dev.pawl.testkit.scan;

import static dev.pawl.scan.KeyColumn.asc;
import static dev.pawl.scan.KeyColumn.desc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.Json;
import dev.pawl.Running;
import dev.pawl.scan.Page;
import dev.pawl.scan.Scan;
import dev.pawl.scan.ScanState;
import dev.pawl.scan.Walked;
import dev.pawl.scan.Walked.Stop;
import dev.pawl.store.RowSource;
import dev.pawl.store.Slice;
import dev.pawl.testkit.InMemoryJobStore;
import dev.pawl.testkit.Logged;
import dev.pawl.testkit.MemoryRows;
import dev.pawl.worker.ScanSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The lease of a walk, with real threads: kept, lost, given back; and who is interrupted when. */
@SuppressWarnings("try") // a scan works by being open
class WalksLeaseTest {
    private static final Duration LENGTH = Duration.ofMillis(600);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ScanSettings SETTINGS = ScanSettings.of("leased").withLease(LENGTH);

    private final InMemoryJobStore memory = InMemoryJobStore.create();
    private final WalksPawl pawl = WalksPawl.over(memory);
    private final WalksPawl other = WalksPawl.over(memory);
    private final Queue<Integer> seen = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        var unused = Thread.interrupted();
        pawl.close();
        other.close();
    }

    private static MemoryRows<Integer> rows() {
        return MemoryRows.of(() -> List.of(1, 2, 3, 4, 5))
                .by(asc("id"), id -> id)
                .pagesOf(2);
    }

    private interface Handling {
        void handle(Page<Integer> page) throws Exception;
    }

    private Scan scan(Handling first) {
        return pawl.scan(SETTINGS, rows(), page -> {
            if (page.rows().contains(1)) {
                first.handle(page);
            }
            seen.addAll(page.rows());
        });
    }

    private Scan others() {
        return other.scan(SETTINGS, rows(), page -> seen.addAll(page.rows()));
    }

    private ScanState state() {
        return other.scans().find("leased").orElseThrow();
    }

    private void storeGoesAway() {
        pawl.beforeRenewal(() -> {
            throw new IllegalStateException("no renewal");
        });
    }

    @Test
    void a_lease_is_renewed_for_as_long_as_a_page_is_handled() {
        Scan scan = scan(page -> {
            await().atMost(PATIENCE).until(() -> pawl.renewals() >= 6); // one at each third of its length, at most
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });

        assertThat(scan.lap()).isEqualTo(walked(3, 5, Stop.WRAPPED));
        assertThat(memory.leases().find(SETTINGS.leaseName())).isEmpty();
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
        assertThat(memory.leases().find(SETTINGS.leaseName())).as("given back").isEmpty();
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

    /** As the end of a scan's thread interrupts it, and its pool or its framework wraps that. */
    @Test
    void nor_is_an_interrupt_that_it_tells_of_in_its_own_way_when_its_pawl_is_closed() {
        IllegalStateException wrapped = new IllegalStateException(new InterruptedException("enough"));
        Scan scan = scan(page -> {
            pawl.close();
            throw wrapped;
        });

        assertThat(scan.lap()).isEqualTo(new Walked(0, 0, Stop.INTERRUPTED, Optional.of(wrapped)));

        assertThat(state().failed()).isEmpty();
    }

    @Test
    void but_what_fails_by_itself_when_its_pawl_is_closed_is_one() {
        Scan scan = scan(page -> {
            pawl.close();
            throw new IllegalStateException("by itself");
        });

        assertThat(scan.lap().stop()).isEqualTo(Stop.FAILED);

        assertThat(state().failed()).isPresent();
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

    private static void awaitInterrupt() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!Thread.currentThread().isInterrupted() && System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
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
                    .until(() -> memory.leases().find(SETTINGS.leaseName()).isEmpty());
        }
        assertThat(seen).as("the other's").containsExactly(1, 2, 3, 4, 5);
        assertThat(state().lap().number()).isEqualTo(2);
    }

    @Test
    void a_thread_that_is_interrupted_already_walks_nothing() {
        Thread.currentThread().interrupt();

        assertThat(scan(page -> {}).lap()).isEqualTo(walked(0, 0, Stop.INTERRUPTED));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(other.scans().find("leased")).isEmpty();
    }

    @Test
    void an_interrupt_of_the_callers_ends_the_walk_after_the_page_in_hand_and_is_there_after_it() {
        Scan scan = scan(page -> Thread.currentThread().interrupt());

        assertThat(scan.lap()).isEqualTo(walked(1, 2, Stop.INTERRUPTED));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(memory.leases().find(SETTINGS.leaseName())).as("given back").isEmpty();
        assertThat(others().lap()).isEqualTo(walked(2, 3, Stop.WRAPPED));
    }

    @Test
    void an_interrupted_handling_gives_the_lease_back_too() {
        Scan scan = scan(page -> {
            throw new InterruptedException();
        });

        assertThat(scan.lap()).isEqualTo(walked(0, 0, Stop.INTERRUPTED));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(memory.leases().find(SETTINGS.leaseName())).as("given back").isEmpty();
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
        try (Logged logged = Logged.by("dev.pawl.worker.Outage", "scan leased")) {
            assertThat(scan(page -> renewing.await()).page().stop()).isEqualTo(Stop.HAS_SUCCESSOR);
            cutShort.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            awaitNoThread("pawl-" + SETTINGS.leaseName() + "-lease");

            assertThat(logged.all()).isEmpty();
        }
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
        awaitNoThread("pawl-leased-scan");
        awaitNoThread("pawl-other-leader");
        assertThat(seen).isEmpty();
    }

    @Test
    void an_order_that_can_not_be_read_is_a_failure_like_that_of_a_page() {
        AtomicBoolean broken = new AtomicBoolean(true);
        Scan scan = pawl.scan(SETTINGS, Unreadable.over(rows(), broken), page -> seen.addAll(page.rows()));

        Walked walked = scan.lap();

        assertThat(walked.stop()).isEqualTo(Stop.FAILED);
        assertThat(walked.failure().orElseThrow()).hasMessage("no such table");
        assertThat(state().failed().orElseThrow().error()).contains("no such table");
        assertThat(state().failed().orElseThrow().bounds()).isEmpty();
        assertThat(scan.lap().stop()).as("before it is time").isEqualTo(Stop.WAITING);
        broken.set(false);
        memory.time().advance(Duration.ofHours(1));
        assertThat(scan.lap()).isEqualTo(walked(3, 5, Stop.WRAPPED));
        assertThat(state().keyset()).isEqualTo(rows().keyset());
    }

    @Test
    void an_order_that_can_not_be_read_in_the_middle_of_a_lap_leaves_the_lap_where_it_is() {
        AtomicBoolean broken = new AtomicBoolean();
        Scan scan = pawl.scan(
                SETTINGS.startingOverIfChanged(), Unreadable.over(rows(), broken), page -> seen.addAll(page.rows()));
        scan.page();
        broken.set(true);
        scan.lap();
        memory.time().advance(Duration.ofHours(1));
        scan.lap();
        assertThat(state().failed().orElseThrow().attempts()).isEqualTo(2);

        broken.set(false);
        memory.time().advance(Duration.ofHours(1));
        assertThat(scan.lap()).isEqualTo(walked(2, 3, Stop.WRAPPED));
        assertThat(seen).containsExactly(1, 2, 3, 4, 5);
    }

    /** Each try takes the lease, and a token, and only a deploy helps. */
    @Test
    void a_scan_whose_order_is_another_now_is_tried_less_and_less_often() {
        pawl.scan(
                        SETTINGS,
                        MemoryRows.of(() -> List.of(1, 2))
                                .by(desc("id"), id -> id)
                                .pagesOf(1),
                        page -> {})
                .page();
        AtomicInteger asked = new AtomicInteger();
        pawl.beforeAcquire(asked::incrementAndGet);
        long begin = System.nanoTime();

        try (Running scanning = scan(page -> {}).every(Duration.ofMillis(1))) {
            await().atMost(PATIENCE).until(() -> asked.get() >= 3);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .as("one second, then two")
                .isGreaterThanOrEqualTo(Duration.ofMillis(2_900));
        assertThat(seen).isEmpty();
    }

    @Test
    void a_scan_whose_order_can_not_be_read_is_not_tried_before_it_is_time() {
        AtomicBoolean broken = new AtomicBoolean(true);
        Unreadable rows = Unreadable.over(rows(), broken);
        Scan scan = pawl.scan(SETTINGS, rows, page -> seen.addAll(page.rows()));
        try (Running scanning = scan.every(Duration.ofMillis(1))) {
            await().atMost(PATIENCE)
                    .until(() -> other.scans()
                            .find("leased")
                            .flatMap(ScanState::failed)
                            .isPresent());
            await().during(Duration.ofMillis(2_500)).atMost(PATIENCE).until(() -> rows.looks.get() == 1);
        }
    }

    private record Unreadable(RowSource<Integer> real, AtomicBoolean broken, AtomicInteger looks)
            implements RowSource<Integer> {
        static Unreadable over(RowSource<Integer> real, AtomicBoolean broken) {
            return new Unreadable(real, broken, new AtomicInteger());
        }

        @Override
        public String keyset() {
            looks.incrementAndGet();
            if (broken.get()) {
                throw new IllegalStateException("no such table");
            }
            return real.keyset();
        }

        @Override
        public Optional<Json> lastKey() {
            return real.lastKey();
        }

        @Override
        public Slice<Integer> slice(Optional<Json> after, Json end) {
            return real.slice(after, end);
        }
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

    private static void awaitNoThread(String prefix) {
        await().atMost(PATIENCE)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith(prefix)));
    }

    private static Walked walked(int pages, long rows, Stop stop) {
        return new Walked(pages, rows, stop, Optional.empty());
    }
}
