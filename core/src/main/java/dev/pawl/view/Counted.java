package dev.pawl.view;

/**
 * A number of rows that was counted up to a cap, and no further.
 *
 * @param value how many there are, or how many were counted
 * @param exact whether that is all of them; if not, there are at least as many
 */
public record Counted(long value, boolean exact) {
    /** Checks that it is not negative. */
    public Counted {
        if (value < 0) {
            throw new IllegalArgumentException("a count must not be negative, but was " + value);
        }
    }

    /**
     * What a count that stops beyond a cap comes to.
     *
     * @param counted how many were counted; one more than the cap if there were more
     * @param cap how many are told
     * @return the count, exact up to the cap
     */
    public static Counted upTo(long counted, long cap) {
        return new Counted(Math.min(counted, cap), counted <= cap);
    }

    /** {@code 17}, or {@code at least 10000}. */
    @Override
    public String toString() {
        return exact ? String.valueOf(value) : "at least " + value;
    }
}
