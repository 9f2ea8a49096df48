package dev.pawl.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.MappingMatch;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The page and its JSON API, for a container: made by {@link Dashboard#servlet()}, mounted at any path. All that it answers is
 * relative to where it is, so a prefix that a proxy adds or takes away does no harm.
 */
public final class DashboardServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final int LARGEST_BODY = 65_536;
    private static final long MOST_READ = 1 << 20;

    private final transient Dashboard dashboard;

    DashboardServlet(Dashboard dashboard) {
        this.dashboard = Objects.requireNonNull(dashboard, "dashboard");
    }

    /** Answers everything, also what went wrong: no accident of ours is left to the container. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Responses.secure(response);
        try {
            answer(request, response);
        } catch (RuntimeException e) {
            Responses.problem(request, response, Failures.problemOf(e));
        }
    }

    private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Visitor visitor = dashboard.gate().visitor(request);
        dashboard.requests().take(dashboard.isForThisMachineOnly() ? request.getRemoteAddr() : visitor.id());
        Optional<String> path = path(request);
        if (path.isEmpty()) {
            Responses.toDirectory(request, response);
        } else if (path.get().startsWith("v1/") && !path.get().equals("v1/openapi.yaml")) {
            api(request, response, visitor, path.get());
        } else {
            page(request, response, path.get());
        }
    }

    /** Below where the servlet is mounted; empty if that itself was asked for, without a slash at its end. */
    private static Optional<String> path(HttpServletRequest request) {
        String info = request.getPathInfo();
        if (info == null && request.getHttpServletMapping().getMappingMatch() == MappingMatch.DEFAULT) {
            info = request.getServletPath();
        }
        return Optional.ofNullable(info).filter(text -> text.startsWith("/")).map(text -> text.substring(1));
    }

    private static void page(HttpServletRequest request, HttpServletResponse response, String path) throws IOException {
        if (!isReading(request)) {
            throw Routes.notAllowed(request.getMethod(), Set.of("GET"));
        }
        PageFile file = (path.equals("v1/openapi.yaml")
                        ? Optional.of(PageFile.openApi())
                        : PageFile.named(path.isEmpty() ? "index.html" : path))
                .orElseThrow(() -> Problem.notFound("There is nothing at '" + Parameters.shown(path) + "'."));
        Responses.file(request, response, file);
    }

    private static boolean isReading(HttpServletRequest request) {
        return request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    }

    private void api(HttpServletRequest request, HttpServletResponse response, Visitor visitor, String path)
            throws IOException {
        if (path.equals("v1/session") || path.equals("v1/events")) {
            if (!isReading(request)) {
                throw Routes.notAllowed(request.getMethod(), Set.of("GET"));
            }
            Parameters.of(request.getQueryString(), Set.of());
            if (path.equals("v1/session")) {
                String token = dashboard.csrf().token(request, response, visitor);
                Responses.send(request, response, Answer.of(dashboard.session(visitor, token)));
            } else if (request.getMethod().equals("GET")) {
                dashboard.events().open(request, response);
            }
            return;
        }
        List<String> parts = Routes.parts(path);
        Routes.Route route = dashboard.routes().find(isReading(request) ? "GET" : request.getMethod(), parts);
        Parameters parameters = Parameters.of(request.getQueryString(), route.parameters());
        if (route.method().equals("GET")) {
            Responses.send(
                    request,
                    response,
                    dashboard.read(route, new Routes.Call(parts, parameters, MissingNode.getInstance(), visitor)));
        } else {
            dashboard.checkAllowed(route, visitor);
            dashboard.csrf().check(request, visitor);
            Routes.Call call = new Routes.Call(parts, parameters, body(request), visitor);
            Responses.send(request, response, dashboard.act(route, call));
        }
    }

    /** What is too large is read all the same, up to a limit: who still sends would not hear the answer. */
    private static JsonNode body(HttpServletRequest request) throws IOException {
        InputStream in = request.getInputStream();
        byte[] body = in.readNBytes(LARGEST_BODY + 1);
        if (body.length > LARGEST_BODY) {
            in.skip(MOST_READ);
            throw Problem.of(413, "too-large", "The body must have at most " + LARGEST_BODY + " bytes.");
        }
        if (body.length == 0) {
            return MissingNode.getInstance();
        }
        String type = Optional.ofNullable(request.getContentType()).orElse("");
        if (!type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
            throw Problem.of(
                    415, "unsupported", "The body must be application/json, but was '" + Parameters.shown(type) + "'.");
        }
        return Answer.read(body);
    }
}
