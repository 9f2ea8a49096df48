package dev.pawl.store;

import dev.pawl.job.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What ended in a span of time, of one queue and pipeline and in one way. Immutable.
 *
 * @param jobs how many
 * @param failedAttempts how often their handlers failed
 * @param takeovers how often they were taken over
 * @param measured how many of them were ever claimed
 * @param run how long those ran, together
 * @param waited how long those had waited, together
 * @param runs how long each ran
 * @param waits how long each had waited
 */
public record Tally(
        long jobs,
        long failedAttempts,
        long takeovers,
        long measured,
        Duration run,
        Duration waited,
        Histogram runs,
        Histogram waits) {
    /** Of nothing. */
    public static final Tally NONE =
            new Tally(0, 0, 0, 0, Duration.ZERO, Duration.ZERO, Histogram.NONE, Histogram.NONE);

    /** Checks that nothing is missing. */
    public Tally {
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(waited, "waited");
        Objects.requireNonNull(runs, "runs");
        Objects.requireNonNull(waits, "waits");
    }

    /** How long a span is. */
    public enum Grain {
        /** Five minutes. */
        FIVE_MINUTES(Duration.ofMinutes(5)),
        /** An hour. */
        HOUR(Duration.ofHours(1));

        private final Duration length;

        Grain(Duration length) {
            this.length = length;
        }

        /**
         * How long.
         *
         * @return the length
         */
        public Duration length() {
            return length;
        }

        /**
         * The span that a time is in.
         *
         * @param time which
         * @return its beginning
         */
        public Instant startOf(Instant time) {
            long seconds = length.toSeconds();
            return Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), seconds) * seconds);
        }
    }

    /**
     * Whose, and when.
     *
     * @param pipeline its name
     * @param status how they ended
     * @param start of the span
     */
    public record Key(String pipeline, JobStatus status, Instant start) {
        /** Checks that nothing is missing. */
        public Key {
            Objects.requireNonNull(pipeline, "pipeline");
            Objects.requireNonNull(status, "status");
            Objects.requireNonNull(start, "start");
        }
    }

    /**
     * Counts jobs in spans of five minutes.
     *
     * @param jobs which have ended
     * @return by pipeline, end and span
     */
    public static Map<Key, Tally> of(Collection<EndedJob> jobs) {
        Map<Key, List<EndedJob>> byKey = new HashMap<>();
        for (EndedJob job : jobs) {
            Key key = new Key(job.pipeline(), job.status(), Grain.FIVE_MINUTES.startOf(job.endedAt()));
            byKey.computeIfAbsent(key, unknown -> new ArrayList<>()).add(job);
        }
        Map<Key, Tally> tallies = new HashMap<>();
        byKey.forEach((key, ended) -> tallies.put(key, ofOne(ended)));
        return tallies;
    }

    private static Tally ofOne(List<EndedJob> jobs) {
        long failed = 0;
        long takeovers = 0;
        long measured = 0;
        Duration run = Duration.ZERO;
        Duration waited = Duration.ZERO;
        SortedMap<Integer, Long> runs = new TreeMap<>();
        SortedMap<Integer, Long> waits = new TreeMap<>();
        for (EndedJob job : jobs) {
            failed += job.failedAttempts();
            takeovers += job.takeovers();
            if (job.startedAt().isPresent()) {
                measured++;
                Duration ran = between(job.startedAt().get(), job.endedAt());
                Duration stood = between(job.enqueuedAt(), job.startedAt().get());
                run = run.plus(ran);
                waited = waited.plus(stood);
                runs.merge(Histogram.bucketOf(ran), 1L, Long::sum);
                waits.merge(Histogram.bucketOf(stood), 1L, Long::sum);
            }
        }
        return new Tally(
                jobs.size(), failed, takeovers, measured, run, waited, new Histogram(runs), new Histogram(waits));
    }

    private static Duration between(Instant from, Instant to) {
        Duration length = Duration.between(from, to);
        return length.isNegative() ? Duration.ZERO : length; // the database's clock was set
    }

    /**
     * Both together.
     *
     * @param other another
     * @return the sum
     */
    public Tally plus(Tally other) {
        return new Tally(
                jobs + other.jobs,
                failedAttempts + other.failedAttempts,
                takeovers + other.takeovers,
                measured + other.measured,
                run.plus(other.run),
                waited.plus(other.waited),
                runs.plus(other.runs),
                waits.plus(other.waits));
    }
}
