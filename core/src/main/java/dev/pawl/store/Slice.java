package dev.pawl.store;

import dev.pawl.Json;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Rows next to each other in a scan's order.
 *
 * @param <T> a row
 * @param rows in order, maybe none
 * @param last the key of the last of them; empty if there is none
 * @param hasSuccessor whether there is a row beyond them, within the end
 */
public record Slice<T>(List<T> rows, Optional<Json> last, boolean hasSuccessor) {
    /** Checks that the parts agree. */
    public Slice {
        rows = List.copyOf(Objects.requireNonNull(rows, "rows"));
        Objects.requireNonNull(last, "last");
        if (rows.isEmpty() == last.isPresent() || (rows.isEmpty() && hasSuccessor)) {
            throw new IllegalArgumentException("rows have a last key, and no rows have neither a key nor a successor");
        }
    }
}
