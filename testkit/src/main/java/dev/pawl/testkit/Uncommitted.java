package dev.pawl.testkit;

import dev.pawl.job.JobId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What an open transaction has written and locked. Guarded by its store's lock. */
final class Uncommitted {
    private final Map<JobId, JobRow> rows = new LinkedHashMap<>();
    private final Set<JobId> locked = new HashSet<>();
    private final DescribedPipelines pipelines = new DescribedPipelines();
    private Optional<String> poison = Optional.empty();

    Map<JobId, JobRow> rows() {
        return rows;
    }

    /** Which it has recorded itself. */
    DescribedPipelines pipelines() {
        return pipelines;
    }

    void put(JobRow row) {
        JobId id = row.state().id();
        rows.put(id, row);
        locked.add(id);
    }

    void lock(JobId id) {
        locked.add(id);
    }

    boolean hasLocked(JobId id) {
        return locked.contains(id);
    }

    /** The first reason counts. */
    void poison(String why) {
        poison = poison.or(() -> Optional.of(why));
    }

    Optional<String> poison() {
        return poison;
    }
}
