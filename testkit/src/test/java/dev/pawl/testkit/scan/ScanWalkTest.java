package dev.pawl.testkit.scan;

import static dev.pawl.scan.KeyColumn.asc;
import static dev.pawl.scan.KeyColumn.desc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.Actor;
import dev.pawl.job.RetryPolicy;
import dev.pawl.scan.FailedPage;
import dev.pawl.scan.KeysetChangedException;
import dev.pawl.scan.Scan;
import dev.pawl.scan.ScanState;
import dev.pawl.scan.Walked;
import dev.pawl.scan.Walked.Stop;
import dev.pawl.store.StoreException;
import dev.pawl.testkit.InMemoryPawl;
import dev.pawl.testkit.MemoryRows;
import dev.pawl.testkit.MemoryScan;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What stops a walk, and how the next one goes on. */
class ScanWalkTest {
    private static final RetryPolicy TWICE = RetryPolicy.exponential(Duration.ofSeconds(10), Duration.ofMinutes(1))
            .attempts(2);

    private final InMemoryPawl pawl = InMemoryPawl.create();
    private final SortedSet<Integer> table = new TreeSet<>(List.of(1, 2, 3, 4, 5));
    private final List<Integer> seen = new ArrayList<>();

    @AfterEach
    void close() {
        pawl.close();
    }

    private MemoryRows<Integer> rows() {
        return MemoryRows.of(() -> List.copyOf(table)).by(asc("id"), id -> id).pagesOf(2);
    }

    private MemoryScan<Integer> scan() {
        return pawl.scan("numbers", rows()).retry(TWICE);
    }

    private Scan seeing() {
        return scan().atLeastOnce(page -> seen.addAll(page.rows()));
    }

    private ScanState state() {
        return pawl.scans().find("numbers").orElseThrow();
    }

    @Test
    void a_walk_of_one_page_stops_after_it_and_the_next_goes_on_there() {
        Scan scan = seeing();

        assertThat(scan.page()).isEqualTo(walked(1, 2, Stop.HAS_SUCCESSOR));
        assertThat(scan.page()).isEqualTo(walked(1, 2, Stop.HAS_SUCCESSOR));
        assertThat(scan.page()).isEqualTo(walked(1, 1, Stop.WRAPPED));
        assertThat(seen).containsExactly(1, 2, 3, 4, 5);
        assertThat(state().lastLapRows()).isEqualTo(5);
        assertThat(state().lap().number()).isEqualTo(2);
    }

    @Test
    void a_range_without_rows_is_one_empty_lap() {
        table.clear();

        assertThat(seeing().lap()).isEqualTo(walked(0, 0, Stop.WRAPPED));
        assertThat(state().lap().number()).isEqualTo(2);
    }

    @Test
    void rows_that_all_go_away_during_the_lap_end_it() {
        Scan scan = scan().atLeastOnce(page -> {
            seen.addAll(page.rows());
            table.clear();
        });

        assertThat(scan.lap()).isEqualTo(walked(1, 2, Stop.WRAPPED));
    }

