package dev.pawl.examples.demo;

import dev.pawl.examples.demo.Figures.Checkpoint;
import dev.pawl.examples.demo.Figures.OneJob;
import dev.pawl.examples.demo.Figures.Output;
import dev.pawl.examples.jobs.Recap;
import dev.pawl.job.Failure;
import dev.pawl.job.JobStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The figures for people: at most 110 characters a line. */
public final class Report {
    private static final int PARTS_IN_A_LINE = 3;

    private final Figures figures;
    private final List<String> lines = new ArrayList<>();

    private Report(Figures figures) {
        this.figures = figures;
    }

    /**
     * Everything that is to be shown.
     *
     * @param figures what the database says
     * @param plot what was done to the workers
     * @param recaps the recaps that the stages make without jobs, by job
     * @return lines
     */
    public static List<String> lines(Figures figures, Plot plot, Map<String, String> recaps) {
        Report report = new Report(figures);
        report.takeovers(plot);
        report.refusals();
        report.jobs();
        report.sample(plot);
        report.totals(recaps);
        return List.copyOf(report.lines);
    }

    private void takeovers(Plot plot) {
        heading(
                "TAKEOVERS",
                "A job or child whose lease had run out was claimed by another worker, under a higher fencing token (#).");
        Table table = Table.of("job", "in stage", "from", "", "to", "because");
        for (OneJob job : figures.all()) {
            for (Failure takeover : job.failures(Failure.Kind.TAKEN_OVER)) {
                String from = Plot.worker(takeover.holder());
                String to = job.tokenAfter(takeover.token().value())
                        .map(token -> "#" + token + worker(job, token))
                        .orElse("nobody");
                String because = from.equals(plot.killed()) ? "killed" : from.equals(plot.frozen()) ? "frozen" : "slow";
                table = table.row(
                        job.name(),
                        takeover.stage(),
                        takeover.token() + " " + from,
                        "->",
                        to,
                        from + " was " + because);
            }
        }
        lines.addAll(table.lines());
    }

    private void refusals() {
        heading(
                "REFUSED WRITES",
                "A worker that had been replaced came back and tried to write. Nothing of it was stored.");
        Table table = Table.of("job", "in stage", "by", "what happened");
        for (OneJob job : figures.all()) {
            for (Failure refused : job.failures(Failure.Kind.REFUSED)) {
                table = table.row(
                        job.name(),
                        refused.stage(),
                        refused.token() + " " + Plot.worker(refused.holder()),
                        plain(refused.message()));
            }
        }
        lines.addAll(table.lines());
    }

    private void jobs() {
        heading(
                "JOBS",
                "Who checkpointed which stages, under which token. Eight stages each, in order, each once;"
                        + " genre by children.");
        Table table = Table.of("job", "status", "genres", "stages");
        for (OneJob job : figures.jobs()) {
            List<OneJob> genres = figures.childrenOf(job);
            List<String> stages = stages(job);
            table = table.row(
                    job.name(),
                    job.snapshot().map(snapshot -> lower(snapshot.status())).orElse("gone"),
                    completed(genres) + " of " + genres.size(),
                    stages.isEmpty() ? "" : stages.get(0));
            for (int more = 1; more < stages.size(); more++) {
                table = table.row("", "", "", stages.get(more));
            }
        }
        lines.addAll(table.lines());
    }

    private void sample(Plot plot) {
        heading("A RECAP TO READ", "Of the job that the frozen worker lost and another finished.");
        figures.jobs().stream()
                .filter(job -> job.id().equals(plot.frozenIn()))
                .flatMap(job -> job.outputs().stream())
                .limit(1)
                .flatMap(output -> output.recap().lines())
                .forEach(line -> lines.add(("  | " + line).stripTrailing()));
    }

    private void totals(Map<String, String> recaps) {
        heading(
                "TOTALS",
                "Counted in the database, PostgreSQL " + figures.settings().get("server_version") + ".");
        long completed = completed(figures.jobs());
        long read = completed(figures.children());
        long checkpoints = figures.jobs().stream()
                .mapToLong(job -> job.checkpoints().size())
                .sum();
        long distinct = figures.jobs().stream()
                .mapToLong(job -> job.checkpoints().stream()
                        .map(Checkpoint::position)
                        .distinct()
                        .count())
                .sum();
        long outputs =
                figures.jobs().stream().mapToLong(job -> job.outputs().size()).sum();
        long different = figures.jobs().stream()
                .flatMap(job -> job.outputs().stream()
                        .map(Output::recap)
                        .filter(recap -> !recap.equals(recaps.getOrDefault(job.name(), ""))))
                .count();
        Table table = Table.of("what", "count")
                .row("jobs enqueued", figures.jobs().size())
                .row("jobs completed", completed)
                .row("jobs lost", figures.jobs().size() - completed)
                .row(
                        "stages checkpointed",
                        distinct + " of "
                                + figures.jobs().size()
                                        * Recap.PIPELINE.stages().size())
                .row("stages checkpointed twice", checkpoints - distinct)
                .row("genres started as children", figures.children().size())
                .row("genres read", read)
                .row("genres lost", figures.children().size() - read)
                .row("takeovers", count(Failure.Kind.TAKEN_OVER))
                .row("writes refused", count(Failure.Kind.REFUSED))
                .row("attempts failed", count(Failure.Kind.FAILED))
                .row("recaps written", outputs + figures.strayOutputs())
                .row("recaps that differ from a run without jobs", different)
                .row("laps of the scan over the recaps", figures.laps())
                .row("recaps that it left out", figures.withoutAnEntry());
        lines.addAll(table.lines());
    }

    private static long completed(List<OneJob> jobs) {
        return jobs.stream().filter(OneJob::isCompleted).count();
    }

    /** {@code fetch-dedup #3 worker-1, genre-persist #27 worker-3}; in several lines where that would be long. */
    private static List<String> stages(OneJob job) {
        Map<Long, List<String>> byToken = new LinkedHashMap<>();
        job.checkpoints()
                .forEach(checkpoint -> byToken.computeIfAbsent(checkpoint.token(), any -> new ArrayList<>())
                        .add(Recap.PIPELINE.stages().get(checkpoint.position()).name()));
        List<String> parts = new ArrayList<>();
        byToken.forEach((token, names) ->
                parts.add((names.size() == 1 ? names.get(0) : names.get(0) + "-" + names.get(names.size() - 1)) + " #"
                        + token + worker(job, token)));
        List<String> some = new ArrayList<>();
        for (int from = 0; from < parts.size(); from += PARTS_IN_A_LINE) {
            some.add(String.join(", ", parts.subList(from, Math.min(parts.size(), from + PARTS_IN_A_LINE))));
        }
        return some;
    }

    private static String worker(OneJob job, long token) {
        return job.tokens()
                .getOrDefault(token, Optional.empty())
                .map(holder -> " " + Plot.worker(holder))
                .orElse(" (given back)");
    }

    private long count(Failure.Kind kind) {
        return figures.all().stream()
                .mapToLong(job -> job.failures(kind).size())
                .sum();
    }

    private void heading(String title, String sentence) {
        lines.add("");
        lines.add(title);
        lines.add(sentence);
        lines.add("");
    }

    /** Without what stands beside it: the time, the writer, and what tells two claims of a worker apart. */
    private static String plain(String message) {
        return message.replaceAll(" at \\d{4}-\\S+Z", "")
                .replaceAll("(worker-\\d+)#\\w+", "$1")
                .replaceAll("lease #\\d+ \\(worker-\\d+\\)", "its lease");
    }

    private static String lower(JobStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
