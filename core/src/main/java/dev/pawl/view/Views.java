package dev.pawl.view;

import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The read side: where jobs are, for people. Changes nothing, and takes no lock; every answer bears the database's time.
 *
 * <p>Safe for use by many threads. Every method throws {@code StoreException} if the store can't be reached, or has not answered
 * within five seconds.
 */
public interface Views {
    /** Most rows of a page. */
    int MOST_ROWS = 1_000;

    /** How many due jobs of a queue are counted, and how many that wait. */
    int COUNTED = 10_000;

    /**
     * Tells where a job is, with the first 20 children of each stage.
     *
     * @param id the job's
     * @return stage by stage; empty if there is no such job, or no longer
     */
    Optional<JobProgress> progress(JobId id);

    /**
     * Tells what happened to a job: stages, failed attempts, takeovers with tokens, refused writes, what operators did.
     *
     * @param id the job's
     * @return oldest first; empty if there is no such job, or no longer
     */
    Optional<Timeline> timeline(JobId id);

    /**
     * Lists jobs, newest first: by their ids, whose first part is the time in those that Pawl makes, or, where the filter names when
     * they ended, by their ends.
     *
     * @param filter which
     * @param limit how many at most, 1 to {@value #MOST_ROWS}
     * @return the first page
     */
    JobListing jobs(JobFilter filter, int limit);

    /**
     * Goes on with a listing.
     *
     * @param filter the same as before
     * @param limit how many at most, 1 to {@value #MOST_ROWS}
     * @param next the position that the page before told
     * @return the page after it
     * @throws IllegalArgumentException if the position is damaged, or one of another filter
     */
    JobListing jobs(JobFilter filter, int limit, String next);

    /**
     * Goes on with a listing.
     *
     * @param page the one before
     * @return the page after it; without rows, and without a position, after the last
     */
    JobListing more(JobListing page);

    /**
     * Tells where all jobs are that have been begun and have not ended, in as many requests as for one of them.
     *
     * @param queue of this one only
     * @param limit how many at most, 1 to {@value #MOST_ROWS}
     * @return with the first 10 children of each stage
     */
    ActiveJobs active(Optional<String> queue, int limit);

    /**
     * Lists the children of a stage, in the order of their keys.
     *
     * @param parent the job whose stage it is
     * @param stage the stage's name
     * @param anyOf in one of these statuses only; any if empty
     * @param limit how many at most, 1 to {@value #MOST_ROWS}
     * @param next the position that the page before told; empty for the first
     * @return a page, without rows where there is no such job, stage or child
     */
    ChildListing children(JobId parent, String stage, Set<JobStatus> anyOf, int limit, Optional<String> next);

    /**
     * Tells what is in the queues: all that have a job or were ever paused.
     *
     * @return in the order of their names
     */
    List<QueueOverview> queues();

    /**
     * Tells what ended within the last while, by pipelines and over time.
     *
     * <p>It goes by what {@code housekeeping()} of some Pawl has counted, and counts up to 10,000 jobs of each queue that have ended
     * since, on the way; {@link Stats#to()} says how far that goes.
     *
     * @param query which
     * @return the figures
     */
    Stats stats(StatsQuery query);

    /**
     * Tells what ended within the last while, in all queues.
     *
     * @param window how far back from now, 5 minutes to 400 days
     * @return the figures
     */
    Stats stats(Duration window);
}
