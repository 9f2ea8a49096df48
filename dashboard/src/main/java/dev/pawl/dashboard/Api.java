package dev.pawl.dashboard;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.audit.RepairListing;
import dev.pawl.embed.Pawl;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.scan.ScanState;
import dev.pawl.view.ActiveJobs;
import dev.pawl.view.ChildListing;
import dev.pawl.view.Counted;
import dev.pawl.view.JobFilter;
import dev.pawl.view.JobListing;
import dev.pawl.view.JobProgress;
import dev.pawl.view.QueueOverview;
import dev.pawl.view.Stats;
import dev.pawl.view.StatsQuery;
import dev.pawl.view.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What can be asked: each answer as JSON, made of what the views tell. Changes nothing. */
final class Api {
    private static final Duration DAY = Duration.ofHours(24);
    private static final int MOST_ROWS = 200;
    private static final int ROWS = 50;
    private static final int MOST_FAILURES = 100;

    private final Pawl pawl;
    private final Reads reads;
    private final Audits audits;
    private final Documents documents;
    private final ScanAnswers scanAnswers;

    Api(Settings settings, Reads reads, Audits audits, Documents documents) {
        this.pawl = settings.pawl();
        this.reads = reads;
        this.audits = audits;
        this.documents = documents;
        this.scanAnswers = new ScanAnswers(settings.hidden());
    }

    ScanAnswers scanAnswers() {
        return scanAnswers;
    }

    ObjectNode overview(Parameters parameters) {
        Stats stats = reads.stats(StatsQuery.last(window(parameters)));
        List<QueueOverview> queues = reads.queues();
        ActiveJobs active = reads.active(Optional.empty(), Reads.ACTIVE);
        List<Attention> attention = Attention.among(
                queues,
                reads.scans(),
                active.rows().stream().map(JobProgress::job).toList(),
                audits.found(),
                active.asOf());
        Counted running =
                FigureAnswers.sum(queues.stream().map(QueueOverview::running).toList());
        Counted waiting =
                FigureAnswers.sum(queues.stream().map(QueueOverview::waiting).toList());
        return new Fields()
                .put(
                        "stats",
                        FigureAnswers.stats(
                                stats, StatsQuery.last(window(parameters)).step(), running))
                .put("inFlight", JobAnswers.counted(FigureAnswers.sum(List.of(running, waiting))))
                .put(
                        "due",
                        JobAnswers.counted(FigureAnswers.sum(
                                queues.stream().map(QueueOverview::due).toList())))
                .text(
                        "oldestDue",
                        queues.stream()
                                .flatMap(queue -> queue.oldestDue().stream())
                                .min(Instant::compareTo))
                .put("queues", queueList(queues).get("queues"))
                .put("attention", attention, Attention::json)
                .put("audit", audits.summary().node())
                .put("asOf", active.asOf())
                .node();
    }

    ObjectNode jobProgress(Parameters parameters) {
        Optional<String> queue = parameters.name("queue");
        int recent = parameters.number("recent", 0, 100, 10);
        ActiveJobs active = reads.active(queue, parameters.number("limit", 1, MOST_ROWS, ROWS));
        List<QueueOverview> queues = reads.queues();
        Fields fields = new Fields()
                .put(
                        "active",
                        active.rows(),
                        progress -> JobAnswers.progress(progress, standing(progress, queues, Optional.empty())))
                .put("complete", active.complete());
        JobFilter ended = JobFilter.all()
                .rootsOnly()
                .endedBetween(active.asOf().minus(DAY), active.asOf().plus(DAY));
        fields.put(
                "recent",
                recent == 0
                        ? List.of()
                        : pawl.views()
                                .jobs(queue.map(ended::queue).orElse(ended), recent)
                                .rows(),
                JobAnswers::summary);
        return fields.put("asOf", active.asOf()).node();
    }

    ObjectNode jobStats(Parameters parameters) {
        StatsQuery query = statsQuery(parameters);
        Counted running = FigureAnswers.sum(reads.queues().stream()
                .filter(queue -> query.queue().map(queue.queue()::equals).orElse(true))
                .map(QueueOverview::running)
                .toList());
        return FigureAnswers.stats(reads.stats(query), query.step(), running);
    }

