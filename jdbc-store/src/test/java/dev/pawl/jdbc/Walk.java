package dev.pawl.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Json;
import dev.pawl.store.RowSource;
import dev.pawl.store.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A lap over rows, as a scan makes it, without anything durable. */
final class Walk {
    private static final int MOST = 10_000;

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
        for (int pages = 0; end.isPresent(); pages++) {
            assertThat(pages).as("pages of a lap").isLessThan(MOST);
            Slice<T> slice = rows.slice(after, end.get());
            page.accept(slice);
            if (!slice.hasSuccessor()) {
                return;
            }
            after = slice.last();
        }
    }
}
