package dev.pawl.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Actor;
import dev.pawl.testkit.InMemoryPawl;
import java.io.IOException;
import java.net.http.HttpResponse;
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
    private final List<OpenPage> pages = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (OpenPage page : pages) {
            page.close();
        }
        site.close();
        pawl.close();
    }

    private OpenPage open() throws Exception {
        OpenPage page = OpenPage.of(site);
        pages.add(page);
        return page;
    }

    @Test
    void a_page_is_told_when_something_changes() throws Exception {
        OpenPage page = open();
        String first = page.next("changed");
        page.next("changed"); // the first look

        Newsroom.enqueue(pawl.jobs(), Actor.SYSTEM);

        String then = page.next("changed");
        assertThat(Site.MAPPER.readTree(then).get("version").asLong())
                .isGreaterThan(Site.MAPPER.readTree(first).get("version").asLong());
    }

    @Test
    void too_many_pages_are_sent_to_polling() throws Exception {
        for (int i = 0; i < 3; i++) {
            open().next("changed");
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
        open().next("changed");
        boolean meanwhile = events.isLooking();

        // when
        pages.get(0).close();
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
    void a_page_hears_that_it_is_connected_however_seldom_is_looked() throws Exception {
        try (Site seldom = Site.of(pawl, builder -> builder.refresh(Duration.ofMinutes(1)));
                OpenPage page = OpenPage.of(seldom)) {
            page.next("changed");
            long opened = System.nanoTime();

            page.awaitHeartbeat();

            assertThat(Duration.ofNanos(System.nanoTime() - opened)).isLessThan(Duration.ofSeconds(45));
        }
    }

    @Test
    void a_dashboard_that_is_closed_lets_go_of_its_pages() throws Exception {
        OpenPage page = open();
        page.next("changed");

        site.dashboard().close();

        page.readToItsEnd();
        assertThat(site.dashboard().events().open()).isZero();
    }
}
