package dev.pawl.view;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A page of jobs. One that is shorter than its limit is not the last, as long as it says where to go on: the filter let few pass of
 * those that were looked at. Immutable.
 *
 * @param filter which were asked for
 * @param limit how many at most
 * @param rows newest first
 * @param next the opaque position after it, to be given back with the same filter; empty at the end
 * @param asOf the database's time of this reading
 */
public record JobListing(JobFilter filter, int limit, List<JobSummary> rows, Optional<String> next, Instant asOf) {
    /** Keeps the rows. */
    public JobListing {
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(next, "next");
        Objects.requireNonNull(asOf, "asOf");
        rows = List.copyOf(Objects.requireNonNull(rows, "rows"));
    }
}
