package dev.pawl.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Time as a value in a box. What lies ahead it asks of whoever knows: a store. */
final class ManualTime implements TestTime {
    /** A morning like any other, the same in every run. */
    static final Instant START = Instant.parse("2026-02-16T06:00:00Z");

    private final Ahead ahead;
    private Instant now = START;

    ManualTime(Ahead ahead) {
        this.ahead = ahead;
    }

    /** What lies ahead. */
    @FunctionalInterface
    interface Ahead {
        /** The first event after an instant. */
        Optional<Instant> after(Instant now);
    }

    @Override
    public synchronized Instant now() {
        return now;
    }

    @Override
    public synchronized void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("time must not go back, but was to advance by " + duration);
        }
        now = now.plus(duration).truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public void advanceToNextEvent() {
        Instant from = now();
        Instant next = ahead.after(from)
                .orElseThrow(() -> new IllegalStateException(
                        "nothing lies ahead of " + from + ": no job comes due and no lease expires"));
        advance(Duration.between(from, next));
    }

    /** The time. */
    @Override
    public String toString() {
        return now().toString();
    }
}
