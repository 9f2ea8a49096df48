package dev.pawl.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Time as a value in a box. What lies ahead it asks of those who know: the stores. */
final class ManualTime implements TestTime {
    /** A morning like any other, the same in every run. */
    static final Instant START = Instant.parse("2026-02-16T06:00:00Z");

    private final List<Ahead> ahead = new CopyOnWriteArrayList<>();
    private Instant now = START;

    /** For another store that lives by this time. */
    void looksAheadAt(Ahead store) {
        ahead.add(store);
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
        Instant next = ahead.stream()
                .flatMap(store -> store.after(from).stream())
                .min(Comparator.naturalOrder())
                .orElseThrow(() -> new IllegalStateException("nothing lies ahead of " + from
                        + ": no job comes due, no lease expires, and no failed page waits for its next try"));
        advance(Duration.between(from, next));
    }

    /** The time. */
    @Override
    public String toString() {
        return now().toString();
    }
}
