package dev.pawl.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.scan.ScanState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Walkers that end by SIGKILL in the middle of a lap, after the handling of a page and before its cursor has moved (S5, S6). */
class KilledWalkTest extends ProcessScene {
    private static final Duration LEASE = Duration.ofSeconds(1);

    @BeforeEach
    void fill() {
        sql().useHandle(handle -> {
            handle.createScript(WalkMain.TABLES).execute();
            handle.execute("insert into walking (id) select generate_series(1, 22)");
        });
    }

    @AfterEach
    void empty() {
        sql().useHandle(handle -> handle.execute("drop table walking, walked"));
    }

    @Test
    void where_the_cursor_moves_with_the_page_each_row_is_handled_once() throws Exception {
        killedInTheirSecondPages(true);

        assertThat(walkedMoreThanOnce()).isEmpty();
    }

    @Test
    void where_it_moves_after_the_page_a_killed_walker_repeats_that_page_and_no_other() throws Exception {
        killedInTheirSecondPages(false);

        assertThat(walkedMoreThanOnce()).containsExactly(6L, 7L, 8L, 9L, 10L, 11L, 12L, 13L, 14L, 15L);
        assertThat(count("select max(times) from (select count(*) as times from walked group by id) w"))
                .isEqualTo(2);
    }

    private void killedInTheirSecondPages(boolean transactional) throws Exception {
        killedAfterOnePage(transactional, 1, 6);
        killedAfterOnePage(transactional, 6, 11);
        try (JavaProcess last = WalkMain.start(url(), LEASE, transactional)) {
            for (long page : List.of(11L, 16L, 21L)) {
                last.awaitSaying(WalkMain.HANDLED + page);
                last.tell(WalkMain.GO_ON);
            }
            last.awaitSaying(WalkMain.WRAPPED);
        }
        assertThat(count("select count(distinct id) from walked")).isEqualTo(22);
        ScanState state = pawl().scans().find(WalkMain.SCAN).orElseThrow();
        assertThat(state.lastLapRows()).isEqualTo(22);
        assertThat(state.failed()).isEmpty();
    }

    private void killedAfterOnePage(boolean transactional, long first, long killedIn) throws Exception {
        try (JavaProcess walker = WalkMain.start(url(), LEASE, transactional)) {
            walker.awaitSaying(WalkMain.HANDLED + first);
            walker.tell(WalkMain.GO_ON);
            walker.awaitSaying(WalkMain.HANDLED + killedIn);
            walker.kill();
        }
    }

    private List<Long> walkedMoreThanOnce() {
        return sql().withHandle(
                        handle -> handle.select("select id from walked group by id having count(*) > 1 order by id")
                                .mapTo(Long.class)
                                .list());
    }
}
