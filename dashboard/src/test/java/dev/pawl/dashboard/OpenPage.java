package dev.pawl.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** What a page is told while it is open. */
final class OpenPage implements AutoCloseable {
    private final InputStream body;
    private final BufferedReader lines;

    private OpenPage(InputStream body) {
        this.body = body;
        this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    static OpenPage of(Site site) throws IOException, InterruptedException {
        HttpResponse<InputStream> response =
                site.browser().send(site.request("v1/events").build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        return new OpenPage(response.body());
    }

    /** The data of the next event of that name. */
    String next(String name) throws IOException {
        String last = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("data: ") && last.equals("event: " + name)) {
                return line.substring("data: ".length());
            }
            last = line;
        }
        throw new AssertionError("the stream ended before an event '" + name + "'");
    }

    /** Waits for a sign of life that tells of nothing. */
    void awaitHeartbeat() throws IOException {
        String line = lines.readLine();
        while (!":".equals(line)) {
            if (line == null) {
                throw new AssertionError("the stream ended before a heartbeat");
            }
            line = lines.readLine();
        }
    }

    void readToItsEnd() throws IOException {
        while (lines.readLine() != null) {
            // what it is told until then
        }
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
