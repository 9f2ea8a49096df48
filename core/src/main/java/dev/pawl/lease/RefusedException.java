package dev.pawl.lease;

import dev.pawl.PawlException;

/** A single write was refused; nothing was written. {@link #refusal()} says why. */
public class RefusedException extends PawlException {
    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    /**
     * For stores and for Pawl itself.
     *
     * @param message what happened
     * @param refusal why
     */
    public RefusedException(String message, Refusal refusal) {
        super(message);
        this.refusal = refusal;
    }

    /**
     * Why the write had no effect.
     *
     * @return the refusal (null only after this exception was serialised)
     */
    public final Refusal refusal() {
        return refusal;
    }

    /**
     * The exception for a refused write of a holder.
     *
     * @param lease what the writer believed to hold
     * @param refusal why it had no effect
     * @return a {@link LeaseLostException} if the writer has to stop, else a {@link RefusedException}
     */
    public static RefusedException of(Lease lease, Refusal refusal) {
        String late = refusal.lateBy(lease)
                .map(by -> ": it had expired " + by.toMillis() / 1000.0 + " s before the claim")
                .orElse("");
        String message = lease + " " + refusal.describe() + late;
        return refusal.isLeaseLost()
                ? new LeaseLostException(message, lease, refusal)
                : new RefusedException(message, refusal);
    }
}
