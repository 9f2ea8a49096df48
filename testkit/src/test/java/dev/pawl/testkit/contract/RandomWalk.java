package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.scan.Page;
import dev.pawl.scan.Scan;
import dev.pawl.scan.Walked;
import dev.pawl.testkit.TestTime;
import dev.pawl.testkit.contract.ScannedRows.Row;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;

/**
 * Two processes with one scan, over a table that changes while they walk. The handling of a page fails, or dies, or lasts until its
 * lease is over and the other process has gone on.
 */
final class RandomWalk {
    /** Longer than a lease, and than the delay of a retry. */
    private static final Duration LATER = Duration.ofHours(2);

    private final Random random;
    private final TestTime time;
    private final RandomTable table;
    private final List<Scan> processes;
    private final boolean transactional;

    /** Of the page that is handled now: its rows, once it was handled to the end. */
    private List<Row> pending = List.of();

    /** Whether it is known to the table already that they may come again. */
    private boolean counted;

    /** Whether another has opened the scan since the page that is handled now was read. */
    private boolean replaced;

    /** Whether who walks now dies at its page. */
    private boolean dying;

    private long lap;
    private int laps;
    private int depth;

    /** A process's end. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** A page's failure; without a trace, since there are many. */
    private static final class Failed extends Exception {
        private static final long serialVersionUID = 1L;

        Failed(String when) {
            super("this page fails " + when + " it was handled", null, false, false);
        }
    }

    /**
     * How to walk the table.
     *
     * @param transactional whether the cursor moves in the transaction of the handling, or after it
     * @param scans make a process's scan, given how it handles a page
     */
    RandomWalk(
            long seed,
            ScannedRows rows,
            TestTime time,
            boolean transactional,
            BiFunction<Random, Handling, Scan> scans) {
        this.random = new Random(seed);
        this.time = time;
        this.transactional = transactional;
        this.table = new RandomTable(random, rows);
        long shape = random.nextLong();
        this.processes =
                List.of(scans.apply(new Random(shape), this::handle), scans.apply(new Random(shape), this::handle));
    }

    /** What a process does with a page. */
    @FunctionalInterface
    interface Handling {
        void handle(Page<Row> page) throws Exception;
    }

    /** How many laps ended, and were checked. */
    int run(int steps) {
        for (int i = 0; i < steps; i++) {
            if (random.nextInt(3) == 0) {
                table.change();
            } else {
                walk(processes.get(random.nextInt(2)));
            }
        }
        return laps;
    }

    private void walk(Scan scan) {
        List<Row> outer = pending;
        boolean outerCounted = counted;
        boolean outerReplaced = replaced;
        boolean opened = true;
        pending = List.of();
        counted = false;
        replaced = false;
        try {
            Walked walked = scan.page();
            opened = walked.stop() != Walked.Stop.TAKEN && walked.stop() != Walked.Stop.INTERRUPTED; // before it, maybe
            switch (walked.stop()) {
                case HAS_SUCCESSOR, WRAPPED -> moved(walked);
                case WAITING, TAKEN -> time.advance(LATER);
                case FAILED, INTERRUPTED -> left();
            }
        } catch (Killed killed) {
            left();
        } finally {
            pending = outer;
            counted = outerCounted;
            replaced = outerReplaced || opened;
        }
    }

    private void moved(Walked walked) {
        assertThat(replaced)
                .as("whether a walker moved the cursor after another had opened the scan (S1)")
                .isFalse();
        assertThat(walked.rows()).isEqualTo(pending.size());
        if (transactional) {
            table.handled(pending);
        }
        if (walked.wrapped()) {
            laps++;
            if (lap != 0) {
                table.lapEnds();
            }
            lap = 0;
        }
    }

    /** Without a move of the cursor. */
    private void left() {
        if (!transactional && !counted) {
            table.crashed(pending);
        }
    }

    private void handle(Page<Row> page) throws Exception {
        if (page.lap() != lap) {
            lap = page.lap();
            table.lapBegins();
        }
        if (dying) {
            throw new Killed();
        }
        int die = random.nextInt(12);
        if (die == 0) {
            throw new Failed("before");
        }
        if (die == 1) {
            throw new Killed();
        }
        if (die < 5) {
            table.change();
        }
        if (!transactional) {
            table.handled(page.rows());
        }
        pending = page.rows();
        if (die == 5) {
            throw new Failed("after");
        }
        if (die == 6) {
            throw new Killed();
        }
        if (die == 7 && depth == 0) {
            overtaken(random.nextInt(4));
        }
        if (die == 8 && depth == 0) {
            dying = true; // before the cursor moves, so that only the fence of who was overtaken is another's
            overtaken(1);
            dying = false;
        }
    }

    /** Its lease runs out, and the other process walks on. */
    private void overtaken(int walks) {
        depth++;
        if (!transactional) {
            table.crashed(pending); // before the lap ends under the other process
            counted = true;
        }
        time.advance(LATER);
        for (int i = walks; i > 0; i--) {
            walk(processes.get(random.nextInt(2)));
        }
        depth--;
    }
}
