package dev.pawl.testkit.scan;

import static dev.pawl.scan.KeyColumn.desc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.Json;
import dev.pawl.Running;
import dev.pawl.scan.Scan;
import dev.pawl.scan.ScanState;
import dev.pawl.scan.Walked;
import dev.pawl.scan.Walked.Stop;
import dev.pawl.store.RowSource;
import dev.pawl.store.Slice;
import dev.pawl.testkit.MemoryRows;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Scans whose order of keys can't be read, or is another now. */
@SuppressWarnings("try") // a scan works by being open
class UnreadOrdersTest extends WalkScene {
    @Test
    void an_order_that_can_not_be_read_is_a_failure_like_that_of_a_page() {
        AtomicBoolean broken = new AtomicBoolean(true);
        Scan scan = pawl.scan(settings, Unreadable.over(rows(), broken), page -> seen.addAll(page.rows()));

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
                settings.startingOverIfChanged(), Unreadable.over(rows(), broken), page -> seen.addAll(page.rows()));
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
                        settings,
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
        Scan scan = pawl.scan(settings, rows, page -> seen.addAll(page.rows()));
        try (Running scanning = scan.every(Duration.ofMillis(1))) {
            await().atMost(PATIENCE)
                    .until(() ->
                            other.scans().find(name).flatMap(ScanState::failed).isPresent());
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
}
