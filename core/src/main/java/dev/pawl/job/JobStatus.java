package dev.pawl.job;

/** Where a job is in its life. Each constant says who moves a job out of it. */
public enum JobStatus {
    /** Never started. A claim moves it out, or a cancellation. */
    PENDING,
    /** Leased. Its holder's writes move it out, a takeover keeps it here under a new token, a cancellation ends it. */
    RUNNING,
    /** Started and not leased: until its due time. A claim moves it out, or a cancellation. */
    WAITING,
    /** All stages are checkpointed. Final. */
    COMPLETED,
    /** Given up. Final, but for an operator's retry. */
    FAILED,
    /** Ended by an operator. Final, but for an operator's retry. */
    CANCELLED;

    /**
     * Whether the job is over.
     *
     * @return true for completed, failed and cancelled
     */
    public boolean isEnded() {
        return this == COMPLETED || this == FAILED || this == CANCELLED;
    }
}
