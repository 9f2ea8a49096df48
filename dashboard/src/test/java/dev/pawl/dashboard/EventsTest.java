package dev.pawl.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Actor;
import dev.pawl.testkit.InMemoryPawl;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pages are told what has changed, by one look for all of them, and nobody looks while no page is open. */
class EventsTest {
    private static final Duration HANGS = Duration.ofSeconds(60);

    private final InMemoryPawl pawl = InMemoryPawl.create();
    private final Site site = Site.of(pawl, builder -> builder.openPages(3));
    private final List<InputStream> streams = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (InputStream stream : streams) {
            stream.close();
        }
        site.close();
        pawl.close();
    }

    private BufferedReader open() throws Exception {
        HttpResponse<InputStream> response =
                site.browser().send(site.request("v1/events").build(), HttpResponse.BodyHandlers.ofInputStream());
        streams.add(response.body());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /** The data of the next event of that name. */
    private static String next(BufferedReader stream, String name) throws IOException {
        String last = "";
        for (String line = stream.readLine(); line != null; line = stream.readLine()) {
            if (line.startsWith("data: ") && last.equals("event: " + name)) {
                return line.substring("data: ".length());
            }
            last = line;
        }
        throw new AssertionError("the stream ended before an event '" + name + "'");
    }

    @Test
    void a_page_is_told_when_something_changes() throws Exception {
        BufferedReader page = open();
        String first = next(page, "changed");
        next(page, "changed"); // the first look

        Newsroom.enqueue(pawl.jobs(), Actor.SYSTEM);

        String then = next(page, "changed");
        assertThat(Site.MAPPER.readTree(then).get("version").asLong())
                .isGreaterThan(Site.MAPPER.readTree(first).get("version").asLong());
    }

    @Test
    void too_many_pages_are_sent_to_polling() throws Exception {
        for (int i = 0; i < 3; i++) {
            next(open(), "changed");
        }

        HttpResponse<String> fourth = site.get("v1/events");

        assertThat(fourth.statusCode()).isEqualTo(429);
        assertThat(fourth.body()).contains("poll instead");
    }

    @Test
    void nobody_looks_while_no_page_is_open() throws Exception {
        // given
        Events events = site.dashboard().events();
        boolean before = events.isLooking();
        next(open(), "changed");
        boolean meanwhile = events.isLooking();

        // when
        streams.get(0).close();
        Awaitility.await().atMost(HANGS).until(() -> {
            Newsroom.enqueue(pawl.jobs(), Actor.SYSTEM); // what is gone is noticed when it is written to
            return !events.isLooking();
        });

        // then
        assertThat(before).isFalse();
        assertThat(meanwhile).isTrue();
        assertThat(events.open()).isZero();
    }

    @Test
    void a_dashboard_that_is_closed_lets_go_of_its_pages() throws Exception {
        BufferedReader page = open();
        next(page, "changed");

        site.dashboard().close();

        String line = page.readLine();
        while (line != null) {
            line = page.readLine();
        }
        assertThat(site.dashboard().events().open()).isZero();
    }
}
