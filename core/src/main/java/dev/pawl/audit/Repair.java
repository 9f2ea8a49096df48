package dev.pawl.audit;

import dev.pawl.Actor;
import dev.pawl.job.JobId;
import java.time.Instant;
import java.util.Objects;

/**
 * The record of a repair that was done.
 *
 * @param at when
 * @param by who asked for it
 * @param code of the invariant that was broken
 * @param job the job that was repaired
 * @param before the job as it was
 * @param after the job as it became
 */
public record Repair(Instant at, Actor by, String code, JobId job, String before, String after) {
    /** Checks that nothing is missing. */
    public Repair {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(job, "job");
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
    }
}
