package dev.pawl.testkit;

import dev.pawl.job.JobId;
import java.time.Duration;

/**
 * Faults to come, at the seam between Pawl and its store. Each, unless it says otherwise, is for the next write (an enqueue,
 * or a write to jobs that is not a renewal alone) that has none yet: two calls are for the next two. Claims and reads are
 * spared. Writes that are made together share their fault. Scans and named leases have faults of their own. Safe for use by many
 * threads.
 *
 * <p>What the network does to a real database's connections, a {@link PostgresProxy} shows.
 */
public interface Faults {
    /** A write fails, and is not done: the store could not be reached. */
    void failBeforeCommit();

    /** A write is done, and its answer lost. */
    void failAfterCommit();

    /** A write fails, and is not done: the store can be reached, but refuses it, as it would a value that it can't hold. */
    void reject();

    /** A write is not decided, since somebody's transaction has the rows locked: they are busy, and may be asked for again. */
    void busy();

    /**
     * A write takes long, and is done in the end. Where time is a test's, it moves on by so much; else it is waited for.
     *
     * @param by how long
     */
    void delay(Duration by);

    /** From now on, everything fails, and is not done, claims, renewals and reads included: the store can't be reached. */
    void unreachable();

    /** The store can be reached again. */
    void reachable();

    /**
     * Faults of scans: each is for the next write to a scan that has none yet. A walk makes one as it begins, one at the start of a lap,
     * and one for each page; where a page is handled in a transaction, that write and the commit are one. To be called by the
     * handling of a page for the move of its cursor, say. They come and go with the store: where that can't be reached, scans can't be.
     *
     * @return the same for every call
     */
    Faults ofScans();

    /**
     * Faults of named leases: each is for the next lease that is acquired or given back. Renewals are spared. They come and go with
     * the store: where that can't be reached, leases can't be.
     *
     * @return the same for every call
     */
    Faults ofLeases();

    /**
     * Takes the job away from its holder, now, and gives it to another; the holder is not told. To be called between two
     * steps, or by a handler, about itself. No takeover is counted.
     *
     * @param id a running job of a queue that is not paused
     * @throws IllegalStateException if it is not running, or could not be claimed by another
     */
    void loseLease(JobId id);
}
