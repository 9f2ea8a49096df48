package dev.pawl;

import org.jspecify.annotations.Nullable;

/**
 * The root of everything that Pawl throws on purpose, but for nonsense in arguments ({@link IllegalArgumentException},
 * {@link NullPointerException}) and calls at the wrong moment ({@link IllegalStateException}). Subtypes say what happened
 * by typed accessors, and each says what state it leaves behind.
 */
public abstract class PawlException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * For subtypes.
     *
     * @param message what happened, with the values
     */
    protected PawlException(String message) {
        super(message);
    }

    /**
     * For subtypes.
     *
     * @param message what happened, with the values
     * @param cause what it came from
     */
    protected PawlException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
