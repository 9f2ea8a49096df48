package dev.pawl.store;

import dev.pawl.job.JobId;
import dev.pawl.lease.Fence;
import dev.pawl.lease.Refusal;

/**
 * A write that was refused, as its writer reports it.
 *
 * @param job the job
 * @param fence what the writer believed to hold
 * @param stage the position that the writer believed the job at
 * @param what the kind of write, e.g. {@code checkpoint}
 * @param refusal why it had no effect
 */
public record RefusedWrite(JobId job, Fence fence, int stage, String what, Refusal refusal) {
    /**
     * In words.
     *
     * @return e.g. {@code checkpoint refused: the lease was superseded by #9 (worker-3#41d0)}
     */
    public String describe() {
        return what + " refused: the lease " + refusal.describe();
    }
}
