package dev.pawl.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Actor;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.testkit.PawlTest;
import dev.pawl.testkit.PostgresProxy;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Looks for open pages give way where the database takes its time. */
@PawlTest
class PaceTest {
    private static final Duration REFRESH = Duration.ofMillis(500);

    @Test
    void the_longer_a_look_takes_the_longer_nobody_looks(JdbiPawl pawl, PostgresProxy proxy) throws Exception {
        // given
        try (Site site = Site.of(pawl, builder -> builder.refresh(REFRESH));
                OpenPage page = OpenPage.of(site)) {
            page.next("changed");
            page.next("changed"); // the first look

            // when
            proxy.delay(Duration.ofMillis(5));
            untilToldOfAnother(pawl, page);
            untilToldOfAnother(pawl, page); // by a look that began after that

            // then
            long told = System.nanoTime();
            untilToldOfAnother(pawl, page);
            assertThat(Duration.ofNanos(System.nanoTime() - told))
                    .isBetween(REFRESH.multipliedBy(3), REFRESH.multipliedBy(60));
        }
    }

    private static void untilToldOfAnother(JdbiPawl pawl, OpenPage page) throws IOException {
        Newsroom.enqueue(pawl.jobs(), Actor.SYSTEM);
        page.next("changed");
    }
}
