package dev.pawl.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.job.JobId;
import dev.pawl.job.NewJob;
import dev.pawl.testkit.InMemoryPawl;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random requests are answered by 2xx to 4xx, at once, and with nobody else's data. */
class FuzzTest {
    private static final int REQUESTS = Integer.getInteger("pawl.test.seconds", 10) >= 60 ? 100_000 : 10_000;
    private static final Pattern SECRET = Pattern.compile("mine-([0-9a-f-]{36})");
    private static final List<String> OTHER_METHODS =
            List.of("HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get", "X");
    private static final List<String> WORDS = List.of(
            "v1",
            "v1",
            "v1",
            "jobs",
            "dashboard",
            "overview",
            "job-progress",
            "job-stats",
            "queues",
            "scans",
            "audit",
            "repairs",
            "session",
            "events",
            "plan",
            "pause",
            "resume",
            "skip",
            "cancel",
            "retry",
            "children",
            "recap",
            "articles",
            "openapi.yaml",
            "index.html",
            "lib",
            "..",
            ".",
            "",
            "%2e%2e",
            "%2f",
            "%00",
            "%ff",
            "%",
            ";a=b",
            "a%20b",
            "~",
            "*",
            "NaN",
            "WEB-INF",
            "0190a6c1-7e1b-7000-8000-0000000000a1");
    private static final List<String> NAMES = List.of(
            "queue",
            "pipeline",
            "status",
            "status",
            "trigger",
            "user",
            "roots",
            "enqueuedFrom",
            "enqueuedTo",
            "endedFrom",
            "endedTo",
            "limit",
            "next",
            "window",
            "step",
            "recent",
            "stage",
            "x",
            "");
    private static final List<String> VALUES = List.of(
            "recap",
            "FAILED",
            "RUNNING",
            "USER",
            "SYSTEM",
            "ann",
            "true",
            "false",
            "1",
            "0",
            "-1",
            "200",
            "201",
            "99999999999",
            "1e9",
            "PT24H",
            "PT5M",
            "P400D",
            "P401D",
            "PT1S",
            "PT-1H",
            "PT0.000000001S",
            "PT99999999999999H",
            "PT7M",
            "PT61M",
            "2026-02-16T04:05:06Z",
            "+999999999-12-31T23:59:59Z",
            "-1000-01-01T00:00:00Z",
            "1969-12-31T23:59:59Z",
            "null",
            "%00",
            "%ff%fe",
            "%ED%A0%80",
            "%F0%9F%98%80",
            "'%22;drop%20table",
            "<script>",
            "",
            "%",
            "genres",
            "fetch",
            "politics");
    private static final List<String> BODIES = List.of(
            "",
            "{}",
            "[]",
            "null",
            "1",
            "\"x\"",
            "{",
            "{\"plans\":[\"a\"]}",
            "{\"plans\":[null]}",
            "{\"violations\":[\"v1-0\"]}",
            "{\"violations\":{\"a\":1}}",
            "{\"step\":1,\"lap\":1,\"last\":\"[2]\",\"rows\":2}",
            "{\"step\":1e99,\"lap\":1.5}",
            "[".repeat(3_000),
            "{\"plans\":\"" + "x".repeat(66_000) + "\"}",
            "\u0000\u0001\uffff");
    private static final List<String> HEADERS = List.of(
            "Accept",
            "Accept-Encoding",
            "If-None-Match",
            "Content-Type",
            "Origin",
            "Sec-Fetch-Site",
            "X-Forwarded-For",
            "Cookie",
            "Pawl-Csrf",
            "Range",
            "Authorization",
            "Accept-Language",
            "X-HTTP-Method-Override");
    private static final List<String> HEADER_VALUES = List.of(
            "",
            "*",
            "application/json",
            "text/html",
            "gzip",
            "same-origin",
            "cross-site",
            "null",
            "W/\"abc\"",
            "\"",
            "pawl-csrf=x",
            "bytes=0-1",
            "a,b;q=0.5",
            "x".repeat(3_000),
            "DELETE");

