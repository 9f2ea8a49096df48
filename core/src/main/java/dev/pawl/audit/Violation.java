package dev.pawl.audit;

import dev.pawl.job.JobId;
import java.util.Objects;
import java.util.Optional;

/**
 * A broken invariant, as it was found.
 *
 * @param invariant which
 * @param subject what it is about, for people: {@code job recap/0190…}, {@code queue recap}
 * @param job the job that it is about, or one of several; empty if it is about none
 * @param found what was found, in words
 */
public record Violation(Invariant invariant, String subject, Optional<JobId> job, String found) {
    /** Checks that nothing is missing. */
    public Violation {
        Objects.requireNonNull(invariant, "invariant");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(job, "job");
        Objects.requireNonNull(found, "found");
    }

    /**
     * A job's.
     *
     * @param invariant which
     * @param job the job
     * @param found what was found, in words
     * @return the violation
     */
    public static Violation of(Invariant invariant, JobId job, String found) {
        return new Violation(invariant, "job " + job, Optional.of(Objects.requireNonNull(job, "job")), found);
    }

    /**
     * The invariant's name for machines.
     *
     * @return {@code children-miscounted}, say
     */
    public String code() {
        return invariant.code();
    }

    /** {@code children-miscounted: job recap/0190…: 3 open, but 2 by the rows}. */
    @Override
    public String toString() {
        return code() + ": " + subject + ": " + found;
    }
}
