package dev.pawl.testkit;

import dev.pawl.job.JobId;
import java.time.Duration;

/**
 * Faults to come, at the seam between Pawl and its store. Each is for the next write (an enqueue, or a write to jobs that is
 * not a renewal alone) that has none yet: two calls are for the next two. Claims and reads are spared. Safe for use by many
 * threads.
 */
public interface Faults {
    /** A write fails, and is not done: the store could not be reached. */
    void failBeforeCommit();

    /** A write is done, and its answer lost. */
    void failAfterCommit();

    /**
     * A write takes long, and is done in the end. Where time is a test's, it moves on by so much; else it is waited for.
     *
     * @param by how long
     */
    void delay(Duration by);

    /**
     * Takes the job away from its holder, now, and gives it to another; the holder is not told. To be called between two
     * steps, or by a handler, about itself. No takeover is counted.
     *
     * @param id a running job of a queue that is not paused
     * @throws IllegalStateException if it is not running, or could not be claimed by another
     */
    void loseLease(JobId id);
}