    @Test
    void a_stream_of_new_rows_cannot_keep_a_lap_from_its_end() {
        Scan scan = scan().atLeastOnce(page -> {
            seen.addAll(page.rows());
            table.add(table.last() + 1);
            table.add(table.last() + 1);
        });

        assertThat(scan.lap()).isEqualTo(walked(3, 5, Stop.WRAPPED));
        assertThat(seen).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void while_one_walks_another_finds_it_taken() {
        List<Walked> others = new ArrayList<>();
        Scan scan = scan().atLeastOnce(page -> others.add(seeing().lap()));

        assertThat(scan.lap().stop()).isEqualTo(Stop.WRAPPED);
        assertThat(others).hasSize(3).containsOnly(walked(0, 0, Stop.TAKEN));
        assertThat(seen).isEmpty();
        assertThat(seeing().lap().stop()).isEqualTo(Stop.WRAPPED);
    }

    @Test
    void a_page_that_fails_is_tried_again_at_its_time_and_not_before() {
        AtomicInteger tries = new AtomicInteger();
        List<Integer> attempts = new ArrayList<>();
        Scan scan = scan().atLeastOnce(page -> {
            attempts.add(page.attempt());
            if (page.rows().contains(3) && tries.incrementAndGet() == 1) {
                throw new IOException("the disk");
            }
            seen.addAll(page.rows());
        });

        Walked failed = scan.lap();
        assertThat(failed.stop()).isEqualTo(Stop.FAILED);
        assertThat(failed.pages()).isEqualTo(1);
        assertThat(failed.failure().orElseThrow()).hasMessage("the disk");
        FailedPage page = state().failed().orElseThrow();
        assertThat(page.failing()).isFalse();
        assertThat(page.error()).isEqualTo("java.io.IOException: the disk");
        if (page.retryAt().isAfter(pawl.time().now())) {
            assertThat(scan.lap()).isEqualTo(walked(0, 0, Stop.WAITING));
        }
        pawl.time().advance(Duration.ofSeconds(10));
        assertThat(scan.lap()).isEqualTo(walked(2, 3, Stop.WRAPPED));
        assertThat(seen).containsExactly(1, 2, 3, 4, 5);
        assertThat(attempts).containsExactly(1, 1, 2, 1);
        assertThat(state().failed()).isEmpty();
    }

    @Test
    void a_page_that_keeps_failing_counts_as_failing_and_is_still_tried_at_the_longest_delay() {
        Scan scan = scan().atLeastOnce(page -> {
            throw new IOException("the disk");
        });
        scan.lap();
        pawl.time().advance(Duration.ofSeconds(10));
        scan.lap();

        FailedPage page = state().failed().orElseThrow();
        assertThat(page.failing()).isTrue();
        assertThat(page.attempts()).isEqualTo(2);
        assertThat(page.retryAt()).isEqualTo(pawl.time().now().plus(Duration.ofMinutes(1)));
        assertThat(scan.lap()).isEqualTo(walked(0, 0, Stop.WAITING));
        pawl.time().advance(Duration.ofMinutes(1));
        assertThat(seeing().lap()).isEqualTo(walked(3, 5, Stop.WRAPPED));
    }

    @Test
    void a_page_whose_rows_cannot_be_read_fails_without_bounds_and_cannot_be_skipped() {
        MemoryRows<Integer> broken = MemoryRows.of(() -> List.copyOf(table))
                .by(asc("id"), id -> {
                    throw new IllegalStateException("no such column");
                })
                .pagesOf(2);

        assertThat(pawl.scan("numbers", broken).atLeastOnce(page -> {}).lap().stop())
                .isEqualTo(Stop.FAILED);
        FailedPage page = state().failed().orElseThrow();
        assertThat(page.bounds()).isEmpty();
        assertThatThrownBy(() -> pawl.scans().skip(page, Actor.SYSTEM)).hasMessageContaining("could not be read");
    }

    @Test
    void who_walks_while_its_page_is_skipped_has_its_move_refused() {
        Scan failing = scan().atLeastOnce(page -> {
            throw new IOException("the disk");
        });
        failing.lap();
        FailedPage page = state().failed().orElseThrow();
        pawl.time().advance(Duration.ofSeconds(10));
        Scan slow = scan().atLeastOnce(again -> {
            if (page.bounds().orElseThrow().rows() == again.rows().size() && seen.isEmpty()) {
                pawl.scans().skip(page, Actor.user("ann"));
            }
            seen.addAll(again.rows());
        });

        assertThat(slow.lap()).isEqualTo(walked(0, 0, Stop.INTERRUPTED));
        assertThat(slow.lap()).isEqualTo(walked(2, 3, Stop.WRAPPED));
        assertThat(seen).containsExactly(1, 2, 3, 4, 5);
        assertThat(pawl.scans().skipped("numbers")).hasSize(1);
    }

    @Test
    void who_is_replaced_in_the_middle_of_a_page_leaves_nothing_of_it() {
        Scan next = seeing();
        AtomicInteger pages = new AtomicInteger();
        Scan slow = scan().inTransaction((page, transaction) -> {
            if (pages.incrementAndGet() == 2) { // it sleeps for longer than its lease, and another takes over
                pawl.time().advance(Duration.ofSeconds(31));
                assertThat(next.page()).isEqualTo(walked(1, 2, Stop.HAS_SUCCESSOR));
            }
        });

        assertThat(slow.lap()).isEqualTo(walked(1, 2, Stop.INTERRUPTED));
        assertThat(seen).containsExactly(3, 4);
        assertThat(next.lap()).isEqualTo(walked(1, 1, Stop.WRAPPED));
        assertThat(seen).containsExactly(3, 4, 5);
    }

    @Test
    void a_store_that_cannot_be_reached_is_no_pages_fault() {
        Scan scan = scan().atLeastOnce(page -> {
            throw new StoreException(StoreException.Kind.UNREACHABLE, "no connection", new IOException("gone"));
        });

        assertThatThrownBy(scan::lap).isInstanceOf(StoreException.class);
        assertThat(state().failed()).isEmpty();
        assertThat(seeing().lap()).isEqualTo(walked(3, 5, Stop.WRAPPED)); // the lease was given back
    }

    @Test
    void an_interrupted_handling_is_no_failure() {
        Scan scan = scan().atLeastOnce(page -> {
            throw new InterruptedException();
        });

        assertThat(scan.lap()).isEqualTo(walked(0, 0, Stop.INTERRUPTED));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(state().failed()).isEmpty();
    }

    @Test
    void another_order_of_keys_is_refused_or_begins_a_new_lap() {
        seeing().page();
        MemoryScan<Integer> turned = pawl.scan(
                "numbers",
                MemoryRows.of(() -> List.copyOf(table)).by(desc("id"), id -> id).pagesOf(2));

        assertThatThrownBy(() -> turned.atLeastOnce(page -> {}).lap())
                .isInstanceOf(KeysetChangedException.class)
                .hasMessageContaining("scan numbers is stored with the keys (id ")
                .hasMessageContaining("asc nulls last)")
                .hasMessageContaining("desc nulls first)");
        assertThat(turned.startingOverIfChanged()
                        .atLeastOnce(page -> seen.addAll(page.rows()))
                        .lap()
                        .rows())
                .isEqualTo(5);
        assertThat(seen).containsExactly(1, 2, 5, 4, 3, 2, 1);
        assertThat(state().lap().number()).isEqualTo(3);
    }

    private static Walked walked(int pages, long rows, Stop stop) {
        return new Walked(pages, rows, stop, Optional.empty());
    }
}