    private static StatsQuery statsQuery(Parameters parameters) {
        Optional<Duration> step = parameters.length("step");
        Optional<String> queue = parameters.name("queue");
        Optional<String> pipeline = parameters.name("pipeline");
        try {
            StatsQuery query = StatsQuery.last(window(parameters));
            query = step.isPresent() ? query.inStepsOf(step.get()) : query;
            query = queue.isPresent() ? query.queue(queue.get()) : query;
            return pipeline.isPresent() ? query.pipeline(pipeline.get()) : query;
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw Problem.badParameter("step", "The window and the step don't go together: " + e.getMessage());
        }
    }

    private static Duration window(Parameters parameters) {
        Duration window = parameters.length("window").orElse(DAY);
        if (window.compareTo(Duration.ofMinutes(5)) < 0 || window.compareTo(Duration.ofDays(400)) > 0) {
            throw Parameters.bad("window", "5 minutes to 400 days, like PT24H", window.toString());
        }
        return window;
    }

    ObjectNode jobs(Parameters parameters) {
        JobFilter filter = filter(parameters);
        int limit = parameters.number("limit", 1, MOST_ROWS, ROWS);
        JobListing page = parameters
                .text("next")
                .map(next -> after(filter, limit, next))
                .orElseGet(() -> pawl.views().jobs(filter, limit));
        return new Fields()
                .put("rows", page.rows(), JobAnswers::summary)
                .text("next", page.next())
                .put("asOf", page.asOf())
                .node();
    }

    private JobListing after(JobFilter filter, int limit, String next) {
        try {
            return pawl.views().jobs(filter, limit, next);
        } catch (IllegalArgumentException e) {
            throw Problem.badParameter(
                    "next", "'next' must be what the page before said, with the same filter: begin again without it.");
        }
    }

    private static JobFilter filter(Parameters parameters) {
        Optional<Actor.Kind> trigger = parameters.value("trigger", "SYSTEM or USER", Actor.Kind::valueOf);
        Optional<String> user = parameters.value("user", "1 to 255 printable characters", text -> {
            Actor.user(text);
            return text;
        });
        if (user.isPresent() && trigger.equals(Optional.of(Actor.Kind.SYSTEM))) {
            throw Problem.badParameter("user", "'user' can't be given with trigger=SYSTEM, which is no user.");
        }
        return new JobFilter(
                parameters.name("queue"),
                parameters.name("pipeline"),
                Set.copyOf(statuses(parameters)),
                user.isPresent() ? Optional.of(Actor.Kind.USER) : trigger,
                user,
                parameters.flag("roots"),
                parameters.span("enqueuedFrom", "enqueuedTo"),
                parameters.span("endedFrom", "endedTo"));
    }

    private static List<JobStatus> statuses(Parameters parameters) {
        return parameters.values(
                "status", "PENDING, RUNNING, WAITING, COMPLETED, FAILED or CANCELLED", JobStatus::valueOf);
    }

    ObjectNode job(JobId id, Visitor visitor) {
        JobProgress progress = pawl.views().progress(id).orElseThrow(() -> missing(id));
        JobSnapshot job = pawl.jobs().find(id).orElseThrow(() -> missing(id));
        Timeline timeline = pawl.views().timeline(id).orElseThrow(() -> missing(id));
        List<Failure> failures = new ArrayList<>(pawl.jobs().failures(id));
        Collections.reverse(failures);
        Optional<String> last = failures.stream()
                .filter(failure -> failure.kind() == Failure.Kind.FAILED)
                .map(Failure::message)
                .findFirst();
        Map<String, Json> results = pawl.jobs().results(id);
        return new Fields()
                .put("progress", JobAnswers.progress(progress, standing(progress, reads.queues(), last)))
                .put("payload", document(job, Redaction.Part.PAYLOAD, Optional.empty(), job.payload(), visitor))
                .maybe(
                        "saved",
                        job.progress(),
                        saved -> document(job, Redaction.Part.PROGRESS, job.stage(), saved, visitor))
                .put(
                        "results",
                        results.entrySet(),
                        result -> new Fields()
                                .put("stage", result.getKey())
                                .put(
                                        "result",
                                        document(
                                                job,
                                                Redaction.Part.RESULT,
                                                Optional.of(result.getKey()),
                                                result.getValue(),
                                                visitor))
                                .node())
                .put("timeline", timeline.events(), JobAnswers::event)
                .put("timelineComplete", timeline.complete())
                .put("failures", failures.stream().limit(MOST_FAILURES).toList(), JobAnswers::failure)
                .put("failuresComplete", failures.size() <= MOST_FAILURES)
                .put("asOf", progress.asOf())
                .node();
    }

