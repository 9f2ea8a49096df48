package dev.pawl.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.Actor;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import java.net.ServerSocket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who comes in, and what they may do. */
class AccessTest extends SiteTest {
    private static final String CROSS_SITE = "cross-site";

    AccessTest() {
        super(UnaryOperator.identity());
    }

    /** Signed in by a header, as a host's own filter might have it. */
    private static Access byHeader(Permission... permissions) {
        return request -> Optional.ofNullable(request.getHeader("User"))
                .map(user -> new Visitor(user, user, Set.of(permissions)));
    }

    private static String code(HttpResponse<String> response) {
        return Site.json(response).get("code").asText();
    }

    @Test
    void without_a_hook_it_answers_this_machine() {
        assertThat(site.get("").statusCode()).isEqualTo(200);
        assertThat(site.get("v1/queues").statusCode()).isEqualTo(200);
        assertThat(site.json("v1/session").get("permissions")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "X-Forwarded-Host", "X-Forwarded-Proto"})
    void without_a_hook_it_refuses_what_a_proxy_passed_on(String header) {
        for (String path : List.of("", "v1/queues", "v1/session", "v1/events", "v1/openapi.yaml")) {
            HttpResponse<String> response = site.get(path, header, "10.0.0.1");

            assertThat(response.statusCode()).as(path).isEqualTo(403);
            assertThat(code(response)).isEqualTo("no-access-hook");
            assertThat(response.body()).contains("Dashboard.access").contains(header);
        }
    }

