package dev.pawl.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.embed.Pawl;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A dashboard that is served, and a browser before it. */
final class Site implements AutoCloseable {
    static final ObjectMapper MAPPER = new ObjectMapper();

    private final Dashboard dashboard;
    private final DashboardServer server;
    private final HttpClient browser = HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .connectTimeout(Duration.ofSeconds(30))
            .build();

    private Site(Dashboard dashboard) {
        this.dashboard = dashboard;
        this.server = DashboardServer.start(dashboard, "127.0.0.1", 0);
    }

    /** Answers are kept for 50 ms only, and a hundred times as much may be asked, unless told otherwise. */
    static Site of(Pawl pawl, UnaryOperator<DashboardBuilder> settings) {
        return new Site(settings.apply(Dashboard.of(pawl)
                        .refresh(Duration.ofMillis(100))
                        .patience(Duration.ofSeconds(30))
                        .requestsPerSecond(1_000_000))
                .build());
    }

    Dashboard dashboard() {
        return dashboard;
    }

    URI uri(String path) {
        return server.uri().resolve(path);
    }

    HttpClient browser() {
        return browser;
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(60));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return browser.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> get(String path, String... headers) {
        HttpRequest.Builder request = request(path);
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    JsonNode json(String path) {
        HttpResponse<String> response = get(path);
        if (response.statusCode() != 200) {
            throw new AssertionError(path + " was answered " + response.statusCode() + ": " + response.body());
        }
        return json(response);
    }

    static JsonNode json(HttpResponse<String> response) {
        try {
            return MAPPER.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + response.body(), e);
        }
    }

    String token() {
        return json("v1/session").get("csrfToken").asText();
    }

    /** As the page does: with the token of the session, from the page's own origin. */
    HttpResponse<String> post(String path, String body, String... headers) {
        HttpRequest.Builder request = request(path)
                .header("Pawl-Csrf", token())
                .header("Sec-Fetch-Site", "same-origin")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    @Override
    public void close() {
        server.close();
        dashboard.close();
    }
}
