package dev.pawl.store;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often a length of time was measured, in buckets each of which ends 8 % beyond where it begins: the middle of a bucket is within 4 %
 * of all that is in it. The first has all that is not longer than a millisecond. Immutable.
 *
 * @param counts by the number of the bucket
 */
public record Histogram(SortedMap<Integer, Long> counts) {
    /** Without a measurement. */
    public static final Histogram NONE = new Histogram(new TreeMap<>());

    private static final double GROWTH = Math.log(1.08);

    /** Keeps the counts. */
    public Histogram {
        counts = Collections.unmodifiableSortedMap(new TreeMap<>(Objects.requireNonNull(counts, "counts")));
    }

    /**
     * The bucket of a length.
     *
     * @param length not negative
     * @return its number, 0 for up to a millisecond
     */
    public static int bucketOf(Duration length) {
        double millis = length.toNanos() / 1_000_000.0;
        return millis <= 1 ? 0 : (int) Math.ceil(Math.log(millis) / GROWTH);
    }

    /**
     * The length that a bucket stands for.
     *
     * @param bucket its number
     * @return within 4 % of all that are in it
     */
    public static Duration middleOf(int bucket) {
        double millis = bucket == 0 ? 1 : Math.exp((bucket - 0.5) * GROWTH);
        return Duration.ofNanos((long) (millis * 1_000_000));
    }

    /**
     * All measurements of both.
     *
     * @param other another
     * @return the sum
     */
    public Histogram plus(Histogram other) {
        TreeMap<Integer, Long> sum = new TreeMap<>(counts);
        other.counts.forEach((bucket, count) -> sum.merge(bucket, count, Long::sum));
        return new Histogram(sum);
    }

    /**
     * The shortest length that so many of the measurements don't exceed.
     *
     * @param share 0 to 1
     * @return within 4 % of it; zero without a measurement
     */
    public Duration quantile(double share) {
        long all = counts.values().stream().mapToLong(Long::longValue).sum();
        long rank = Math.max(1, (long) Math.ceil(share * all));
        long seen = 0;
        for (Map.Entry<Integer, Long> bucket : counts.entrySet()) {
            seen += bucket.getValue();
            if (seen >= rank) {
                return middleOf(bucket.getKey());
            }
        }
        return Duration.ZERO;
    }
}
