package dev.pawl.audit;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A page of the records of repairs. Immutable.
 *
 * @param limit how many at most
 * @param rows latest first
 * @param next the opaque position after it, to be given back; empty at the end
 * @param asOf the database's time of this reading
 */
public record RepairListing(int limit, List<Repair> rows, Optional<String> next, Instant asOf) {
    /** Keeps the rows. */
    public RepairListing {
        rows = List.copyOf(Objects.requireNonNull(rows, "rows"));
        Objects.requireNonNull(next, "next");
        Objects.requireNonNull(asOf, "asOf");
    }
}
