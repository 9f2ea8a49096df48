package dev.pawl.store;

import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.FencingToken;
import dev.pawl.view.ChildListing;
import dev.pawl.view.JobSummary;
import dev.pawl.view.QueueOverview;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What the read side asks of a store, for implementers. Each method is one reading of one instant; it changes nothing and waits for no
 * lock. Whatever can be said of what was read without the store ({@link Viewed}, {@link Past}, {@link Position}) is said by pure
 * functions.
 *
 * <p>Every method throws {@link StoreException} if the store can't be reached or fails. Safe for use by many threads.
 */
public interface ViewStore {
    /** How many children of a former stage are counted. */
    int COUNTED_CHILDREN = 1_000;

    /**
     * Reads jobs, in a number of requests that does not depend on theirs.
     *
     * @param ids which
     * @param children how many children of each stage, at most
     * @return those that there are, in the order of the ids
     */
    List<Viewed> jobs(List<JobId> ids, int children);

    /**
     * Reads what is recorded of a job's past.
     *
     * @param id which
     * @param most how many failures at most, and how many repairs: the last
     * @return empty if there is no such job
     */
    Optional<Past> past(JobId id, int most);

    /**
     * Reads a page of jobs, in the order of {@link Position}. Looks at so many rows of a queue as {@code search} says.
     *
     * @param search which
     * @return the page
     */
    Found search(Search search);

    /**
     * Finds jobs that run, longest first, and then jobs that wait, longest first.
     *
     * @param queue of this one only
     * @param limit how many at most
     * @param examine how many rows of a queue to look at: those that are due first
     * @return whose, and whether those are all
     */
    Active active(Optional<String> queue, int limit, int examine);

    /**
     * Reads a page of children.
     *
     * @param parent the job's id
     * @param fan the token of the fan-out
     * @param anyOf in one of these statuses only; any if empty
     * @param after the key to go on after
     * @param limit how many at most
     * @param examine how many to look at
     * @return the page
     */
    ChildListing children(
            JobId parent, FencingToken fan, Set<JobStatus> anyOf, Optional<String> after, int limit, int examine);

    /**
     * Reads what is in each queue that has a job or was ever paused.
     *
     * @param cap how many rows of a kind to count
     * @return in the order of their names
     */
    List<QueueOverview> queues(int cap);

    /**
     * Where the ends of jobs are counted.
     *
     * @return the same for every call
     */
    TallyStore tallies();

    /**
     * Jobs that were found.
     *
     * @param ids whose
     * @param complete whether those are all
     * @param asOf the time of the reading
     */
    record Active(List<JobId> ids, boolean complete, Instant asOf) {
        /** Keeps the ids. */
        public Active {
            ids = List.copyOf(Objects.requireNonNull(ids, "ids"));
            Objects.requireNonNull(asOf, "asOf");
        }
    }

    /**
     * A page of jobs.
     *
     * @param rows in order
     * @param next where to go on; empty at the end
     * @param asOf the time of the reading
     */
    record Found(List<JobSummary> rows, Optional<Position> next, Instant asOf) {
        /** Keeps the rows. */
        public Found {
            rows = List.copyOf(Objects.requireNonNull(rows, "rows"));
            Objects.requireNonNull(next, "next");
            Objects.requireNonNull(asOf, "asOf");
        }

        /**
         * One page of what was found in each queue. A queue of which not all was looked at sets a bound: what others have beyond it
         * comes in a later page, or it would come before that queue's.
         *
         * @param queues a page of each, of the same search
         * @param search it
         * @param asOf the time of the reading
         * @return the page of all
         */
        public static Found of(Collection<Found> queues, Search search, Instant asOf) {
            Optional<Position> bound =
                    queues.stream().flatMap(queue -> queue.next().stream()).min(Position.ORDER);
            List<JobSummary> rows = queues.stream()
                    .flatMap(queue -> queue.rows().stream())
                    .filter(job -> bound.isEmpty() || Position.ORDER.compare(search.positionOf(job), bound.get()) <= 0)
                    .sorted((one, other) -> Position.ORDER.compare(search.positionOf(one), search.positionOf(other)))
                    .toList();
            if (rows.size() <= search.limit()) {
                return new Found(rows, bound, asOf);
            }
            List<JobSummary> page = rows.subList(0, search.limit());
            return new Found(page, Optional.of(search.positionOf(page.get(page.size() - 1))), asOf);
        }
    }
}
