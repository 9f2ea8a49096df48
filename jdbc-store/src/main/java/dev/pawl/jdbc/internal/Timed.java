package dev.pawl.jdbc.internal;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Settings whose time a test may tell. */
public interface Timed {
    /**
     * Takes the time from here instead of the database.
     *
     * @param told gives the time that it is to be, or nothing, for the database's own
     */
    void time(Supplier<Optional<Instant>> told);

    /** Warns of nothing at the start: a test's server is careless on purpose. */
    void unwarned();
}
