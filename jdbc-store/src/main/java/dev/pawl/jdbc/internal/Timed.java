package dev.pawl.jdbc.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Settings whose time, and whose patience, a test may tell. */
public interface Timed {
    /**
     * Takes the time from here instead of the database.
     *
     * @param told gives the time that it is to be, or nothing, for the database's own
     */
    void time(Supplier<Optional<Instant>> told);

    /**
     * Waits no longer than this for the answer to a statement of Pawl's own.
     *
     * @param longest at least a millisecond
     */
    void answeringWithin(Duration longest);

    /** Warns of nothing at the start: a test's server is careless on purpose. */
    void unwarned();
}
