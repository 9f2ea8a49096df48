package dev.pawl.benchmarks;

import java.util.Locale;
import java.util.Random;

/**
 * What is to be done: jobs of so many stages, each with a result of so many bytes to be recorded before the next.
 *
 * @param jobs how many are enqueued before the clock starts
 * @param stages of each job; one means a job that is just claimed and completed
 * @param resultBytes the length of each stage's result as JSON, 0 for none
 */
record Workload(String name, int jobs, int stages, int resultBytes) {
    private static final int DISTINCT_RESULTS = 64;

    static Workload drain(int jobs) {
        return new Workload("drain", jobs, 1, 0);
    }

    static Workload pipeline(int jobs) {
        return new Workload("pipeline", jobs, 8, 1024);
    }

    /** The commits that a contender would need which shares none, claims aside. */
    int steps() {
        return jobs * stages;
    }

    String unit() {
        return stages == 1 ? "jobs/s" : "stages/s";
    }

    String title() {
        return stages == 1
                ? String.format(Locale.ROOT, "Drain of %,d trivial jobs", jobs)
                : String.format(
                        Locale.ROOT, "Pipeline of %,d jobs x %d stages, %,d bytes each", jobs, stages, resultBytes);
    }

    /** Results as JSON, made beforehand from letters that don't compress away: making them is not what is measured. */
    String[] results() {
        Random random = new Random(42);
        String[] results = new String[DISTINCT_RESULTS];
        for (int i = 0; i < results.length; i++) {
            StringBuilder text = new StringBuilder("{\"text\":\"");
            while (text.length() < resultBytes - 2) {
                text.append((char) ('a' + random.nextInt(26)));
            }
            results[i] = text.append("\"}").toString();
        }
        return results;
    }
}