    private final long seed = Long.getLong("pawl.test.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<JobId> jobs = new ArrayList<>();
    private final List<String> routes = new ArrayList<>(List.of("", "v1/openapi.yaml", "v1/session", "v1/events"));

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private String method() {
        int how = random.nextInt(10);
        return how < 6 ? "GET" : how < 9 ? "POST" : any(OTHER_METHODS);
    }

    private String path() {
        StringBuilder path = new StringBuilder();
        int how = random.nextInt(10);
        if (how < 4) { // something that there is
            path.append(any(routes));
        } else if (how < 8) {
            path.append("v1/jobs/")
                    .append(any(jobs))
                    .append(any(List.of("", "", "", "/children", "/cancel", "/retry", "/x")));
        } else {
            for (int i = random.nextInt(6); i >= 0; i--) {
                path.append(any(WORDS)).append(i == 0 ? "" : "/");
            }
        }
        for (int i = random.nextInt(6) - 2; i > 0; i--) {
            path.append(path.indexOf("?") < 0 ? '?' : '&').append(any(NAMES));
            if (random.nextInt(10) > 0) {
                path.append('=').append(any(VALUES));
            }
        }
        return path.toString();
    }

    @Test
    @Timeout(1_200)
    void random_requests_are_answered_well() throws Exception {
        System.out.println("FuzzTest: seed " + seed + " (-Dpawl.test.seed=…), " + REQUESTS + " requests");
        try (InMemoryPawl pawl = InMemoryPawl.create();
                Site site = Site.of(pawl, builder -> builder.allActions().openPages(0))) {
            for (int i = 0; i < 20; i++) {
                JobId id = new JobId("recap", UUID.randomUUID());
                pawl.jobs()
                        .enqueue(NewJob.of(Newsroom.RECAP, Json.of("\"mine-" + id.uuid() + "\""))
                                .id(id)
                                .triggeredBy(Actor.user("ann")));
                jobs.add(id);
            }
            Newsroom.family(pawl);
            Newsroom.failingScan(pawl);
            site.dashboard().routes().all().stream()
                    .map(route -> String.join("/", route.pattern()))
                    .filter(route -> !route.startsWith("v1/jobs/*"))
                    .map(route -> route.replace("scans/*", "scans/articles").replace("queues/*", "queues/recap"))
                    .forEach(routes::add);
            String token = site.token();
            TreeMap<Integer, Integer> statuses = new TreeMap<>();
            for (int i = 0; i < REQUESTS; i++) {
                String what = method() + " /" + path();
                int status = random.nextInt(20) == 0 ? raw(site, what) : sent(site, what, token);
                assertThat(status).as("seed %d, request %d: %s", seed, i, what).isBetween(200, 499);
                statuses.merge(status, 1, Integer::sum);
            }
            System.out.println("FuzzTest: " + statuses);
            assertThat(statuses).as("of each kind some").containsKeys(200, 400, 403, 404, 405, 409);
            assertThat(site.get("v1/queues").statusCode()).isEqualTo(200);
        }
    }

    private int sent(Site site, String what, String token) throws Exception {
        String[] parts = what.split(" ", 2);
        HttpRequest.Builder request;
        try {
            request = HttpRequest.newBuilder(site.uri(parts[1])).timeout(Duration.ofSeconds(60));
        } catch (IllegalArgumentException noUri) {
            return raw(site, what);
        }
        String body = any(BODIES);
        request.method(parts[0], HttpRequest.BodyPublishers.ofString(body));
        if (random.nextInt(3) > 0) {
            request.setHeader("Pawl-Csrf", token).setHeader("Content-Type", "application/json");
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            request.setHeader(any(HEADERS), any(HEADER_VALUES));
        }
        try {
            HttpResponse<String> response = site.browser().send(request.build(), HttpResponse.BodyHandlers.ofString());
            checkSecrets(what, response.body());
            return response.statusCode();
        } catch (
                IOException
                        cutOff) { // answered before the whole body was read: a large one, maybe; what counts is that it
            // goes on
            return raw(site, what);
        }
    }

    private int raw(Site site, String what) throws IOException {
        StringBuilder request = new StringBuilder(what).append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        for (int i = random.nextInt(3); i > 0; i--) {
            request.append(any(HEADERS)).append(": ").append(any(HEADER_VALUES)).append("\r\n");
        }
        String body = any(BODIES.subList(0, 10));
        request.append("Content-Length: ").append(body.getBytes(StandardCharsets.ISO_8859_1).length);
        String answer =
                Raw.send(site.uri(""), request.append("\r\n\r\n").append(body).toString());
        checkSecrets(what, answer);
        assertThat(answer).as(what).startsWith("HTTP/1.1 ");
        int status = Integer.parseInt(answer.substring(9, 12));
        if (status >= 400) {
            assertThat(answer).as(what).doesNotContain("\tat ").doesNotContain("Exception");
        }
        return status;
    }

    /** Only what asks for a job tells of its payload, and only of that one's. */
    private void checkSecrets(String what, String answer) {
        Matcher secrets = SECRET.matcher(answer);
        while (secrets.find()) {
            assertThat(what).as("seed %d", seed).contains("v1/jobs/recap/" + secrets.group(1));
        }
    }
}
