package dev.pawl.view;

import dev.pawl.view.JobProgress.Child;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A page of a stage's children. One that is shorter than its limit is not the last, as long as it says where to go on. Immutable.
 *
 * @param rows in the order of their keys by code point
 * @param next the key to go on after; empty at the end
 * @param asOf the database's time of this reading
 */
public record ChildListing(List<Child> rows, Optional<String> next, Instant asOf) {
    /** Keeps the rows. */
    public ChildListing {
        Objects.requireNonNull(next, "next");
        Objects.requireNonNull(asOf, "asOf");
        rows = List.copyOf(Objects.requireNonNull(rows, "rows"));
    }
}
