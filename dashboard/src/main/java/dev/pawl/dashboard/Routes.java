package dev.pawl.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.job.JobId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Which path asks for what, with which parameters, by whom. */
final class Routes {
    private static final Set<String> NONE = Set.of();

    private final List<Route> all = new ArrayList<>();

    /**
     * A question, or something to be done.
     *
     * @param method GET or POST
     * @param pattern its parts, {@code *} for any name
     * @param parameters which it may have
     * @param permission which it needs beside VIEW
     * @param personal whether the answer depends on who asks
     * @param answer what is answered
     */
    record Route(
            String method,
            List<String> pattern,
            Set<String> parameters,
            Optional<Permission> permission,
            boolean personal,
            Function<Call, ObjectNode> answer) {
        boolean matches(List<String> path) {
            if (path.size() != pattern.size()) {
                return false;
            }
            for (int i = 0; i < path.size(); i++) {
                if (!pattern.get(i).equals("*") && !pattern.get(i).equals(path.get(i))) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * A request for a route.
     *
     * @param path its parts
     * @param parameters those of the query
     * @param body of a POST; missing where there is none
     * @param visitor who asks
     */
    record Call(List<String> path, Parameters parameters, JsonNode body, Visitor visitor) {
        /** The name at a place of the path. */
        String name(int at) {
            String name = path.get(at);
            if (!Parameters.NAME.matcher(name).matches()) {
                throw Problem.of(
                        400,
                        "bad-request",
                        "A name must be 1 to 63 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit, but was '"
                                + Parameters.shown(name) + "'.");
            }
            return name;
        }

        JobId job() {
            try {
                return JobId.parse(name(2) + "/" + path.get(3));
            } catch (IllegalArgumentException e) {
                throw Problem.of(
                        400,
                        "bad-request",
                        "A job's id must be a queue, a slash and a UUID, but ends with '"
                                + Parameters.shown(path.get(3)) + "'.");
            }
        }
    }

    Routes(Api api, Actions actions, Audits audits) {
        get("v1/dashboard/overview", Set.of("window"), call -> api.overview(call.parameters()));
        get(
                "v1/dashboard/job-progress",
                Set.of("queue", "limit", "recent"),
                call -> api.jobProgress(call.parameters()));
        get(
                "v1/dashboard/job-stats",
                Set.of("window", "step", "queue", "pipeline"),
                call -> api.jobStats(call.parameters()));
        get(
                "v1/jobs",
                Set.of(
                        "queue",
                        "pipeline",
                        "status",
                        "trigger",
                        "user",
                        "roots",
                        "enqueuedFrom",
                        "enqueuedTo",
                        "endedFrom",
                        "endedTo",
                        "limit",
                        "next"),
                call -> api.jobs(call.parameters()));
        all.add(new Route(
                "GET",
                parts("v1/jobs/*/*"),
                NONE,
                Optional.empty(),
                true,
                call -> api.job(call.job(), call.visitor())));
        get(
                "v1/jobs/*/*/children",
                Set.of("stage", "status", "limit", "next"),
                call -> api.children(call.job(), call.parameters()));
        get("v1/queues", NONE, call -> api.queues());
        get("v1/scans", NONE, call -> api.scans());
        get("v1/scans/*", NONE, call -> api.scan(call.name(2)));
        get("v1/audit", NONE, call -> audits.json());
        get("v1/repairs", Set.of("limit", "next"), call -> api.repairs(call.parameters()));
        all.add(new Route("POST", parts("v1/audit"), NONE, Optional.empty(), true, call -> {
            audits.start();
            return audits.json();
        }));
        post("v1/jobs/*/*/cancel", Permission.CANCEL, call -> actions.cancel(call.job(), call.visitor()));
        post("v1/jobs/*/*/retry", Permission.RETRY, call -> actions.retry(call.job(), call.visitor()));
        post("v1/queues/*/pause", Permission.PAUSE, call -> actions.pause(call.name(2), call.visitor()));
        post("v1/queues/*/resume", Permission.PAUSE, call -> actions.resume(call.name(2), call.visitor()));
        post("v1/scans/*/skip", Permission.SKIP, call -> actions.skip(call.name(2), call.body(), call.visitor()));
        post("v1/repairs/plan", Permission.REPAIR, call -> actions.plan(call.body()));
        post("v1/repairs", Permission.REPAIR, call -> actions.repair(call.body(), call.visitor()));
    }

    private void get(String pattern, Set<String> parameters, Function<Call, ObjectNode> answer) {
        all.add(new Route("GET", parts(pattern), parameters, Optional.empty(), false, answer));
    }

    private void post(String pattern, Permission permission, Function<Call, ObjectNode> answer) {
        all.add(new Route("POST", parts(pattern), NONE, Optional.of(permission), true, answer));
    }

    List<Route> all() {
        return List.copyOf(all);
    }

    static List<String> parts(String path) {
        return List.of(path.split("/", -1));
    }

    Route find(String method, List<String> path) {
        List<Route> there = all.stream().filter(route -> route.matches(path)).toList();
        if (there.isEmpty()) {
            throw Problem.notFound("There is nothing at '" + Parameters.shown(String.join("/", path))
                    + "'. v1/openapi.yaml tells what there is.");
        }
        return there.stream()
                .filter(route -> route.method().equals(method))
                .findFirst()
                .orElseThrow(() -> notAllowed(
                        method, new TreeSet<>(there.stream().map(Route::method).toList())));
    }

    static Problem notAllowed(String method, Set<String> allowed) {
        return Problem.of(
                405,
                "method-not-allowed",
                "'" + Parameters.shown(method) + "' is not for this path, but: " + String.join(", ", allowed) + ".");
    }
}
