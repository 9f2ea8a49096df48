package dev.pawl.dashboard;

import dev.pawl.testkit.InMemoryPawl;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;

/** A test before a site, over a store in memory; both are closed after it. */
abstract class SiteTest {
    final InMemoryPawl pawl = InMemoryPawl.create();
    Site site;

    SiteTest(UnaryOperator<DashboardBuilder> settings) {
        site = Site.of(pawl, settings);
    }

    /** Has it served anew, and otherwise. */
    final void open(UnaryOperator<DashboardBuilder> settings) {
        site.close();
        site = Site.of(pawl, settings);
    }

    @AfterEach
    final void close() {
        site.close();
        pawl.close();
    }
}
