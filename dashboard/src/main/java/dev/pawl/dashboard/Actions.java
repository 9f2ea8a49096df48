package dev.pawl.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.audit.Auditor;
import dev.pawl.audit.Auditor.Plan;
import dev.pawl.audit.Violation;
import dev.pawl.embed.Pawl;
import dev.pawl.job.JobId;
import dev.pawl.lease.BusyException;
import dev.pawl.scan.FailedPage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** What can be done: by Pawl's own operations, which record who asked for it and refuse what must not be. */
final class Actions {
    private static final Duration PLANS_ARE_KEPT = Duration.ofMinutes(10);
    private static final int MOST_PLANS = 1_000;
    private static final int MOST_AT_ONCE = 100;

    private final Pawl pawl;
    private final Auditor auditor;
    private final Audits audits;
    private final ScanAnswers scanAnswers;
    private final LongSupplier nanos;
    private final Map<String, Kept> plans = new LinkedHashMap<>();

    Actions(Settings settings, Audits audits, ScanAnswers scanAnswers, LongSupplier nanos) {
        this.pawl = settings.pawl();
        this.auditor = settings.auditor();
        this.audits = audits;
        this.scanAnswers = scanAnswers;
        this.nanos = nanos;
    }

    private record Kept(Plan plan, long at) {}

    ObjectNode cancel(JobId id, Visitor visitor) {
        pawl.jobs().cancel(id, visitor.actor());
        return done("Job " + id + " is cancelled.");
    }

    ObjectNode retry(JobId id, Visitor visitor) {
        pawl.jobs().retry(id, visitor.actor());
        return done("Job " + id + " goes on from its last checkpoint.");
    }

    ObjectNode pause(String queue, Visitor visitor) {
        pawl.jobs().pause(known(queue), visitor.actor());
        return done("Queue " + queue + " is paused: nothing is claimed from it, and what is held goes on.");
    }

    ObjectNode resume(String queue, Visitor visitor) {
        pawl.jobs().resume(known(queue), visitor.actor());
        return done("Queue " + queue + " is resumed.");
    }

    /** A pause would bring a queue into being by a slip of the pen. */
    private String known(String queue) {
        if (pawl.views().queues().stream().noneMatch(one -> one.queue().equals(queue))) {
            throw Problem.notFound("There is no queue '" + queue + "': it has no job, and was never paused.");
        }
        return queue;
    }

    ObjectNode skip(String name, JsonNode body, Visitor visitor) {
        long step = number(body, "step");
        long lap = number(body, "lap");
        long rows = number(body, "rows");
        String last = text(body, "last");
        FailedPage page = pawl.scans()
                .find(name)
                .orElseThrow(() -> Api.missingScan(name))
                .failed()
                .filter(failed -> failed.step() == step && failed.lap() == lap)
                .filter(failed -> failed.bounds()
                        .filter(bounds -> bounds.rows() == rows
                                && scanAnswers.key(bounds.last()).equals(last))
                        .isPresent())
                .orElseThrow(
                        () -> Problem.of(
                                409,
                                "changed-since",
                                "Scan " + name
                                        + " stands no longer at the page that was shown: nothing was skipped. Look at it again."));
        pawl.scans().skip(page, visitor.actor());
        return done("Scan " + name + " steps over " + rows + " rows of lap " + lap + ".");
    }

    ObjectNode plan(JsonNode body) {
        Fields answer = new Fields();
        List<ObjectNode> made = new ArrayList<>();
        List<ObjectNode> without = new ArrayList<>();
        for (String id : texts(body, "violations")) {
            Optional<Violation> violation = audits.violation(id);
            Optional<Plan> plan = violation.flatMap(
                    found -> auditor.plan(List.of(found)).stream().findFirst());
            if (plan.isPresent()) {
                made.add(json(keep(plan.get()), id, plan.get()));
            } else {
                without.add(new Fields()
                        .put("violation", id)
                        .put(
                                "why",
                                violation.isEmpty()
                                        ? "It is not among what the last audit found here."
                                        : why(violation.get()))
                        .node());
            }
        }
        return answer.put("plans", made, plan -> plan)
                .put("without", without, each -> each)
                .put("asOf", Instant.now())
                .node();
    }

