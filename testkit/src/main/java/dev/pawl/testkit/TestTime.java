package dev.pawl.testkit;

import java.time.Duration;
import java.time.Instant;

/**
 * The time of everything under test: the store's, and that of the workers that step through it. It moves only when told,
 * in microseconds, as PostgreSQL's does. Safe for use by many threads.
 */
public interface TestTime {
    /**
     * The time.
     *
     * @return as of the last move, in whole microseconds
     */
    Instant now();

    /**
     * Moves on.
     *
     * @param duration how far; cut to whole microseconds
     * @throws IllegalArgumentException if it is negative: no rule of a store holds where time goes back
     */
    void advance(Duration duration);

    /**
     * Moves to the next instant at which a job comes due, a lease expires, or the failed page of a scan may be tried again.
     *
     * @throws IllegalStateException if nothing of the kind lies ahead; the time has not moved
     */
    void advanceToNextEvent();
}
