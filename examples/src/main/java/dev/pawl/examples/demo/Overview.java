package dev.pawl.examples.demo;

import dev.pawl.job.Failure;
import dev.pawl.job.JobStatus;
import dev.pawl.view.JobProgress;
import dev.pawl.view.JobProgress.Child;
import dev.pawl.view.JobProgress.StageChildren;
import dev.pawl.view.JobProgress.StageProgress;
import dev.pawl.view.Stats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What Pawl's views tell: where a job was in the middle of it all, and what came of all jobs. At most 110 characters a line. */
public final class Overview {
    private Overview() {}

    /**
     * Both, for people.
     *
     * @param name of the job
     * @param progress as it was
     * @param stats of all jobs and children
     * @return lines
     */
    public static List<String> lines(String name, JobProgress progress, Stats stats) {
        List<String> lines = new ArrayList<>(List.of(
                "",
                "WHERE THE " + name + " WERE",
                "Right after the kill, by Pawl's views: what was done, and how long it took; what it waited for.",
                ""));
        Table stages = Table.of("stage", "is", "took", "its genres");
        for (StageProgress stage : progress.stages()) {
            stages = stages.row(
                    stage.name(),
                    stage.state().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    stage.took().map(Overview::shown).orElse(""),
                    stage.children().map(Overview::genres).orElse(""));
        }
        lines.addAll(stages.lines());
        lines.addAll(List.of(
                "",
                "STATISTICS",
                "Of the last hour, by Pawl's views: how jobs ended, and how long they took from the first claim on.",
                ""));
        Table table = Table.of("pipeline", "completed", "failed", "success", "taken over", "mean", "p95");
        for (Map.Entry<String, Stats.Figures> of : stats.byPipeline().entrySet()) {
            table = row(table, of.getKey(), of.getValue());
        }
        lines.addAll(row(table, "all", stats.total()).lines());
        return List.copyOf(lines);
    }

    private static Table row(Table table, String pipeline, Stats.Figures figures) {
        return table.row(
                pipeline,
                figures.completed(),
                figures.failed(),
                figures.successRate()
                        .map(rate -> String.format(Locale.ROOT, "%.0f %%", rate * 100))
                        .orElse(""),
                figures.takeovers(),
                shown(figures.run().mean()),
                shown(figures.run().p95()));
    }

    /** {@code 5 of 6 read; war-and-peace held by worker-1}. */
    private static String genres(StageChildren children) {
        String open = children.first().stream()
                .filter(child -> !child.job().status().isEnded())
                .map(Overview::holder)
                .collect(Collectors.joining(", "));
        return children.counts().completed() + " of " + children.counts().total() + " read"
                + (open.isEmpty() ? "" : "; " + open);
    }

    private static String holder(Child child) {
        return child.key()
                + child.job()
                        .lease()
                        .filter(lease -> child.job().status() == JobStatus.RUNNING)
                        .map(lease -> " held by " + Plot.worker(lease.holder()))
                        .orElse(" held by nobody");
    }

    private static String shown(Duration time) {
        return time.compareTo(Duration.ofSeconds(1)) < 0
                ? time.toMillis() + " ms"
                : String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1_000.0);
    }

    /**
     * What the statistics say otherwise than the jobs' rows.
     *
     * @param stats of all jobs and children
     * @param figures what the rows say
     * @return a sentence for each; empty if they say the same
     */
    public static List<String> wrong(Stats stats, Figures figures) {
        List<String> wrong = new ArrayList<>();
        long completed =
                figures.all().stream().filter(Figures.OneJob::isCompleted).count();
        long takeovers = figures.all().stream()
                .mapToLong(job -> job.failures(Failure.Kind.TAKEN_OVER).size())
                .sum();
        compare(wrong, "completed", stats.total().completed(), completed);
        compare(wrong, "taken over", stats.total().takeovers(), takeovers);
        return List.copyOf(wrong);
    }

    private static void compare(List<String> wrong, String what, long told, long counted) {
        if (told != counted) {
            wrong.add("the statistics tell of " + told + " " + what + ", but the rows of " + counted);
        }
    }
}
