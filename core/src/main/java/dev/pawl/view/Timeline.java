package dev.pawl.view;

import dev.pawl.job.JobId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What happened to a job. Claims and renewals that went well leave no trace, and are not in it. Immutable.
 *
 * @param job which
 * @param events oldest first
 * @param complete false if more went wrong than is told: then it is the last thousand failures, the last thousand repairs, and all else
 * @param asOf the database's time of this reading
 */
public record Timeline(JobId job, List<JobEvent> events, boolean complete, Instant asOf) {
    /** Keeps the list. */
    public Timeline {
        Objects.requireNonNull(job, "job");
        Objects.requireNonNull(asOf, "asOf");
        events = List.copyOf(Objects.requireNonNull(events, "events"));
    }
}
