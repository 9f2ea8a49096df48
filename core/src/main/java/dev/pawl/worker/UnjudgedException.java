package dev.pawl.worker;

import dev.pawl.store.StoreException;

/** The store could not say how many of a stage's children failed: no attempt was made at the stage. */
final class UnjudgedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final StoreException why;

    UnjudgedException(StoreException why) {
        super(why.getMessage(), why);
        this.why = why;
    }

    StoreException why() {
        return why;
    }
}
