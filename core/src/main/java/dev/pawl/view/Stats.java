package dev.pawl.view;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What ended within a window. Each end counts once, also of a job that was removed since; a job that was retried after it was
 * counted counts again when it ends again. Immutable.
 *
 * @param from the window's beginning: the beginning of the five minutes in which it was asked to begin
 * @param to until when everything is counted that was committed; before {@code asOf} where nobody has counted for a while and more
 *     has ended since than is counted at once
 * @param total of all that was asked for
 * @param byPipeline the same by pipelines
 * @param series the same over time, in steps of the same length; steps without an end are left out
 * @param asOf the database's time of this reading
 */
public record Stats(
        Instant from, Instant to, Figures total, Map<String, Figures> byPipeline, List<Step> series, Instant asOf) {
    /** Keeps the parts. */
    public Stats {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(total, "total");
        Objects.requireNonNull(asOf, "asOf");
        byPipeline = Collections.unmodifiableMap(new TreeMap<>(Objects.requireNonNull(byPipeline, "byPipeline")));
        series = List.copyOf(Objects.requireNonNull(series, "series"));
    }

    /**
     * Part of a window.
     *
     * @param from its beginning
     * @param figures what ended in it
     */
    public record Step(Instant from, Figures figures) {
        /** Checks that nothing is missing. */
        public Step {
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(figures, "figures");
        }
    }

    /**
     * Figures of jobs that ended.
     *
     * @param completed how many completed
     * @param failed how many failed
     * @param cancelled how many were cancelled
     * @param failedAttempts how often a handler of theirs failed
     * @param takeovers how often they were taken over
     * @param run from the first claim to the end, of those that completed or failed
     * @param waited from the enqueue to the first claim, of those that completed or failed
     */
    public record Figures(
            long completed, long failed, long cancelled, long failedAttempts, long takeovers, Times run, Times waited) {
        /** Checks that no count is negative. */
        public Figures {
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(waited, "waited");
            if (completed < 0 || failed < 0 || cancelled < 0 || failedAttempts < 0 || takeovers < 0) {
                throw new IllegalArgumentException("figures must not be negative, but were " + completed
                        + " completed, "
                        + failed + " failed, " + cancelled + " cancelled, " + failedAttempts + " failed attempts, "
                        + takeovers + " takeovers");
            }
        }

        /**
         * All that ended.
         *
         * @return however they ended
         */
        public long ended() {
            return completed + failed + cancelled;
        }

        /**
         * Those that completed of those that completed or failed.
         *
         * @return 0 to 1; empty if there are none
         */
        public Optional<Double> successRate() {
            long judged = completed + failed;
            return judged == 0 ? Optional.empty() : Optional.of((double) completed / judged);
        }
    }

    /**
     * How long it took. The mean is exact; the others come from a histogram, and are within 5 % of a time that was measured.
     *
     * @param mean of all
     * @param p50 half of them were as short, or shorter
     * @param p95 19 of 20 were
     * @param p99 99 of 100 were
     */
    public record Times(Duration mean, Duration p50, Duration p95, Duration p99) {
        /** Of nothing. */
        public static final Times NONE = new Times(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);

        /** Checks that nothing is missing. */
        public Times {
            Objects.requireNonNull(mean, "mean");
            Objects.requireNonNull(p50, "p50");
            Objects.requireNonNull(p95, "p95");
            Objects.requireNonNull(p99, "p99");
        }
    }
}
