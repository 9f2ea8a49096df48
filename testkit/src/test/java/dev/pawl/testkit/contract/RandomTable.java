package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.testkit.contract.ScannedRows.Row;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Rows that come, go and change at random, and which of them a lap has to see: those that stayed as they are since it began. */
final class RandomTable {
    private static final int IDS = 40;

    private final Random random;
    private final ScannedRows table;
    private final Map<Long, Row> there = new TreeMap<>();
    private final Set<Long> stayed = new HashSet<>();
    private final Map<Long, Integer> handled = new HashMap<>();
    private final Map<Long, Integer> repeats = new HashMap<>();

    /** Over an empty table. */
    RandomTable(Random random, ScannedRows table) {
        this.random = random;
        this.table = table;
        for (int i = random.nextInt(IDS); i > 0; i--) {
            change();
        }
    }

    /** Few values, each of many rows, and none. */
    void change() {
        long id = 1L + random.nextInt(IDS);
        stayed.remove(id);
        if (there.containsKey(id) && random.nextInt(3) == 0) {
            there.remove(id);
            table.delete(id);
            return;
        }
        Row row = new Row(
                id,
                random.nextInt(4) == 0 ? null : random.nextInt(3),
                random.nextInt(4) == 0 ? null : Character.toString('a' + random.nextInt(2)));
        there.put(id, row);
        table.put(row);
    }

    void lapBegins() {
        stayed.clear();
        stayed.addAll(there.keySet());
        handled.clear();
        repeats.clear();
    }

    void handled(Iterable<Row> rows) {
        rows.forEach(row -> handled.merge(row.id(), 1, Integer::sum));
    }

    /** A page was handled, but the cursor did not move, or may not have: its rows may come once more, and no others. */
    void crashed(Iterable<Row> rows) {
        rows.forEach(row -> repeats.merge(row.id(), 1, Integer::sum));
    }

    /** S4 and S2, S6: what stayed was seen, and once, but for a page again after each crash of that page. */
    void lapEnds() {
        Map<Long, Integer> seen = new TreeMap<>();
        stayed.forEach(id -> seen.put(id, handled.getOrDefault(id, 0)));
        assertThat(seen.entrySet())
                .as(
                        "how often a lap saw the rows that stayed, whose pages had crashes before their moves: %s",
                        new TreeMap<>(repeats))
                .allMatch(row -> row.getValue() >= 1 && row.getValue() <= 1 + repeats.getOrDefault(row.getKey(), 0));
    }
}
