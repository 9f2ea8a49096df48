package dev.pawl.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.job.JobId;
import dev.pawl.job.NewJob;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How answers are sent, and what is shown of documents. */
class AnswersTest extends SiteTest {
    AnswersTest() {
        super(UnaryOperator.identity());
    }

    @Test
    void a_document_is_told_to_the_letter() {
        JobId job = Newsroom.enqueue(pawl.jobs(), Actor.SYSTEM);

        JsonNode payload = site.json("v1/jobs/" + job).get("payload");

        assertThat(payload.get("state").asText()).isEqualTo("SHOWN");
        JsonNode entries = payload.at("/tree/entries");
        assertThat(entries.findValuesAsText("key")).containsExactly("secret", "n", "n", "list");
        assertThat(entries.at("/1/value/text").asText()).isEqualTo("12345678901234567890");
        assertThat(entries.at("/2/value/text").asText()).as("a key twice").isEqualTo("1.50");
        assertThat(entries.at("/3/value/items").findValuesAsText("type")).containsExactly("true", "false", "null");
    }

    @Test
    void results_are_told_by_stage() {
        JobId running = Newsroom.fill(pawl.jobs());

        JsonNode results = site.json("v1/jobs/" + running).get("results");

        assertThat(results.findValuesAsText("stage")).containsExactly("fetch");
        assertThat(results.at("/0/result/tree/items")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wide", "deep", "long"})
    void a_large_document_is_cut_and_says_so(String how) {
        // given
        String text = switch (how) {
            case "wide" -> "[" + "1,".repeat(50_000) + "1]";
            case "deep" -> "[".repeat(300) + "]".repeat(300);
            default -> "\"" + "x".repeat(500_000) + "\"";
        };
        JobId job =
                pawl.jobs().enqueue(NewJob.of(Newsroom.RECAP, Json.of(text))).id();

        // when
        HttpResponse<String> response = site.get("v1/jobs/" + job);
        JsonNode payload =
                ApiDescription.check("GET", "v1/jobs/" + job, response).get("payload");

        // then
        assertThat(payload.get("state").asText()).isEqualTo("CUT");
        assertThat(payload.get("note").asText()).isNotBlank();
        assertThat(payload.get("bytes").asInt()).isEqualTo(text.length());
        assertThat(response.body().length()).isLessThan(100_000);
    }

    @Test
    void what_is_hidden_or_redacted_is_nowhere_in_the_answer() {
        // given
        JobId job = Newsroom.fill(pawl.jobs());
        Newsroom.failingScan(pawl);
        assertThat(site.get("v1/jobs/" + job).body()).contains("s3cr3t");

        // when, then
        open(DashboardBuilder::hidePayloads);
        HttpResponse<String> hidden = site.get("v1/jobs/" + job);
        assertThat(ApiDescription.check("GET", "v1/jobs/" + job, hidden)
                        .at("/payload/state")
                        .asText())
                .isEqualTo("HIDDEN");
        assertThat(hidden.body()).doesNotContain("s3cr3t").doesNotContain("\"items\"");
        assertThat(site.json("v1/scans/articles").at("/scan/failed/bounds/last").asText())
                .isEqualTo("hidden");
        assertThat(audited())
                .contains("scan-failing", "is hidden by this service")
                .as("told of by its keys")
                .doesNotContain("page of 2 rows");
        assertThat(site.json("v1/session").get("payloads").asText()).isEqualTo("HIDDEN");

        open(builder -> builder.redaction((document, visitor) -> switch (document.part()) {
            case PAYLOAD -> Optional.of(Json.of("{\"for\":\"" + visitor.id() + "\"}"));
            case RESULT -> Optional.empty();
            case PROGRESS -> Optional.of(document.json());
        }));
        JsonNode redacted = site.json("v1/jobs/" + job);
        assertThat(redacted.at("/payload/state").asText()).isEqualTo("REDACTED");
        assertThat(redacted.at("/payload/tree/entries/0/value/text").asText()).isEqualTo("local");
        assertThat(redacted.at("/results/0/result/state").asText()).isEqualTo("HIDDEN");
        assertThat(redacted.toString()).doesNotContain("s3cr3t");

        open(builder -> builder.redaction((document, visitor) -> {
            throw new IllegalStateException("s3cr3t");
        }));
        assertThat(site.get("v1/jobs/" + job).body())
                .contains("could not be redacted")
                .doesNotContain("s3cr3t");
    }

    private String audited() {
        site.post("v1/audit", "");
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> site.json("v1/audit").get("state").asText().equals("DONE"));
        return site.get("v1/audit").body();
    }

    @Test
    void what_one_visitor_may_see_is_not_kept_for_another() {
        // given
        JobId job = Newsroom.enqueue(pawl.jobs(), Actor.SYSTEM);
        open(builder -> builder.refresh(Duration.ofMinutes(1))
                .access(request ->
                        Optional.ofNullable(request.getHeader("User")).map(Visitor::viewer))
                .redaction((document, visitor) ->
                        visitor.id().equals("ann") ? Optional.of(document.json()) : Optional.empty()));

        // when
        String forAnn = site.get("v1/jobs/" + job, "User", "ann").body();
        String forBob = site.get("v1/jobs/" + job, "User", "bob").body();

        // then
        assertThat(forAnn).contains("s3cr3t");
        assertThat(forBob).doesNotContain("s3cr3t");
    }

    @Test
    void what_has_not_changed_is_not_sent_again() {
        // given
        Newsroom.fill(pawl.jobs());
        String etag = site.get("v1/queues").headers().firstValue("ETag").orElseThrow();

        // when
        HttpResponse<String> same = site.get("v1/queues", "If-None-Match", etag);
        Newsroom.enqueue(pawl.jobs(), Actor.SYSTEM);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> site.get("v1/queues", "If-None-Match", etag).statusCode() == 200);

        // then
        assertThat(etag).startsWith("W/");
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(same.headers().firstValue("Pawl-As-Of")).isPresent();
    }

