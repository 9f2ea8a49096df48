package dev.pawl.store;

import dev.pawl.job.JobId;
import dev.pawl.lease.Fence;
import dev.pawl.lease.Refusal;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * A write that was refused, as its writer reports it.
 *
 * @param job the job
 * @param fence what the writer believed to hold
 * @param stage the position that the write was for; empty for a renewal, unless the writer says what it was at
 * @param what the kind of write, e.g. {@code checkpoint}
 * @param refusal why it had no effect
 */
public record RefusedWrite(JobId job, Fence fence, OptionalInt stage, String what, Refusal refusal) {
    /** Checks that nothing is missing. */
    public RefusedWrite {
        Objects.requireNonNull(job, "job");
        Objects.requireNonNull(fence, "fence");
        Objects.requireNonNull(stage, "stage");
        Objects.requireNonNull(what, "what");
        Objects.requireNonNull(refusal, "refusal");
    }

    /**
     * The report of a write.
     *
     * @param write what was refused
     * @param refusal why
     * @return the report
     */
    public static RefusedWrite of(JobWrite.Fenced write, Refusal refusal) {
        OptionalInt stage = write instanceof JobWrite.AtStage at ? OptionalInt.of(at.stage()) : OptionalInt.empty();
        return new RefusedWrite(write.job(), write.fence(), stage, kind(write), refusal);
    }

    /**
     * The same report of a writer that says where it believed the job to be, since a renewal does not tell.
     *
     * @param position of the stage
     * @return the report
     */
    public RefusedWrite at(int position) {
        return new RefusedWrite(job, fence, OptionalInt.of(position), what, refusal);
    }

    /**
     * In words.
     *
     * @return e.g. {@code checkpoint refused: lease #7 (worker-2#8f3a17) was superseded by #9 (worker-3#41d0) at …}
     */
    public String describe() {
        return what + " refused: lease " + fence + " " + refusal.describe();
    }

    private static String kind(JobWrite.Fenced write) {
        if (write instanceof JobWrite.Renew) {
            return "renewal";
        }
        if (write instanceof JobWrite.SaveProgress) {
            return "progress";
        }
        if (write instanceof JobWrite.Checkpoint) {
            return "checkpoint";
        }
        if (write instanceof JobWrite.FanOut) {
            return "fan-out";
        }
        if (write instanceof JobWrite.AwaitChildren || write instanceof JobWrite.CancelChildren) {
            return "verdict on children";
        }
        return write instanceof JobWrite.Fail ? "failure report" : "release";
    }
}
