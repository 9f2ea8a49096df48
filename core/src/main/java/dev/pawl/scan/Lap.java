package dev.pawl.scan;

import dev.pawl.Json;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One walk from end to end: the one that is under way, or the next. Keys are for people to look at; only what wrote them
 * reads them back.
 *
 * @param number 1 for the first
 * @param cursor the key of the last row that was handled; empty before the first page
 * @param end the key of the last row in order when the lap began; empty if it has not begun
 * @param rows how many were handled in it
 * @param pages in how many pages
 * @param startedAt when it began; empty if it has not
 */
public record Lap(
        long number, Optional<Json> cursor, Optional<Json> end, long rows, long pages, Optional<Instant> startedAt) {
    /** Checks that nothing is missing, or contradicts another. */
    public Lap {
        Objects.requireNonNull(cursor, "cursor");
        if (Objects.requireNonNull(end, "end").isPresent()
                != Objects.requireNonNull(startedAt, "startedAt").isPresent()) {
            throw new IllegalArgumentException("a lap has an end if it has begun, and only then");
        }
        if (end.isEmpty() && (cursor.isPresent() || rows != 0 || pages != 0)) {
            throw new IllegalArgumentException("a lap that has not begun has neither a cursor nor rows");
        }
        if (number < 1 || rows < 0 || pages < 0) {
            throw new IllegalArgumentException("a lap has a number from 1, and no negative counts, but was " + number
                    + ", " + rows + ", " + pages);
        }
    }

    /**
     * One that has not begun.
     *
     * @param number 1 for the first
     * @return the lap
     */
    public static Lap next(long number) {
        return new Lap(number, Optional.empty(), Optional.empty(), 0, 0, Optional.empty());
    }

    /**
     * Whether it is under way.
     *
     * @return false before its beginning
     */
    public boolean hasBegun() {
        return end.isPresent();
    }
}