    private ObjectNode document(
            JobSnapshot job, Redaction.Part part, Optional<String> stage, Json json, Visitor visitor) {
        return documents.json(new Redaction.Document(job.id(), job.pipeline(), part, stage, json), visitor);
    }

    private static Optional<Standing> standing(
            JobProgress progress, List<QueueOverview> queues, Optional<String> lastFailure) {
        Optional<QueueOverview> queue = queues.stream()
                .filter(one -> one.queue().equals(progress.job().id().queue()))
                .findFirst();
        return Standing.of(progress.job(), queue, lastFailure, progress.asOf());
    }

    ObjectNode children(JobId id, Parameters parameters) {
        String stage = parameters
                .name("stage")
                .orElseThrow(() -> Problem.badParameter(
                        "stage", "'stage' must be given: the stage whose children are asked for."));
        Optional<String> next = parameters.value("next", "what the page before said", text -> {
            Actor.user(text); // as printable as a user's id
            return text;
        });
        ChildListing page = pawl.views()
                .children(
                        id,
                        stage,
                        Set.copyOf(statuses(parameters)),
                        parameters.number("limit", 1, MOST_ROWS, ROWS),
                        next);
        return new Fields()
                .put("rows", page.rows(), JobAnswers::child)
                .text("next", page.next())
                .put("asOf", page.asOf())
                .node();
    }

    ObjectNode queues() {
        List<QueueOverview> queues = reads.queues();
        ObjectNode node = queueList(queues);
        node.put(
                "asOf",
                queues.stream()
                        .map(QueueOverview::asOf)
                        .findFirst()
                        .orElseGet(Instant::now)
                        .toString());
        return node;
    }

    private ObjectNode queueList(List<QueueOverview> queues) {
        Map<String, List<Stats.Step>> lines = reads.sparklines(queues);
        return new Fields()
                .put(
                        "queues",
                        queues,
                        queue -> FigureAnswers.queue(
                                queue, lines.getOrDefault(queue.queue(), List.of()), Attention.BEHIND))
                .node();
    }

    ObjectNode scans() {
        return new Fields()
                .put("scans", reads.scans(), scanAnswers::scan)
                .put("asOf", Instant.now())
                .node();
    }

    ObjectNode scan(String name) {
        ScanState scan = pawl.scans().find(name).orElseThrow(() -> missingScan(name));
        return new Fields()
                .put("scan", scanAnswers.scan(scan))
                .put("skipped", pawl.scans().skipped(name), scanAnswers::skipped)
                .put("asOf", Instant.now())
                .node();
    }

    ObjectNode repairs(Parameters parameters) {
        RepairListing page = repairs(parameters.number("limit", 1, MOST_ROWS, ROWS), parameters.text("next"));
        return new Fields()
                .put(
                        "repairs",
                        page.rows(),
                        repair -> new Fields()
                                .put("at", repair.at())
                                .put("by", JobAnswers.actor(repair.by()))
                                .put("code", repair.code())
                                .put("job", repair.job().toString())
                                .put("before", repair.before())
                                .put("after", repair.after())
                                .node())
                .text("next", page.next())
                .put("asOf", page.asOf())
                .node();
    }

    private RepairListing repairs(int limit, Optional<String> next) {
        try {
            return pawl.auditor().repairs(limit, next);
        } catch (IllegalArgumentException e) {
            throw Problem.badParameter("next", "'next' must be what the page before said: begin again without it.");
        }
    }

    static Problem missing(JobId id) {
        return Problem.notFound("There is no job " + id + ", or no longer.");
    }

    static Problem missingScan(String name) {
        return Problem.notFound(
                "There is no scan '" + Parameters.shown(name) + "': none of this name was ever opened.");
    }
}
