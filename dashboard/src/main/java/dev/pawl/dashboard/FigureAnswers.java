package dev.pawl.dashboard;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.view.Counted;
import dev.pawl.view.QueueOverview;
import dev.pawl.view.Stats;
import java.time.Duration;
import java.util.List;

/** Figures and queues, as the API tells of them. */
final class FigureAnswers {
    private FigureAnswers() {}

    static ObjectNode stats(Stats stats, Duration step, Counted running) {
        Fields byPipeline = new Fields();
        stats.byPipeline().forEach((pipeline, figures) -> byPipeline.put(pipeline, figures(figures)));
        return new Fields()
                .put("from", stats.from())
                .put("to", stats.to())
                .put("stepMs", step.toMillis())
                .put("running", JobAnswers.counted(running))
                .put("total", figures(stats.total()))
                .put("byPipeline", byPipeline.node())
                .put(
                        "series",
                        stats.series(),
                        part -> new Fields()
                                .put("from", part.from())
                                .put("figures", figures(part.figures()))
                                .node())
                .put("asOf", stats.asOf())
                .node();
    }

    private static ObjectNode figures(Stats.Figures figures) {
        ObjectNode node = new Fields()
                .put("completed", figures.completed())
                .put("failed", figures.failed())
                .put("cancelled", figures.cancelled())
                .put("ended", figures.ended())
                .put("failedAttempts", figures.failedAttempts())
                .put("takeovers", figures.takeovers())
                .put("run", times(figures.run()))
                .put("waited", times(figures.waited()))
                .node();
        figures.successRate().ifPresent(rate -> node.put("successRate", rate));
        return node;
    }

    private static ObjectNode times(Stats.Times times) {
        return new Fields()
                .put("meanMs", Fields.millis(times.mean()))
                .put("p50Ms", Fields.millis(times.p50()))
                .put("p95Ms", Fields.millis(times.p95()))
                .put("p99Ms", Fields.millis(times.p99()))
                .node();
    }

    static ObjectNode queue(QueueOverview queue, List<Stats.Step> ended, Duration behind) {
        return new Fields()
                .put("queue", queue.queue())
                .put("due", JobAnswers.counted(queue.due()))
                .put("running", JobAnswers.counted(queue.running()))
                .put("waiting", JobAnswers.counted(queue.waiting()))
                .put("scheduled", JobAnswers.counted(queue.scheduled()))
                .text("oldestDue", queue.oldestDue())
                .text("pausedAt", queue.pausedAt())
                .maybe("pausedBy", queue.pausedBy(), JobAnswers::actor)
                .put(
                        "ended",
                        ended,
                        step -> new Fields()
                                .put("from", step.from())
                                .put("completed", step.figures().completed())
                                .put("failed", step.figures().failed())
                                .put("cancelled", step.figures().cancelled())
                                .node())
                .maybe("standing", Standing.of(queue, behind), Standing::json)
                .node();
    }

    static Counted sum(List<Counted> counts) {
        return new Counted(
                counts.stream().mapToLong(Counted::value).sum(), counts.stream().allMatch(Counted::exact));
    }
}