    @Test
    void without_a_hook_it_refuses_other_names_of_this_machine() throws Exception {
        String request = "GET /v1/queues HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";

        String answer = Raw.send(site.uri(""), request);

        assertThat(answer).startsWith("HTTP/1.1 403").contains("other-host").contains("evil.example");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,true", "127.8.9.1,true", "::1,true", "[::1],true", "0:0:0:0:0:0:0:1,true", "10.0.0.1,false",
        "localhost,false", "::ffff:127.0.0.1,true", "::,false", "0.0.0.0,false", "'',false", "127.evil.example,false"
    })
    void loopback_is_told_by_digits(String address, boolean loopback) {
        assertThat(Gate.isLoopback(address)).isEqualTo(loopback);
    }

    @Test
    void with_a_hook_nobody_comes_in_unknown() {
        // given
        open(builder -> builder.access(byHeader(Permission.VIEW)));

        // when
        HttpResponse<String> unknown = site.get("v1/queues");
        HttpResponse<String> known = site.get("v1/queues", "User", "ann", "X-Forwarded-For", "10.0.0.1");

        // then
        assertThat(unknown.statusCode()).isEqualTo(401);
        assertThat(code(unknown)).isEqualTo("unknown-visitor");
        assertThat(unknown.headers().firstValue("WWW-Authenticate")).isPresent();
        assertThat(known.statusCode()).isEqualTo(200);
    }

    @Test
    void who_may_not_view_sees_nothing() {
        open(builder -> builder.access(byHeader(Permission.CANCEL)).allActions());

        for (String path : List.of("", "v1/queues", "v1/session", "v1/events", "v1/openapi.yaml", "none")) {
            assertThat(site.get(path, "User", "ann").statusCode()).as(path).isEqualTo(403);
        }
    }

    @Test
    void a_hook_that_fails_lets_nobody_in_and_tells_nothing() {
        open(builder -> builder.access(request -> {
            throw new IllegalStateException("ldap://secret:389");
        }));

        HttpResponse<String> response = site.get("v1/queues");

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).doesNotContain("ldap").doesNotContain("IllegalState");
    }

    @Test
    void an_action_needs_to_be_switched_on_permission_and_token() {
        // given
        JobId job = Newsroom.enqueue(pawl.jobs(), Actor.SYSTEM);
        String path = "v1/jobs/" + job + "/cancel";

        // when, then
        HttpResponse<String> off = site.post(path, "");
        assertThat(off.statusCode()).isEqualTo(403);
        assertThat(off.body()).contains("has not switched it on");

        open(builder -> builder.allActions().access(byHeader(Permission.VIEW, Permission.RETRY)));
        String token = Site.json(site.get("v1/session", "User", "ann"))
                .get("csrfToken")
                .asText();
        HttpResponse<String> notAllowed = site.send(post(path).headers("User", "ann", "Pawl-Csrf", token));
        assertThat(notAllowed.statusCode()).isEqualTo(403);
        assertThat(notAllowed.body()).contains("needs the permission CANCEL");

        open(builder -> builder.allActions().access(byHeader(Permission.values())));
        HttpResponse<String> withoutToken = site.send(post(path).header("User", "ann"));
        assertThat(withoutToken.statusCode()).isEqualTo(403);
        assertThat(code(withoutToken)).isEqualTo("csrf");
        assertThat(site.send(post(path).headers("User", "ann", "Pawl-Csrf", token))
                        .statusCode())
                .as("of another process")
                .isEqualTo(403);
        String fresh = Site.json(site.get("v1/session", "User", "ann"))
                .get("csrfToken")
                .asText();
        assertThat(site.send(post(path).headers("User", "bob", "Pawl-Csrf", fresh))
                        .statusCode())
                .as("of another visitor")
                .isEqualTo(403);
        for (String site1 : List.of(CROSS_SITE, "same-site", "none")) {
            assertThat(site.send(post(path).headers("User", "ann", "Pawl-Csrf", fresh, "Sec-Fetch-Site", site1))
                            .statusCode())
                    .as(site1)
                    .isEqualTo(403);
        }
        assertThat(site.send(post(path).headers("User", "ann", "Pawl-Csrf", fresh, "Origin", "https://evil.example"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(pawl.job(job).status()).as("nothing of this").isEqualTo(JobStatus.PENDING);

        HttpResponse<String> done =
                site.send(post(path).headers("User", "ann", "Pawl-Csrf", fresh, "Sec-Fetch-Site", "same-origin"));
        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        assertThat(pawl.job(job).status()).isEqualTo(JobStatus.CANCELLED);
    }

    @Test
    void behind_a_proxy_the_page_is_where_the_proxy_says() {
        // given
        open(builder -> builder.allActions().access(byHeader(Permission.values())));
        JobId job = Newsroom.enqueue(pawl.jobs(), Actor.SYSTEM);
        String token = Site.json(site.get("v1/session", "User", "ann"))
                .get("csrfToken")
                .asText();

        // when
        HttpResponse<String> done = site.send(post("v1/jobs/" + job + "/cancel")
                .headers("User", "ann", "Pawl-Csrf", token)
                .headers("Origin", "https://ops.example", "X-Forwarded-Host", "ops.example"));

        // then
        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        assertThat(pawl.job(job).status()).isEqualTo(JobStatus.CANCELLED);
    }

    private HttpRequest.Builder post(String path) {
        return site.request(path).POST(HttpRequest.BodyPublishers.noBody());
    }

    @Test
    void the_same_key_makes_tokens_that_other_processes_take() {
        // given
        byte[] key = Csrf.newKey();
        JobId job = Newsroom.enqueue(pawl.jobs(), Actor.SYSTEM);
        open(builder -> builder.allActions().csrfKey(key));
        try (Site other = Site.of(pawl, builder -> builder.allActions().csrfKey(key))) {
            HttpResponse<String> session = site.get("v1/session");
            String cookie = session.headers().firstValue("Set-Cookie").orElseThrow();
            assertThat(cookie).contains("HttpOnly").contains("SameSite=Strict").doesNotContain("Path");

            // when
            HttpResponse<String> done = other.send(other.request("v1/jobs/" + job + "/cancel")
                    .headers(
                            "Pawl-Csrf",
                            Site.json(session).get("csrfToken").asText(),
                            "Cookie",
                            cookie.split(";", 2)[0])
                    .POST(HttpRequest.BodyPublishers.noBody()));

            // then
            assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        }
    }

    @Test
    void every_answer_bears_the_headers_of_caution() {
        for (String path : List.of("", "v1/queues", "none", "v1/jobs?limit=0")) {
            HttpResponse<String> response = site.get(path);
            assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(response.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
            assertThat(response.headers().firstValue("Server")).isEmpty();
        }
        assertThat(site.get("v1/queues").headers().firstValue("Cache-Control")).hasValue("no-store");
    }

    @Test
    void the_launcher_refuses_to_be_seen_by_others_without_a_hook() throws Exception {
        Dashboard open = Dashboard.of(pawl).build();
        Dashboard guarded = Dashboard.of(pawl).access(byHeader(Permission.VIEW)).build();
        try (ServerSocket taken = new ServerSocket(0)) {
            assertThatThrownBy(() -> DashboardServer.start(open, "0.0.0.0", 0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("bound to 0.0.0.0")
                    .hasMessageContaining("Dashboard.access");
            assertThatThrownBy(() -> DashboardServer.start(guarded, "0.0.0.0", taken.getLocalPort()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("port " + taken.getLocalPort())
                    .hasMessageContaining("Take another port");
            assertThatThrownBy(() -> DashboardServer.start(open, "127.0.0.1", 70_000))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("70000");
            try (DashboardServer server = DashboardServer.start(guarded, "0.0.0.0", 0)) {
                assertThat(server.uri().getPort()).isPositive();
            }
        } finally {
            open.close();
            guarded.close();
        }
    }
}
