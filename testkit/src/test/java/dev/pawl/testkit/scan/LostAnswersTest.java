package dev.pawl.testkit.scan;

import static dev.pawl.scan.KeyColumn.asc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pawl.Actor;
import dev.pawl.job.RetryPolicy;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.RefusedException;
import dev.pawl.scan.FailedPage;
import dev.pawl.scan.Scan;
import dev.pawl.scan.ScanState;
import dev.pawl.scan.Walked.Stop;
import dev.pawl.store.StoreException;
import dev.pawl.testkit.Faults;
import dev.pawl.testkit.InMemoryPawl;
import dev.pawl.testkit.MemoryRows;
import dev.pawl.testkit.MemoryScan;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Walks whose store loses answers, is away, or busy: what is handled again, and what is told. */
class LostAnswersTest {
    private static final int TRIES = 5;

    private final InMemoryPawl pawl = InMemoryPawl.create();
    private final Faults faults = pawl.faults().ofScans();
    private final List<Integer> seen = new ArrayList<>();

    private MemoryScan<Integer> scan() {
        return pawl.scan(
                        "numbers",
                        MemoryRows.of(() -> List.of(1, 2, 3, 4, 5))
                                .by(asc("id"), id -> id)
                                .pagesOf(2))
                .retry(RetryPolicy.exponential(Duration.ofSeconds(10), Duration.ofMinutes(1)));
    }

    /** Faults are for the move of the cursor beyond the first page. */
    private Scan with(Runnable firstMove) {
        return scan().atLeastOnce(page -> {
            if (page.rows().contains(1) && !seen.contains(1)) {
                firstMove.run();
            }
            seen.addAll(page.rows());
        });
    }

    private static void times(int count, Runnable fault) {
        for (int i = 0; i < count; i++) {
            fault.run();
        }
    }

    private ScanState state() {
        return pawl.scans().find("numbers").orElseThrow();
    }

