package dev.pawl.testkit;

import dev.pawl.store.JobState;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** The stage names that an {@link InMemoryJobStore} has recorded. Safe for use by many threads. */
final class DescribedPipelines {
    private final Map<Version, List<String>> stages = new ConcurrentHashMap<>();

    private record Version(String pipeline, int number) {}

    /** The first to describe a version is right. */
    List<String> describe(String pipeline, int version, List<String> names) {
        return stages.computeIfAbsent(new Version(pipeline, version), unknown -> List.copyOf(names));
    }

    /** Numbers, in the place of names that nobody has described. */
    List<String> stagesOf(JobState job) {
        List<String> numbers =
                IntStream.rangeClosed(1, job.stages()).mapToObj(String::valueOf).toList();
        return stages.getOrDefault(new Version(job.pipeline(), job.version()), numbers);
    }
}
