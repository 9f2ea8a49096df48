package dev.pawl.jdbc;

import dev.pawl.Json;
import dev.pawl.store.RowSource;
import dev.pawl.store.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A lap over rows, as a scan makes it, without anything durable. */
final class Walk {
    private Walk() {}

    /** All rows of a lap, in the order in which they came. */
    static <T> List<T> lap(RowSource<T> rows) {
        List<T> all = new ArrayList<>();
        lap(rows, slice -> all.addAll(slice.rows()));
        return all;
    }

    /** Goes from page to page. */
    static <T> void lap(RowSource<T> rows, Consumer<Slice<T>> page) {
        Optional<Json> end = rows.lastKey();
        Optional<Json> after = Optional.empty();
        while (end.isPresent()) {
            Slice<T> slice = rows.slice(after, end.get());
            page.accept(slice);
            if (!slice.hasSuccessor()) {
                return;
            }
            after = slice.last();
        }
    }
}
