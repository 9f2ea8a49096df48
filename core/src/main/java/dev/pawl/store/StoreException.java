package dev.pawl.store;

import dev.pawl.PawlException;

/**
 * The store could not be reached, or failed. {@link #mayHaveHappened()} says what state this leaves behind. Every call of
 * Pawl's may be repeated after this: an enqueue by its key or id, a write by its claim and stage.
 */
public final class StoreException extends PawlException {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Kind {
        /** No connection was to be had; nothing was written. Other calls would fare the same. */
        UNREACHABLE,
        /** The connection broke before the answer: what was asked for may have been committed. */
        ANSWER_LOST,
        /** The store refused what was asked for; nothing was written. Other calls may well succeed. */
        FAILED
    }

    private final Kind kind;

    /**
     * For stores.
     *
     * @param kind what is wrong
     * @param message what was tried, and what to do
     * @param cause what it came from
     */
    public StoreException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /**
     * For Pawl itself: a call whose answer was lost, and which could not be asked again to any answer.
     *
     * @param what the call
     * @param lost the failure that left it unknown
     * @return that it may have happened
     */
    public static StoreException unknown(String what, StoreException lost) {
        return new StoreException(
                Kind.ANSWER_LOST,
                "the answer was lost, and no later one was to be had, so it is not known whether this happened: " + what
                        + ". Repeat the call: what was written is not written twice ("
                        + lost.getMessage() + ")",
                lost);
    }

    /**
     * What is wrong.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Whether the call may have been committed all the same: its answer was lost.
     *
     * @return false if certainly nothing was written
     */
    public boolean mayHaveHappened() {
        return kind == Kind.ANSWER_LOST;
    }
}
