package dev.pawl.store;

import dev.pawl.job.Failure;
import dev.pawl.lease.Fence;
import dev.pawl.lease.Refusal;

/** Whether a write that lets go of a job, and whose repeat was refused, had been done by the call whose answer was lost. */
final class LetGo {
    private LetGo() {}

    /**
     * A failure is looked up, and so are a fan-out's children, whose stage may have been passed meanwhile. A release leaves no
     * record, but has nothing to lose either, and a fan-out without children neither. What does not let go is no matter of this.
     *
     * @throws StoreException if the store can't be asked
     */
    static boolean happened(JobWrite.AtStage repeated, Refusal refusal, JobStore store) {
        if (repeated instanceof JobWrite.Fail) {
            return store.failures(repeated.job()).stream()
                    .filter(row -> row.kind() == Failure.Kind.FAILED)
                    .anyMatch(row -> repeated.fence().equals(new Fence(row.token(), row.holder())));
        }
        if (repeated instanceof JobWrite.FanOut fanOut && !fanOut.children().isEmpty()) {
            return store.countChildren(fanOut.job(), fanOut.fence().token()).total() > 0;
        }
        boolean leavesNoRecord = repeated instanceof JobWrite.Release
                || repeated instanceof JobWrite.FanOut
                || repeated instanceof JobWrite.AwaitChildren;
        return leavesNoRecord && refusal.isLeaseLost();
    }
}
