package dev.pawl.dashboard;

import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.Actor;
import dev.pawl.job.Children;
import dev.pawl.job.Failure;
import dev.pawl.view.Counted;
import dev.pawl.view.JobEvent;
import dev.pawl.view.JobProgress;
import dev.pawl.view.JobProgress.Child;
import dev.pawl.view.JobProgress.StageChildren;
import dev.pawl.view.JobProgress.StageProgress;
import dev.pawl.view.JobSummary;
import java.util.Optional;

/** Jobs, as the API tells of them. */
final class JobAnswers {
    private static final int LONGEST_TRACE = 32_768;
    private static final int LONGEST_MESSAGE = 8_192;

    private JobAnswers() {}

    static ObjectNode actor(Actor actor) {
        return new Fields()
                .put("kind", actor.kind())
                .text("user", actor.userId())
                .node();
    }

    static ObjectNode counted(Counted counted) {
        return new Fields()
                .put("value", counted.value())
                .put("exact", counted.exact())
                .node();
    }

    static ObjectNode counts(Children.Counts counts) {
        return new Fields()
                .put("total", counts.total())
                .put("open", counts.open())
                .put("completed", counts.completed())
                .put("failed", counts.failed())
                .put("cancelled", counts.cancelled())
                .node();
    }

    static ObjectNode summary(JobSummary job) {
        return new Fields()
                .put("id", job.id().toString())
                .put("queue", job.id().queue())
                .put("uuid", job.id().uuid().toString())
                .text("key", job.key())
                .put("pipeline", job.pipeline())
                .put("version", job.version())
                .put("status", job.status())
                .text("stage", job.stage())
                .put("stagesDone", job.stagesDone())
                .put("stages", job.stages())
                .put("attempt", job.attempt())
                .put("takeovers", job.takeovers())
                .put("priority", job.priority())
                .put("triggeredBy", actor(job.triggeredBy()))
                .put("enqueuedAt", job.enqueuedAt())
                .text("startedAt", job.startedAt())
                .put("since", job.since())
                .text("dueAt", job.dueAt())
                .text("endedAt", job.endedAt())
                .maybe("lease", job.lease(), JobAnswers::lease)
                .text("parent", job.parent())
                .text("childKey", job.childKey())
                .maybe("children", job.children(), JobAnswers::counts)
                .node();
    }

    private static ObjectNode lease(JobSummary.Held lease) {
        return new Fields()
                .put("token", lease.token().value())
                .put("holder", lease.holder())
                .put("since", lease.since())
                .put("expiresAt", lease.expiresAt())
                .node();
    }

    static ObjectNode child(Child child) {
        return new Fields()
                .put("key", child.key())
                .put("job", summary(child.job()))
                .node();
    }

    static ObjectNode progress(JobProgress progress, Optional<Standing> standing) {
        return new Fields()
                .put("job", summary(progress.job()))
                .put("stages", progress.stages(), JobAnswers::stage)
                .maybe("standing", standing, Standing::json)
                .node();
    }

    private static ObjectNode stage(StageProgress stage) {
        return new Fields()
                .put("name", stage.name())
                .put("state", stage.state())
                .put("attempts", stage.attempts())
                .text("startedAt", stage.startedAt())
                .maybe("tookMs", stage.took(), Fields::millis)
                .maybe("children", stage.children(), JobAnswers::children)
                .node();
    }

    private static ObjectNode children(StageChildren children) {
        return new Fields()
                .put("counts", counts(children.counts()))
                .put("exact", children.exact())
                .put("first", children.first(), JobAnswers::child)
                .node();
    }

    static ObjectNode event(JobEvent event) {
        return new Fields()
                .put("at", event.at())
                .put("kind", event.kind())
                .text("stage", event.stage())
                .maybe("token", event.token(), token -> LongNode.valueOf(token.value()))
                .text("holder", event.holder())
                .maybe("by", event.by(), JobAnswers::actor)
                .put("detail", cut(event.detail(), LONGEST_MESSAGE))
                .node();
    }

    static ObjectNode failure(Failure failure) {
        return new Fields()
                .put("kind", failure.kind())
                .put("stage", failure.stage())
                .put("attempt", failure.attempt())
                .put("token", failure.token().value())
                .put("holder", failure.holder())
                .put("at", failure.at())
                .text("errorType", failure.errorType())
                .put("message", cut(failure.message(), LONGEST_MESSAGE))
                .text("stackTrace", failure.stackTrace().map(trace -> cut(trace, LONGEST_TRACE)))
                .node();
    }

    /** Text of at most so many characters; what was cut says so. */
    static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end) + "… (" + (text.length() - end) + " more characters)";
    }
}
