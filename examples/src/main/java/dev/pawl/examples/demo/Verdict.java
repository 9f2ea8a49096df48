package dev.pawl.examples.demo;

import dev.pawl.examples.demo.Figures.Checkpoint;
import dev.pawl.examples.demo.Figures.OneJob;
import dev.pawl.examples.demo.Figures.Output;
import dev.pawl.examples.jobs.Recap;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Says which figures are wrong. A pure function, so that a test can show it wrong figures. */
public final class Verdict {
    private static final List<String> STAGES = Recap.PIPELINE.stageNames();

    private final List<String> wrong = new ArrayList<>();

    private Verdict() {}

    /**
     * Judges the figures.
     *
     * @param figures what the database says
     * @param plot what was done to the workers
     * @param recaps by job, the recap that the stages make when they are called one after the other, without jobs
     * @return a sentence for each figure that is wrong; empty if none is
     */
    public static List<String> wrong(Figures figures, Plot plot, Map<String, String> recaps) {
        Verdict verdict = new Verdict();
        for (OneJob job : figures.jobs()) {
            verdict.judge(job, STAGES);
            verdict.judgeOutputs(job, recaps.getOrDefault(job.name(), ""));
            verdict.expect(!figures.childrenOf(job).isEmpty(), job.name() + " has no genres");
        }
        figures.children().forEach(child -> verdict.judge(child, Recap.ONE_GENRE.stageNames()));
        verdict.judgePlot(figures, plot);
        verdict.expect(figures.strayOutputs() == 0, figures.strayOutputs() + " outputs belong to no job");
        verdict.expect(figures.laps() == Plot.LAPS, "the scan made " + figures.laps() + " laps, and not " + Plot.LAPS);
        verdict.expect(figures.withoutAnEntry() == 0, figures.withoutAnEntry() + " recaps were left out by the scan");
        for (String setting : List.of("fsync", "synchronous_commit")) {
            String value = figures.settings().getOrDefault(setting, "unknown");
            verdict.expect(value.equals("on"), setting + " is " + value + ", so nothing was shown about durability");
        }
        return List.copyOf(verdict.wrong);
    }

    private void judge(OneJob job, List<String> stages) {
        judgeEnd(job);
        judgeCheckpoints(job, stages);
        judgeFailures(job, stages);
    }

    private void judgeEnd(OneJob job) {
        String status = job.snapshot().map(snapshot -> snapshot.status().name()).orElse("gone");
        expect(status.equals(JobStatus.COMPLETED.name()), job.name() + " is not completed, but " + status);
    }

    private void judgeCheckpoints(OneJob job, List<String> stages) {
        for (int stage = 0; stage < stages.size(); stage++) {
            int position = stage;
            long count = job.checkpoints().stream()
                    .filter(checkpoint -> checkpoint.position() == position)
                    .count();
            expect(count == 1, job.name() + " has " + count + " checkpoints of stage " + stages.get(stage));
        }
        long before = 0;
        for (Checkpoint checkpoint : job.checkpoints()) {
            expect(
                    checkpoint.token() >= before,
                    "%s was checkpointed at %s under #%d, after #%d had taken over"
                            .formatted(job.name(), stages.get(checkpoint.position()), checkpoint.token(), before));
            before = checkpoint.token();
        }
    }

    private void judgeFailures(OneJob job, List<String> stages) {
        for (Failure failure : job.failures()) {
            expect(
                    stages.contains(failure.stage()),
                    job.name() + " has a failure recorded at stage " + failure.stage() + ", which it does not have");
        }
        for (Failure takeover : job.failures(Failure.Kind.TAKEN_OVER)) {
            expect(
                    job.tokenAfter(takeover.token().value()).isPresent(),
                    job.name() + " was taken over from " + takeover.token() + ", but has no higher token");
        }
    }

    private void judgeOutputs(OneJob job, String recap) {
        expect(job.outputs().size() == 1, job.name() + " has " + job.outputs().size() + " outputs");
        for (Output output : job.outputs()) {
            expect(output.recap().equals(recap), job.name() + " has another recap than without jobs");
            expect(
                    job.checkpoints().stream()
                            .anyMatch(checkpoint ->
                                    checkpoint.position() == STAGES.size() - 1 && checkpoint.token() == output.token()),
                    "%s has an output under #%d, but its last checkpoint is another's"
                            .formatted(job.name(), output.token()));
        }
    }

    private void judgePlot(Figures figures, Plot plot) {
        expect(
                recorded(figures.children(), plot.killedIn(), Recap.READ, Failure.Kind.TAKEN_OVER, plot.killed()),
                "nobody took over from " + plot.killed() + ", which was killed in " + plot.killedIn());
        expect(
                recorded(figures.jobs(), plot.frozenIn(), Recap.EVIDENCE, Failure.Kind.TAKEN_OVER, plot.frozen()),
                "nobody took over from " + plot.frozen() + ", which was frozen in " + plot.frozenIn());
        expect(
                recorded(figures.jobs(), plot.frozenIn(), Recap.EVIDENCE, Failure.Kind.REFUSED, plot.frozen()),
                plot.frozen() + " came back to " + plot.frozenIn() + ", and no write of it was refused as superseded");
    }

    private static boolean recorded(List<OneJob> jobs, JobId id, Stage<?> stage, Failure.Kind kind, String worker) {
        return jobs.stream()
                .filter(job -> job.id().equals(id))
                .flatMap(job -> job.failures(kind).stream())
                .filter(failure ->
                        kind != Failure.Kind.REFUSED || failure.message().contains("superseded"))
                .anyMatch(failure -> failure.stage().equals(stage.name())
                        && Plot.worker(failure.holder()).equals(worker));
    }

    private void expect(boolean right, String sentence) {
        if (!right) {
            wrong.add(sentence);
        }
    }
}
