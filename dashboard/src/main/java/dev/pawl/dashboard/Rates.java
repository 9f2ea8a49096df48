package dev.pawl.dashboard;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** So many requests a second for each visitor, and a few seconds' worth at once. Safe for use by many threads. */
final class Rates {
    private static final int MOST = 10_000;
    private static final int SECONDS_AT_ONCE = 4;

    private final double perSecond;
    private final LongSupplier nanos;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MOST;
        }
    };

    Rates(double perSecond, LongSupplier nanos) {
        this.perSecond = perSecond;
        this.nanos = nanos;
    }

    private static final class Bucket {
        private double tokens;
        private long at;

        Bucket(double tokens, long at) {
            this.tokens = tokens;
            this.at = at;
        }
    }

    /** Takes one. */
    synchronized void take(String who) {
        long now = nanos.getAsLong();
        Bucket bucket = buckets.computeIfAbsent(who, any -> new Bucket(perSecond * SECONDS_AT_ONCE, now));
        double come = (now - bucket.at) / 1e9 * perSecond;
        bucket.tokens = Math.min(perSecond * SECONDS_AT_ONCE, bucket.tokens + come);
        bucket.at = now;
        if (bucket.tokens < 1) {
            throw Problem.of(
                            429,
                            "too-many",
                            "These are more than " + (long) perSecond + " requests a second. Ask again in a moment.")
                    .after(Duration.ofMillis((long) Math.ceil((1 - bucket.tokens) / perSecond * 1_000)));
        }
        bucket.tokens--;
    }
}