    @Test
    void files_are_sent_by_name_and_by_gzip() {
        HttpResponse<String> page = site.get("");
        HttpResponse<String> zipped = site.get("v1/openapi.yaml", "Accept-Encoding", "br, gzip");

        assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(page.headers().firstValue("Cache-Control").orElseThrow()).contains("no-cache");
        assertThat(zipped.headers().firstValue("Content-Encoding")).hasValue("gzip");
        String etag = page.headers().firstValue("ETag").orElseThrow();
        assertThat(site.get("index.html", "If-None-Match", etag).statusCode()).isEqualTo(304);
        assertThat(PageFile.named("../openapi.yaml")).isEmpty();
        assertThat(PageFile.named("../PageFile.class")).isEmpty();
        assertThat(PageFile.named("./index.html")).isEmpty();
        assertThat(PageFile.named("/index.html")).isEmpty();
    }

    @Test
    void head_is_get_without_the_body_and_other_methods_are_told_what_there_is() {
        HttpResponse<String> head =
                site.send(site.request("v1/queues").method("HEAD", HttpRequest.BodyPublishers.noBody()));
        HttpResponse<String> deleted = site.send(site.request("v1/queues").DELETE());

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(deleted.statusCode()).isEqualTo(405);
        assertThat(deleted.headers().firstValue("Allow")).hasValue("GET");
    }

    @Test
    void more_requests_than_are_allowed_are_refused_for_a_while() {
        open(builder -> builder.requestsPerSecond(1));

        HttpResponse<String> last = site.get("v1/queues");
        for (int i = 0; i < 100 && last.statusCode() == 200; i++) {
            last = site.get("v1/queues");
        }

        assertThat(last.statusCode()).isEqualTo(429);
        assertThat(last.headers().firstValue("Retry-After")).isPresent();
        assertThat(ApiDescription.check("GET", "v1/queues", last)
                        .get("retryAfterMs")
                        .asLong())
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ops/pawl/*", "/*", "/"})
    void it_is_mounted_anywhere(String mount) throws Exception {
        // given
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/app");
        ServletHolder holder = new ServletHolder(site.dashboard().servlet());
        holder.setAsyncSupported(true);
        context.addServlet(holder, mount);
        server.setHandler(context);
        server.start();
        try {
            String root = "http://127.0.0.1:" + connector.getLocalPort() + "/app"
                    + mount.substring(0, mount.lastIndexOf('/'));

            // when
            HttpResponse<String> page = get(root + "/");
            HttpResponse<String> queues = get(root + "/v1/queues");

            // then
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).doesNotContain("href=\"/").doesNotContain("src=\"/");
            assertThat(queues.statusCode()).isEqualTo(200);
            if (mount.startsWith("/ops")) {
                HttpResponse<String> bare = get(root);
                assertThat(bare.statusCode()).isEqualTo(302);
                assertThat(bare.headers().firstValue("Location")).hasValue("./pawl/");
            }
        } finally {
            server.stop();
        }
    }

    private HttpResponse<String> get(String uri) throws Exception {
        return site.browser()
                .send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
