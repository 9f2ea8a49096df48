package dev.pawl.lease;

/**
 * The number of a claim, higher than every token that its subject ever had (rule L2). Bind {@link #value()} in your own
 * SQL to fence rows of yours: {@code … where id = :id and token <= :token}.
 *
 * @param value at least 1
 */
public record FencingToken(long value) implements Comparable<FencingToken> {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public FencingToken {
        if (value < 1) {
            throw new IllegalArgumentException("fencing token must be at least 1, but was " + value);
        }
    }

    @Override
    public int compareTo(FencingToken other) {
        return Long.compare(value, other.value);
    }

    /** {@code #7}. */
    @Override
    public String toString() {
        return "#" + value;
    }
}
