package dev.pawl.scan;

import java.util.Objects;
import java.util.Optional;

/**
 * What one call walked, and why it stopped.
 *
 * @param pages how many were handled, and the cursor moved beyond them
 * @param rows how many were in them
 * @param stop why it went no further
 * @param failure what the page failed with, if one did, or the handling after its lease was lost
 */
public record Walked(int pages, long rows, Stop stop, Optional<Throwable> failure) {
    /** Why a walk stopped. */
    public enum Stop {
        /** One page was asked for, and the lap goes on beyond it. */
        HAS_SUCCESSOR,
        /** The lap ended; the next begins at the start. */
        WRAPPED,
        /** Another is walking. */
        TAKEN,
        /** The handling of a page failed: that is recorded, and it will be tried again. */
        FAILED,
        /** A page that failed waits for the time of its next try. */
        WAITING,
        /** The walker was told to end, or interrupted, or lost its lease: another walk goes on. */
        INTERRUPTED
    }

    /** Checks that nothing is missing. */
    public Walked {
        Objects.requireNonNull(stop, "stop");
        Objects.requireNonNull(failure, "failure");
    }

    /**
     * Whether the lap ended.
     *
     * @return true if the walk came to the end of the rows
     */
    public boolean wrapped() {
        return stop == Stop.WRAPPED;
    }

    /** {@code 3 pages, 512 rows, WRAPPED}. */
    @Override
    public String toString() {
        return pages
                + (pages == 1 ? " page, " : " pages, ")
                + rows
                + (rows == 1 ? " row, " : " rows, ")
                + stop
                + failure.map(why -> ": " + why).orElse("");
    }
}
