package dev.pawl.view;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Jobs that have been begun and have not ended. Immutable.
 *
 * @param rows those that run, longest first, then those that wait
 * @param complete false if there may be more: more than were asked for, or behind more due jobs than were looked at
 * @param asOf the database's time of this reading
 */
public record ActiveJobs(List<JobProgress> rows, boolean complete, Instant asOf) {
    /** Keeps the rows. */
    public ActiveJobs {
        Objects.requireNonNull(asOf, "asOf");
        rows = List.copyOf(Objects.requireNonNull(rows, "rows"));
    }
}
