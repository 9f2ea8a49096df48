package dev.pawl.scan;

import dev.pawl.internal.Checks;
import dev.pawl.lease.FencingToken;
import java.util.List;
import java.util.Objects;

/**
 * What a scan hands out at a time. Immutable, as far as its rows are.
 *
 * @param <T> a row
 * @param rows at least one, in the scan's order
 * @param hasSuccessor whether this lap has rows beyond these
 * @param lap the lap's number; the first is 1
 * @param attempt the number of this try at the page; 1 for the first
 * @param token to fence rows of your own: {@code … where id = :id and token <= :token}
 */
public record Page<T>(List<T> rows, boolean hasSuccessor, long lap, int attempt, FencingToken token) {
    /** Checks that there is a row. */
    public Page {
        rows = List.copyOf(Objects.requireNonNull(rows, "rows"));
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("a page must have at least one row");
        }
        Checks.between("attempt at a page", attempt, 1, Integer.MAX_VALUE);
        Objects.requireNonNull(token, "token");
    }

    /** {@code page of 200 rows in lap 3, attempt 1, with a successor, #7}. */
    @Override
    public String toString() {
        return "page of " + rows.size() + " rows in lap " + lap + ", attempt " + attempt
                + (hasSuccessor ? ", with a successor, " : ", the lap's last, ") + token;
    }
}
