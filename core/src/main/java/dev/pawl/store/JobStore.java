package dev.pawl.store;

import dev.pawl.Json;
import dev.pawl.job.Children;
import dev.pawl.job.Enqueued;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.lease.FencingToken;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a store of jobs must do; {@code JobStoreContract} in the testkit says whether it does. For implementers: an
 * application calls {@code Jobs}. Each method is one transaction, or the part of the caller's; answers come in the order
 * of the questions, one each. Safe for use by many threads, unless it is a part of one transaction.
 *
 * <p>None waits for long for a lock that a transaction of the application's may hold: such rows come back as busy, to be
 * tried again alone.
 *
 * <p>Every method throws {@link StoreException} if the store can't be reached or fails.
 */
public interface JobStore {
    /**
     * Records a pipeline version's stage names, if they aren't yet.
     *
     * @param pipeline its name
     * @param version its version
     * @param stages the names, in order
     * @return the names that are recorded, which may be others
     */
    List<String> describe(String pipeline, int version, List<String> stages);

    /**
     * Inserts jobs, all or none. One whose key, within its queue and pipeline, or whose id is known changes nothing (rule
     * J9). Known, too, is what comes earlier in the same list.
     *
     * @param jobs of pipelines that are described
     * @return the ids, new or known
     */
    List<Enqueued> enqueue(List<NewRow> jobs);

    /**
     * Takes claimable jobs, in the order of priority, due time and id; never more than asked for, and none that another
     * claims at the same time. Takes nothing from a paused queue. Takeovers leave a {@link Failure}. Looks at the first so
     * many of those that are due; where the first is a suspect, it is the only one taken, and other suspects are left where
     * they are.
     *
     * @param request which
     * @return what it took, in that order
     */
    List<Claimed> claim(ClaimRequest request);

    /**
     * Writes to jobs. A refused write never harms its neighbours. A write that ends a child takes its parent's count down in the
     * same transaction, and wakes the parent if it has nothing to wait for (rules F2 and F5): all rows that are written are
     * locked first, and parents last, in the order of their ids. Whoever holds a parent of open children as one of the first waits
     * for none of the last.
     *
     * @param writes at most one for each job
     * @return an answer for each
     * @throws IllegalArgumentException if a job is named twice; nothing was written
     */
    List<Answer> write(List<? extends JobWrite> writes);

    /**
     * Reads a job.
     *
     * @param id the job's
     * @return the job as it is, or empty if there is none
     */
    Optional<JobSnapshot> find(JobId id);

    /**
     * Reads checkpointed results.
     *
     * @param id the job's
     * @param stages positions
     * @return the results by position; a stage that isn't checkpointed, or has no result, is absent
     */
    Map<Integer, Json> results(JobId id, Set<Integer> stages);

    /**
     * Reads what went wrong with a job.
     *
     * @param id the job's
     * @return failed attempts, takeovers and refused writes, oldest first
     */
    List<Failure> failures(JobId id);

    /**
     * Counts a job's children, by their rows.
     *
     * @param parent the job's id
     * @param fan the token of the fan-out
     * @return of this fan-out; all zero if there are none
     */
    Children.Counts countChildren(JobId parent, FencingToken fan);

    /**
     * Reads a page of a job's children, in the order of their keys by code point.
     *
     * @param parent the job's id
     * @param fan the token of the fan-out
     * @param after the last key of the page before; empty for the first
     * @param limit how many at most
     * @return a page; the last if it is shorter
     */
    List<ChildRow> children(JobId parent, FencingToken fan, Optional<String> after, int limit);

    /**
     * Reads the first of a job's children that failed, in the order of their keys by code point.
     *
     * @param parent the job's id
     * @param fan the token of the fan-out
     * @param limit how many at most
     * @return of those that have failed, the first so many, or all
     */
    List<ChildRow> failedChildren(JobId parent, FencingToken fan, int limit);

    /**
     * Cancels open children of jobs that have ended, which their cancel or failure left behind (rule J7): a bounded step, for
     * whoever has the time. Children that somebody has locked are left out, and so are all children of a parent that somebody has
     * locked: none of these hides the others.
     *
     * @param queue its name
     * @param most how many children at most
     * @return how many were cancelled; call again until there are none
     */
    int cancelOrphans(String queue, int most);

    /**
     * Records refused writes, for people to read. Those of jobs that don't exist are dropped.
     *
     * @param refused what was refused, to whom
     */
    void report(List<RefusedWrite> refused);
}
