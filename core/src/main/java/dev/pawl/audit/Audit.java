package dev.pawl.audit;

import dev.pawl.job.JobId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What an audit found.
 *
 * @param violations in the order of jobs, then what is about no single job
 * @param jobs at how many jobs it looked
 * @param last the last job that it looked at, if there are more: {@link Auditor#more} goes on beyond it
 * @param asOf the store's time at its beginning
 */
public record Audit(List<Violation> violations, long jobs, Optional<JobId> last, Instant asOf) {
    /** Keeps the violations. */
    public Audit {
        violations = List.copyOf(Objects.requireNonNull(violations, "violations"));
        Objects.requireNonNull(last, "last");
        Objects.requireNonNull(asOf, "asOf");
    }

    /**
     * Whether it has looked at all there is.
     *
     * @return false if it ended at a limit, and {@link Auditor#more} goes on
     */
    public boolean isComplete() {
        return last.isEmpty();
    }

    /**
     * Whether nothing was found.
     *
     * @return true if there are no violations
     */
    public boolean isClean() {
        return violations.isEmpty();
    }

    /** {@code 2 violations among 1,000 jobs, as of …}. */
    @Override
    public String toString() {
        return violations.size() + (violations.size() == 1 ? " violation among " : " violations among ") + jobs
                + (jobs == 1 ? " job" : " jobs") + (isComplete() ? "" : ", with more to come") + ", as of " + asOf;
    }
}
