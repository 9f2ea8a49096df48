package dev.pawl.store;

import dev.pawl.job.JobId;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Turns what the application enqueues into rows: gives ids, writes payloads, and sees to it that the pipeline's stage names
 * are recorded. Safe for use by many threads.
 */
public final class NewRows {
    private final JsonValues values;
    private final JobIds ids;
    private final Set<Pipeline<?, ?>> described = ConcurrentHashMap.newKeySet();

    /**
     * For one Pawl.
     *
     * @param values the door to JSON
     * @param ids the source of ids
     */
    public NewRows(JsonValues values, JobIds ids) {
        this.values = values;
        this.ids = ids;
    }

    /**
     * Rows to insert.
     *
     * @param jobs what the application enqueues
     * @return a row for each, in the same order
     */
    public List<NewRow> of(List<? extends NewJob<?>> jobs) {
        return jobs.stream().map(this::of).toList();
    }

    /**
     * Sees to it that the pipelines are recorded, and that they are recorded as they are here.
     *
     * @param jobs what the application enqueues
     * @param store where to record
     * @param commits whether what the store writes is committed when it returns; if not, it is asked again next time
     */
    public void describe(List<? extends NewJob<?>> jobs, JobStore store, boolean commits) {
        jobs.stream().map(NewJob::pipeline).distinct().forEach(pipeline -> describe(pipeline, store, commits));
    }

    /**
     * Sees to it that a pipeline is recorded, and that it is recorded as it is here.
     *
     * @param pipeline as the application has it
     * @param store where to record
     * @param commits whether what the store writes is committed when it returns
     * @throws IllegalArgumentException if it is recorded with other stages
     */
    public void describe(Pipeline<?, ?> pipeline, JobStore store, boolean commits) {
        if (described.contains(pipeline)) {
            return;
        }
        List<String> recorded = store.describe(pipeline.name(), pipeline.version(), pipeline.stageNames());
        if (!recorded.equals(pipeline.stageNames())) {
            throw new IllegalArgumentException("pipeline " + pipeline + " has the stages " + pipeline.stageNames()
                    + " here, but is recorded with " + recorded
                    + ": changed stages need a new version, which may continue v"
                    + pipeline.version() + " (Pipeline.Builder.version and continuing)");
        }
        if (commits) {
            described.add(pipeline);
        }
    }

    private NewRow of(NewJob<?> job) {
        NewJob.Settings s = job.settings();
        JobId id = s.id().orElseGet(() -> ids.next(s.queue()));
        Pipeline<?, ?> pipeline = job.pipeline();
        return new NewRow(
                id,
                pipeline.name(),
                pipeline.version(),
                pipeline.stages().size(),
                s.key(),
                values.write("payload of " + job, job.payload()),
                s.triggeredBy(),
                s.priority(),
                s.notBefore(),
                s.delay());
    }
}
