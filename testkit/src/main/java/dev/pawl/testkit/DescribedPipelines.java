package dev.pawl.testkit;

import dev.pawl.store.JobState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The stage names that are recorded, in an {@link InMemoryJobStore} or in an open transaction. Guarded by the store's lock. */
final class DescribedPipelines {
    private final Map<Version, List<String>> stages = new HashMap<>();

    private record Version(String pipeline, int number) {}

    /** The first to describe a version is right, and those that are committed are before any other. */
    List<String> describe(String pipeline, int version, List<String> names, DescribedPipelines committed) {
        Version described = new Version(pipeline, version);
        List<String> known = committed.stages.get(described);
        return known != null ? known : stages.computeIfAbsent(described, unknown -> List.copyOf(names));
    }

    /** Takes over what a transaction recorded. */
    void commit(DescribedPipelines transaction) {
        transaction.stages.forEach(stages::putIfAbsent);
    }

    /** Whether anybody has described a pipeline of the job's version, with as many stages. */
    boolean know(JobState job) {
        List<String> names = stages.get(new Version(job.pipeline(), job.version()));
        return names != null && names.size() == job.stages();
    }

    /** Numbers, in the place of names that nobody has described. */
    List<String> stagesOf(JobState job) {
        List<String> numbers =
                IntStream.rangeClosed(1, job.stages()).mapToObj(String::valueOf).toList();
        return stages.getOrDefault(new Version(job.pipeline(), job.version()), numbers);
    }
}
