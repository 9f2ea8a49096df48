package dev.pawl.examples.demo;

import dev.pawl.job.JobId;

/**
 * What was done to whom, so that the figures can be held against it.
 *
 * @param killed the worker that was killed
 * @param killedIn the child in the middle of which it was
 * @param frozen the worker that was frozen and came back
 * @param frozenIn the job in whose long stage it was
 */
public record Plot(String killed, JobId killedIn, String frozen, JobId frozenIn) {
    /** Of the scan over the recaps: one over all, one over those that became due again, and one that finds nothing. */
    public static final int LAPS = 3;

    /**
     * The worker behind a holder, which is named anew at each claim.
     *
     * @param holder as {@code worker-2#8f3a17}
     * @return as {@code worker-2}
     */
    public static String worker(String holder) {
        int end = holder.indexOf('#');
        return end < 0 ? holder : holder.substring(0, end);
    }
}