    @Test
    void a_move_whose_answer_is_lost_is_asked_for_again_and_no_page_is_handled_twice() {
        assertThat(with(faults::failAfterCommit).lap().stop()).isEqualTo(Stop.WRAPPED);
        assertThat(seen).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void a_move_is_asked_for_again_while_the_store_is_away_or_busy() {
        Scan scan = with(() -> {
            faults.failBeforeCommit();
            faults.busy();
        });

        assertThat(scan.lap().stop()).isEqualTo(Stop.WRAPPED);
        assertThat(seen).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void a_move_whose_answer_was_lost_is_never_told_as_not_written() {
        Scan scan = with(() -> {
            faults.failAfterCommit();
            times(TRIES - 1, faults::failBeforeCommit);
        });

        StoreException unknown = catchThrowableOfType(StoreException.class, scan::lap);

        assertThat(unknown.mayHaveHappened()).isTrue();
        assertThat(unknown).hasMessageContaining("not known whether this happened: Move of scan numbers");
        assertThat(scan.lap().stop()).as("from where it was written").isEqualTo(Stop.WRAPPED);
        assertThat(seen).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void nor_where_the_row_is_busy_after_that_or_the_store_refuses_to_say() {
        for (Runnable then : List.<Runnable>of(() -> times(TRIES - 1, faults::busy), faults::reject)) {
            seen.clear();
            Scan scan = with(() -> {
                faults.failAfterCommit();
                then.run();
            });

            assertThatThrownBy(scan::lap)
                    .isInstanceOfSatisfying(
                            StoreException.class,
                            unknown -> assertThat(unknown.mayHaveHappened()).isTrue());
            scan.lap();
            assertThat(seen).containsExactly(1, 2, 3, 4, 5);
            assertThat(state().failed()).isEmpty();
        }
    }

    @Test
    void what_was_certainly_not_written_is_told_so() {
        assertThatThrownBy(with(() -> times(TRIES, faults::failBeforeCommit))::lap)
                .isInstanceOfSatisfying(
                        StoreException.class,
                        away -> assertThat(away.mayHaveHappened()).isFalse());
        seen.clear();
        assertThatThrownBy(with(() -> times(TRIES, faults::busy))::lap).isInstanceOf(BusyException.class);
        assertThat(state().lap().cursor()).isEmpty();
    }

    @Test
    void a_commit_whose_answer_is_lost_is_not_made_twice() {
        Scan scan = scan().inTransaction((page, transaction) -> {
            seen.addAll(page.rows());
            if (page.rows().contains(3)) {
                faults.failAfterCommit();
            }
        });

        assertThatThrownBy(scan::lap).isInstanceOf(StoreException.class);
        assertThat(scan.lap().stop()).isEqualTo(Stop.WRAPPED);
        assertThat(seen).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void a_commit_that_fails_leaves_the_page_to_the_next_walk() {
        List<Integer> tries = new ArrayList<>();
        Scan scan = scan().inTransaction((page, transaction) -> {
            tries.addAll(page.rows());
            if (tries.size() == 2) {
                faults.failBeforeCommit();
            }
        });

        assertThatThrownBy(scan::lap).isInstanceOf(StoreException.class);
        assertThat(scan.lap().stop()).isEqualTo(Stop.WRAPPED);
        assertThat(tries).containsExactly(1, 2, 1, 2, 3, 4, 5);
    }

    private Scan failing(Runnable ofTheRecord) {
        return scan().atLeastOnce(page -> {
            ofTheRecord.run();
            throw new IOException("the disk");
        });
    }

    @Test
    void the_record_of_a_failure_is_made_again_where_it_was_not_made() {
        assertThat(failing(() -> {
                            faults.busy();
                            faults.failBeforeCommit();
                        })
                        .lap()
                        .stop())
                .isEqualTo(Stop.FAILED);
        assertThat(state().failed().orElseThrow().attempts()).isEqualTo(1);
    }

    @Test
    void the_record_of_a_failure_counts_once_also_where_its_answer_is_lost() {
        assertThatThrownBy(failing(faults::failAfterCommit)::lap).isInstanceOf(StoreException.class);

        assertThat(state().failed().orElseThrow().attempts()).isEqualTo(1);
    }

    @Test
    void a_failure_that_can_not_be_recorded_is_told_with_the_reason() {
        for (Runnable fault :
                List.<Runnable>of(() -> times(TRIES, faults::failBeforeCommit), () -> times(TRIES, faults::busy))) {
            assertThatThrownBy(failing(fault)::lap)
                    .satisfies(told -> assertThat(told.getSuppressed())
                            .singleElement()
                            .isInstanceOfSatisfying(
                                    IOException.class, disk -> assertThat(disk).hasMessage("the disk")));
        }
        assertThat(state().failed()).isEmpty();
    }

    @Test
    void a_skip_may_be_repeated_by_who_made_it() {
        failing(() -> {}).lap();
        FailedPage page = state().failed().orElseThrow();
        Actor ann = Actor.user("ann");
        faults.failAfterCommit();

        pawl.scans().skip(page, ann);
        scan().atLeastOnce(rows -> {}).page(); // somebody goes on
        pawl.scans().skip(page, ann);

        assertThat(pawl.scans().skipped("numbers")).hasSize(1);
        assertThatThrownBy(() -> pawl.scans().skip(page, Actor.user("bob")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("has moved on since");
    }

    @Test
    void a_nudge_waits_a_little_for_whoever_has_the_row() {
        scan().atLeastOnce(page -> {}).lap();
        times(TRIES - 1, faults::busy);

        assertThat(pawl.scans().nudge("numbers")).isTrue();

        assertThat(state().nudgedAt()).isPresent();
        times(TRIES, faults::busy);
        assertThatThrownBy(() -> pawl.scans().nudge("numbers")).isInstanceOf(BusyException.class);
    }

    @Test
    void a_lease_whose_acquisition_was_lost_is_never_told_as_not_taken() {
        faults.ofLeases().failAfterCommit();
        faults.ofLeases().failBeforeCommit();

        assertThatThrownBy(() -> pawl.leases().acquire("digest", Duration.ofMinutes(1)))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        unknown -> assertThat(unknown.mayHaveHappened()).isTrue())
                .hasMessageContaining("not known whether this happened: acquire lease 'digest'");
        assertThat(pawl.leases().find("digest")).isPresent();
    }
}
