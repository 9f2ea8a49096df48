package dev.pawl.jdbc.internal;

/** A lock was not to be had in time: somebody's transaction holds it. This one was rolled back. */
final class LockedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LockedException(String what, Throwable cause) {
        super("could not " + what + ": a row or table is locked by another transaction", cause);
    }
}
