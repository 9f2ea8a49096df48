package dev.pawl.store;

import dev.pawl.view.JobFilter;
import dev.pawl.view.JobSummary;
import java.util.Objects;
import java.util.Optional;

/**
 * A page of jobs that is asked for.
 *
 * @param filter which
 * @param after the position before it; empty for the first page
 * @param limit how many at most
 * @param examine how many rows of a queue to look at: a filter may let few pass
 */
public record Search(JobFilter filter, Optional<Position> after, int limit, int examine) {
    /** Checks that nothing is missing. */
    public Search {
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(after, "after");
        if (limit < 1 || examine < limit) {
            throw new IllegalArgumentException(
                    "a page must have at least one row, and not more than are looked at, but was " + limit + " of "
                            + examine);
        }
    }

    /**
     * Whether jobs come in the order of their ends.
     *
     * @return false for the order of their ids
     */
    public boolean byEnd() {
        return filter.ended().isPresent();
    }

    /**
     * A job's place in the listing.
     *
     * @param job which
     * @return its position
     */
    public Position positionOf(JobSummary job) {
        return new Position(byEnd() ? job.endedAt() : Optional.empty(), job.id());
    }
}