    private static String why(Violation violation) {
        return violation.job().isEmpty()
                ? "It is about no single job, so there is nothing to repair. "
                        + violation.invariant().advice()
                : "It is not so any more, or can't be repaired, or only the application's evidence could say what is right.";
    }

    private static ObjectNode json(String id, String violation, Plan plan) {
        Fields fields = new Fields()
                .put("plan", id)
                .put("violation", violation)
                .put("code", plan.violation().code())
                .put("subject", plan.violation().subject())
                .text("job", plan.violation().job())
                .put("before", plan.before())
                .put("after", plan.after());
        plan.outputsExist().ifPresent(exist -> fields.put("outputsExist", exist));
        return fields.node();
    }

    private synchronized String keep(Plan plan) {
        plans.values().removeIf(kept -> nanos.getAsLong() - kept.at() > PLANS_ARE_KEPT.toNanos());
        while (plans.size() >= MOST_PLANS) {
            plans.remove(plans.keySet().iterator().next());
        }
        String id = HexFormat.of().formatHex(Csrf.newKey(), 0, 16);
        plans.put(id, new Kept(plan, nanos.getAsLong()));
        return id;
    }

    private synchronized Plan kept(String id) {
        Kept kept = plans.get(id);
        if (kept == null || nanos.getAsLong() - kept.at() > PLANS_ARE_KEPT.toNanos()) {
            throw Problem.of(
                    409,
                    "changed-since",
                    "There is no plan '" + Parameters.shown(id)
                            + "' here, or it is older than ten minutes: nothing was repaired. Plan" + " again.");
        }
        return kept.plan();
    }

    /** All plans are looked up before the first is carried out. */
    ObjectNode repair(JsonNode body, Visitor visitor) {
        Map<String, Plan> chosen = new LinkedHashMap<>();
        texts(body, "plans").forEach(id -> chosen.put(id, kept(id)));
        List<ObjectNode> repaired = new ArrayList<>();
        chosen.forEach((id, plan) -> repaired.add(new Fields()
                .put("plan", id)
                .put("subject", plan.violation().subject())
                .put("result", repair(plan, visitor))
                .node()));
        return new Fields()
                .put("repaired", repaired, each -> each)
                .put("asOf", Instant.now())
                .node();
    }

    private String repair(Plan plan, Visitor visitor) {
        try {
            return auditor.repair(List.of(plan), visitor.actor())
                    .get(0)
                    .result()
                    .name();
        } catch (BusyException e) {
            return "BUSY";
        }
    }

    private static ObjectNode done(String what) {
        return new Fields().put("done", what).put("asOf", Instant.now()).node();
    }

    private static long number(JsonNode body, String name) {
        JsonNode value = body.path(name);
        if (!value.canConvertToLong() || !value.isIntegralNumber()) {
            throw Problem.badParameter(name, "The body's '" + name + "' must be a whole number.");
        }
        return value.longValue();
    }

    private static String text(JsonNode body, String name) {
        JsonNode value = body.path(name);
        if (!value.isTextual()) {
            throw Problem.badParameter(name, "The body's '" + name + "' must be text.");
        }
        return value.textValue();
    }

    private static List<String> texts(JsonNode body, String name) {
        JsonNode values = body.path(name);
        List<String> texts = new ArrayList<>();
        values.forEach(value -> texts.add(value.isTextual() ? value.textValue() : ""));
        if (!values.isArray() || texts.isEmpty() || texts.size() > MOST_AT_ONCE || texts.contains("")) {
            throw Problem.badParameter(
                    name,
                    "The body's '" + name + "' must be a list of 1 to " + MOST_AT_ONCE + " ids, as they were told.");
        }
        return texts;
    }
}
