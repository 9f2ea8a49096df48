package dev.pawl.store;

import dev.pawl.internal.Checks;
import dev.pawl.job.JobId;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Turns what the application enqueues into rows: gives ids, writes payloads, and sees to it that the pipeline's stage names
 * are recorded. Safe for use by many threads.
 */
public final class NewRows {
    /** So that one call stays one transaction of moderate length. */
    private static final int MOST_AT_ONCE = 10_000;

    /** So that a fan-out stays one transaction that a database takes, and a retry of all of them, too. */
    private static final int MOST_CHILDREN = 100_000;

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
     * Rows to insert. Writes nothing.
     *
     * @param jobs what the application enqueues
     * @return a row for each, in the same order
     * @throws IllegalArgumentException if they are too many, or a payload is too large or no JSON
     */
    public List<NewRow> of(List<? extends NewJob<?>> jobs) {
        Objects.requireNonNull(jobs, "jobs");
        Checks.between("jobs to enqueue in one call", jobs.size(), 0, MOST_AT_ONCE);
        return jobs.stream().map(job -> of(Objects.requireNonNull(job, "job"))).toList();
    }

    /**
     * Children to insert. Writes nothing.
     *
     * @param <C> the children's payload
     * @param parent whose
     * @param pipeline the children's
     * @param payloads by key
     * @return one for each, in the same order
     * @throws IllegalArgumentException if they are too many, a key is not printable, or a payload is too large or no JSON
     */
    public <C> List<NewChild> children(JobId parent, Pipeline<C, ?> pipeline, Map<String, ? extends C> payloads) {
        Checks.between("children of a stage", payloads.size(), 0, MOST_CHILDREN);
        List<NewChild> children = new ArrayList<>(payloads.size());
        payloads.forEach((key, payload) -> children.add(new NewChild(
                ids.next(parent.queue()).uuid(),
                Checks.printable("key of a child", key),
                pipeline.name(),
                pipeline.version(),
                pipeline.stages().size(),
                values.write("payload of child '" + key + "' of job " + parent, payload))));
        return children;
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
     * Sees to it that a pipeline is recorded, and that it is recorded as it is here; and so are the versions that it
     * continues, since by their stages it is decided where their jobs go on.
     *
     * @param pipeline as the application has it
     * @param store where to record
     * @param commits whether what the store writes is committed when it returns
     * @throws IllegalArgumentException if one is recorded with other stages
     */
    public void describe(Pipeline<?, ?> pipeline, JobStore store, boolean commits) {
        if (described.contains(pipeline)) {
            return;
        }
        pipeline.continued().ifPresent(older -> describe(older, store, commits));
        List<String> here = pipeline.stageNames();
        List<String> recorded = store.describe(pipeline.name(), pipeline.version(), here);
        if (!recorded.equals(here)) {
            throw new IllegalArgumentException("pipeline " + pipeline + " has the stages " + here
                    + " here, but is recorded with " + recorded + " (" + difference(here, recorded)
                    + "): changed stages need a new version, which may continue v"
                    + pipeline.version() + " as it is recorded (Pipeline.Builder.version and continuing)");
        }
        if (commits) {
            described.add(pipeline);
        }
    }

    /** In words: added, missing, or in another order from where on. */
    private static String difference(List<String> here, List<String> recorded) {
        List<String> added = without(here, recorded);
        List<String> missing = without(recorded, here);
        if (added.isEmpty() && missing.isEmpty()) {
            int first = 0;
            while (here.get(first).equals(recorded.get(first))) {
                first++;
            }
            return "the same stages in another order, from '" + here.get(first) + "' on";
        }
        return Stream.of(told("added here: ", added), told("missing here: ", missing))
                .filter(words -> !words.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private static List<String> without(List<String> some, List<String> others) {
        return some.stream().filter(name -> !others.contains(name)).toList();
    }

    private static String told(String what, List<String> names) {
        return names.isEmpty() ? "" : what + String.join(", ", names);
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
