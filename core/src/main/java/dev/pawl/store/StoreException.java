package dev.pawl.store;

import dev.pawl.PawlException;

/**
 * The store could not be reached, or failed. {@link #mayHaveHappened()} says what state this leaves behind. Every call of
 * Pawl's may be repeated after this: an enqueue by its key or id, a write by its claim and stage.
 */
public final class StoreException extends PawlException {
    private static final long serialVersionUID = 1L;

    private final boolean mayHaveHappened;

    /**
     * For stores.
     *
     * @param message what was tried, and what to do
     * @param mayHaveHappened false if certainly nothing was written
     * @param cause what it came from
     */
    public StoreException(String message, boolean mayHaveHappened, Throwable cause) {
        super(message, cause);
        this.mayHaveHappened = mayHaveHappened;
    }

    /**
     * Whether the call may have been committed all the same: its answer was lost.
     *
     * @return false if certainly nothing was written
     */
    public boolean mayHaveHappened() {
        return mayHaveHappened;
    }
}
