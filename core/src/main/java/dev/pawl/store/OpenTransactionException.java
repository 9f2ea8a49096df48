package dev.pawl.store;

/**
 * The calling thread is in a transaction of its own, on the connection that this would need, and would end: a mistake of the caller's,
 * and nothing's failure. Nothing was done. Thrown by stores.
 */
public final class OpenTransactionException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /**
     * For stores.
     *
     * @param message what to do
     */
    public OpenTransactionException(String message) {
        super(message);
    }
}
