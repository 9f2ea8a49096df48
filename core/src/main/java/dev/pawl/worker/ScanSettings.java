package dev.pawl.worker;

import dev.pawl.internal.Checks;
import dev.pawl.job.RetryPolicy;
import java.time.Duration;
import java.util.Objects;

/**
 * How a scan is walked. Immutable; each method returns a changed copy. For implementers of stores.
 *
 * @param name the scan's
 * @param lease how long a walker holds it unless renewed
 * @param retry when a page that failed is tried again, and from when on it counts as failing
 * @param startOver whether a changed order of keys begins a new lap, and is not refused
 */
public record ScanSettings(String name, Duration lease, RetryPolicy retry, boolean startOver) {
    /** What the names of the leases of scans begin with, and no lease of the application's. */
    public static final String LEASES = "scan/";

    private static final Duration SHORTEST_LEASE = Duration.ofMillis(100);

    /** Checks the values. */
    public ScanSettings {
        Checks.name("scan", name);
        Checks.positive("lease length", lease);
        if (lease.compareTo(SHORTEST_LEASE) < 0) {
            throw new IllegalArgumentException(
                    "lease length of scan " + name + " must be at least " + SHORTEST_LEASE + ", but was " + lease);
        }
        Objects.requireNonNull(retry, "retry policy");
    }

    /**
     * A lease of 30 s, the standard retries, and no new lap for changed keys.
     *
     * @param scan its name
     * @return the settings that hold unless told otherwise
     */
    public static ScanSettings of(String scan) {
        return new ScanSettings(scan, Duration.ofSeconds(30), RetryPolicy.standard(), false);
    }

    /**
     * Another length of the lease.
     *
     * @param length 100 ms or more
     * @return a copy
     */
    public ScanSettings withLease(Duration length) {
        return new ScanSettings(name, length, retry, startOver);
    }

    /**
     * Other retries.
     *
     * @param policy of pages that fail
     * @return a copy
     */
    public ScanSettings withRetry(RetryPolicy policy) {
        return new ScanSettings(name, lease, policy, startOver);
    }

    /**
     * A new lap where the keys have changed.
     *
     * @return a copy
     */
    public ScanSettings startingOverIfChanged() {
        return new ScanSettings(name, lease, retry, true);
    }

    /**
     * What is leased while somebody walks.
     *
     * @return the lease's name
     */
    public String leaseName() {
        return LEASES + name;
    }
}
