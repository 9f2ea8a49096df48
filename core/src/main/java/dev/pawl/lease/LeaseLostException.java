package dev.pawl.lease;

/**
 * The writer is no longer the holder: stop, and write nothing more. Nothing was written. {@link #refusal()} says who is
 * the holder now, or how the subject ended.
 */
public final class LeaseLostException extends RefusedException {
    private static final long serialVersionUID = 1L;

    private final transient Lease lease;

    /**
     * For stores and for Pawl itself.
     *
     * @param message what happened
     * @param lease the lease that is lost
     * @param refusal why
     */
    public LeaseLostException(String message, Lease lease, Refusal refusal) {
        super(message, refusal);
        this.lease = lease;
    }

    /**
     * The lease that is lost.
     *
     * @return as the writer knew it (null only after this exception was serialised)
     */
    public Lease lease() {
        return lease;
    }
}
