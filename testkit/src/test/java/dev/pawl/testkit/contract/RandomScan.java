package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pawl.Json;
import dev.pawl.scan.KeyColumn;
import dev.pawl.store.RowSource;
import dev.pawl.store.ScanAnswer;
import dev.pawl.store.ScanWrite;
import dev.pawl.store.Slice;
import dev.pawl.testkit.contract.ScannedRows.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A scan whose table changes while it walks, and whose walkers die anywhere: before they handle a page, between that and the cursor's
 * move, or before they learn of it; and come back late. Checks after each lap what it saw.
 */
final class RandomScan {
    private static final int MOST_PAGES = 400;

    private final Random random;
    private final ScanScene scene;
    private final Optional<Supplier<OpenTransaction>> transactions;
    private final RandomTable table;
    private final RowSource<Row> rows;
    private final Comparator<Row> order;

    private final List<ScanWrite> late = new ArrayList<>();
    private @Nullable Row last;
    private int pages;
    private int laps;

    /**
     * Over an empty table.
     *
     * @param transactions of the application's, if a page's rows and the cursor's move are to be one commit
     */
    RandomScan(long seed, ScanScene scene, ScannedRows table, Optional<Supplier<OpenTransaction>> transactions) {
        this.random = new Random(seed);
        this.scene = scene;
        this.table = new RandomTable(random, table);
        this.transactions = transactions;
        List<KeyColumn> columns = RowRules.ORDERS.get(random.nextInt(RowRules.ORDERS.size()));
        this.rows = table.by(1 + random.nextInt(5), columns);
        this.order = RowRules.comparator(columns);
    }

    /** How many laps ended, and were checked. */
    int run(int steps) {
        scene.opened();
        for (int i = 0; i < steps; i++) {
            int die = random.nextInt(20);
            if (die < 6) {
                table.change();
            } else if (die < 7) {
                takeOver();
            } else if (die < 8) {
                comeLate();
            } else if (scene.state().lap().hasBegun()) {
                walk();
            } else {
                begin();
            }
        }
        return laps;
    }

    private boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }

    private void takeOver() {
        scene.opened();
    }

    /** A walker that was replaced does what it was about to do. */
    private void comeLate() {
        if (late.isEmpty()) {
            return;
        }
        ScanWrite write = late.remove(random.nextInt(late.size()));
        if (transactions.isPresent() && oneIn(2)) {
            try (OpenTransaction open = transactions.get().get()) {
                open.insert(scene.scan() + " late " + random.nextLong());
                assertThat(open.scans().orElseThrow().write(write))
                        .as("late: %s", write)
                        .isInstanceOf(ScanAnswer.Refused.class);
                assertThat(catchThrowable(open::commit))
                        .as("commit of the late")
                        .isNotNull();
            }
        } else {
            scene.refused(write);
        }
    }

    private void begin() {
        Walker walker = scene.holding();
        table.lapBegins();
        Optional<Json> end = rows.lastKey();
        if (oneIn(3)) {
            table.change();
        }
        ScanWrite begin = walker.begin(end, scene.state().nudgedAt());
        if (oneIn(10)) {
            takeOver();
            scene.refused(begin);
            return;
        }
        last = null;
        pages = 0;
        scene.done(begin);
        if (oneIn(10)) {
            scene.repeated(begin);
        }
        if (end.isEmpty()) {
            laps++;
        }
    }

    private void walk() {
        assertThat(++pages).as("pages of a lap").isLessThan(MOST_PAGES);
        Walker walker = scene.holding();
        Slice<Row> page = scene.page(rows);
        page.rows().forEach(this::isBeyondTheLast);
        if (oneIn(4)) {
            table.change();
        }
        ScanWrite.Move move = new ScanWrite.Move(
                walker.scan(),
                walker.fence(),
                walker.step(),
                page.last(),
                page.rows().size(),
                page.hasSuccessor());
        boolean moved = oneIn(12) ? died(move) : transactions.isPresent() ? together(page, move) : apart(page, move);
        if (!moved) {
            last = null; // checked anew from the cursor on
        } else if (page.hasSuccessor()) {
            last = page.rows().get(page.rows().size() - 1);
        } else {
            lapEnded();
        }
    }

    private boolean died(ScanWrite move) {
        late.add(move);
        takeOver();
        return false;
    }

    /** The rows are handled, and the cursor moves after that. */
    private boolean apart(Slice<Row> page, ScanWrite move) {
        table.handled(page.rows());
        if (oneIn(8)) {
            table.crashed(page.rows());
            return died(move);
        }
        scene.done(move);
        if (oneIn(8)) {
            scene.repeated(move);
        }
        return true;
    }

    /** The rows are handled where the cursor moves. */
    private boolean together(Slice<Row> page, ScanWrite.Move move) {
        if (!committed(page, move)) {
            return died(move);
        }
        table.handled(page.rows());
        if (oneIn(8)) {
            again(move);
        }
        return true;
    }

    private boolean committed(Slice<Row> page, ScanWrite.Move move) {
        // At a later step a row may come again, if it moved.
        String step = scene.scan() + " at step " + move.step() + ": row ";
        try (OpenTransaction open = transactions.orElseThrow().get()) {
            page.rows().forEach(row -> open.insert(step + row.id()));
            if (oneIn(10)) {
                return false;
            }
            assertThat(open.scans().orElseThrow().write(move)).as("%s", move).isInstanceOf(ScanAnswer.Done.class);
            if (oneIn(10)) {
                return false;
            }
            assertThat(catchThrowable(open::commit)).as("commit of %s", move).isNull();
            return true;
        }
    }

    /** The commit was not answered, so that the page is handled once more: which must leave nothing. */
    private void again(ScanWrite move) {
        String twice = scene.scan() + " twice " + random.nextLong();
        try (OpenTransaction open = transactions.orElseThrow().get()) {
            open.insert(twice);
            assertThat(open.scans().orElseThrow().write(move))
                    .as("again: %s", move)
                    .isInstanceOf(ScanAnswer.Refused.class);
            assertThat(catchThrowable(open::commit)).as("commit of a repeat").isNotNull();
        }
        try (OpenTransaction open = transactions.orElseThrow().get()) {
            assertThat(open.rows()).doesNotContain(twice);
        }
    }

    private void isBeyondTheLast(Row row) {
        if (last != null) {
            assertThat(order.compare(last, row)).as("%s after %s", row, last).isNegative();
        }
        last = row;
    }

    private void lapEnded() {
        laps++;
        last = null;
        assertThat(scene.state().lap().hasBegun())
                .as("whether the lap goes on after a page without a successor")
                .isFalse();
        table.lapEnds();
    }
}
