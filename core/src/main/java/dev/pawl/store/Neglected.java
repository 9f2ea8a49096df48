package dev.pawl.store;

import dev.pawl.audit.Invariant;
import dev.pawl.audit.Violation;
import dev.pawl.job.JobId;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Jobs that nobody takes, or that nobody can take, for one reason: told together, by their queue and their version of a pipeline.
 *
 * @param invariant that they break: its pipeline is unknown, leases have expired, or they are due for long
 * @param queue theirs
 * @param pipeline theirs
 * @param version of the pipeline
 * @param jobs how many
 * @param since when that began, for the first of them
 * @param first that one
 */
public record Neglected(
        Invariant invariant, String queue, String pipeline, int version, long jobs, Instant since, JobId first) {
    private static final Comparator<Neglected> ORDER = Comparator.comparing(Neglected::invariant)
            .thenComparing(Neglected::queue)
            .thenComparing(Neglected::pipeline)
            .thenComparingInt(Neglected::version);

    /** Checks that nothing is missing, and that there are words for it. */
    public Neglected {
        Objects.requireNonNull(queue, "queue");
        Objects.requireNonNull(pipeline, "pipeline");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(first, "first");
        words(Objects.requireNonNull(invariant, "invariant"));
    }

    /**
     * What was found on several pages, as one.
     *
     * @param pages of each page
     * @return a violation for each reason, queue and version of a pipeline
     */
    public static List<Violation> violations(Collection<Neglected> pages) {
        Map<Neglected, Neglected> groups = new TreeMap<>(ORDER);
        pages.forEach(page -> groups.merge(page, page, Neglected::plus));
        return groups.values().stream().map(Neglected::violation).toList();
    }

    private Neglected plus(Neglected other) {
        Neglected earlier = other.since.isBefore(since) ? other : this;
        return new Neglected(invariant, queue, pipeline, version, jobs + other.jobs, earlier.since, earlier.first);
    }

    private Violation violation() {
        return new Violation(
                invariant,
                "pipeline " + pipeline + " v" + version + " in queue " + queue,
                Optional.of(first),
                (jobs == 1 ? "1 job, " : jobs + " jobs, ") + words(invariant) + since + ": " + first);
    }

    private static String words(Invariant invariant) {
        return switch (invariant) {
            case PIPELINE_UNKNOWN -> "not ended, and as it is since ";
            case LEASE_EXPIRED -> "the first lease expired at ";
            case DUE_FOR_LONG -> "the first was due at ";
            default -> throw new IllegalArgumentException("jobs are not neglected by " + invariant.code());
        };
    }
}
