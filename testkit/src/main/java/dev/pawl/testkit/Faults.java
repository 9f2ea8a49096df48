package dev.pawl.testkit;

import dev.pawl.job.JobId;
import java.time.Duration;

/**
 * Faults to come, at the seam between Pawl and its store. Each, unless it says otherwise, is for the next write (an enqueue,
 * or a write to jobs that is not a renewal alone) that has none yet: two calls are for the next two. Claims and reads are
 * spared. Writes that are made together share their fault. Safe for use by many threads.
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
     * Takes the job away from its holder, now, and gives it to another; the holder is not told. To be called between two
     * steps, or by a handler, about itself. No takeover is counted.
     *
     * @param id a running job of a queue that is not paused
     * @throws IllegalStateException if it is not running, or could not be claimed by another
     */
    void loseLease(JobId id);
}
