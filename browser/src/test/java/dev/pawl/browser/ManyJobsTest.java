package dev.pawl.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.pawl.dashboard.Dashboard;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.testkit.PawlTest;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The page beside very many jobs that have ended: each part of it is there soon, and no page of a list loses or repeats a job. A part that read all
 * of them would take many times as long.
 */
@PawlTest
class ManyJobsTest extends PageTest {
    /** For each step; some hundred times what it takes on a machine that does nothing else. */
    private static final Duration SOON = Duration.ofSeconds(15);

    private Duration slowest = Duration.ZERO;
    private String slowestStep = "";

    @Test
    @Timeout(600)
    void a_million_ended_jobs_are_in_nobodys_way(JdbiPawl pawl, DataSource database) {
        beside(1_000_000, pawl, database);
    }

    @Test
    @Tag("huge")
    @Timeout(3_600)
    void ten_million_ended_jobs_are_in_nobodys_way(JdbiPawl pawl, DataSource database) {
        beside(10_000_000, pawl, database);
    }

    private void beside(int jobs, JdbiPawl pawl, DataSource database) {
        EndedJobs.fill(jobs, database);
        pawl.housekeeping().once();
        look(Site.of(Dashboard.of(pawl)));
        everyPageOpens();
        historyGoesOnAndBack();
        filtersFind();
        System.out.printf(
                "ManyJobsTest: of all steps beside %,d jobs the slowest took %d ms: %s%n",
                jobs, slowest.toMillis(), slowestStep);
    }

    private void everyPageOpens() {
        soon("the overview", () -> {
            open("#/");
            expect(heading("Ended jobs")).isVisible();
        });
        expect(page().locator(".metric").filter(new Locator.FilterOptions().setHasText("Failed")))
                .containsText("10,000");
        soon("the overview of 30 days", () -> {
            open("#/?window=P30D");
            expect(heading("Ended jobs")).isVisible();
        });
        soon("active jobs", () -> {
            open("#/active");
            expect(heading("Nothing is under way")).isVisible();
            expect(page().locator("tbody tr")).hasCount(10);
        });
        soon("queues", () -> {
            open("#/queues");
            expect(heading("recap")).isVisible();
        });
        soon("scans", () -> {
            open("#/scans");
            expect(heading("No scans")).isVisible();
        });
        soon("audit", () -> {
            open("#/audit");
            expect(heading("Not audited yet")).isVisible();
        });
    }

    private void historyGoesOnAndBack() {
        soon("history", () -> open("#/history"));
        Set<String> seen = new HashSet<>();
        for (int number = 1; number <= 3; number++) {
            List<String> ids = ids();
            assertThat(ids).hasSize(50);
            seen.addAll(ids);
            assertThat(seen).as("jobs on the first %d pages", number).hasSize(50 * number);
            soon("page " + (number + 1), () -> {
                link("Older").click();
                awaitRowsWithout(ids.get(0));
            });
        }
        List<String> fourth = ids();
        String address = page().url();
        soon("the way back", () -> {
            page().goBack();
            awaitRowsWithout(fourth.get(0));
        });
        assertThat(seen).containsAll(ids());
        soon("a deep link to page 4", () -> open(address.substring(address.indexOf('#'))));
        assertThat(ids()).isEqualTo(fourth);
        soon("a job", () -> {
            page().locator("tbody td.lead a").first().click();
            expect(heading("What happened")).isVisible();
        });
        expect(page().locator(".stage[data-state=DONE]").first()).containsText("fetch");
    }

    private void filtersFind() {
        soon("those that failed", () -> {
            open("#/history?status=FAILED");
            expect(page().locator("tbody .badge").first()).hasText("Failed");
        });
        assertThat(page().locator("tbody .badge").allInnerTexts()).hasSize(50).containsOnly("Failed");
        soon("ann's", () -> {
            open("#/history?trigger=USER&user=ann");
            expect(page().locator("tbody tr")).hasCount(50);
        });
        soon("those that ended in the last hour", () -> {
            open("#/history?ended=PT1H");
            expect(page().locator("tbody tr")).hasCount(50);
        });
        soon("those of a queue and a pipeline without parents", () -> {
            open("#/history?queue=recap&pipeline=recap&roots=true");
            expect(page().locator("tbody tr")).hasCount(50);
        });
        for (String none : List.of("status=CANCELLED", "user=nobody&trigger=USER", "pipeline=none")) {
            soon("none: " + none, () -> {
                open("#/history?" + none);
                expect(page().getByText("None among the jobs that this page looked at")
                                .or(heading("No such job")))
                        .isVisible();
            });
        }
    }

    private void soon(String step, Runnable steps) {
        long begin = System.nanoTime();
        steps.run();
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        assertThat(took).as(step).isLessThan(SOON);
        if (took.compareTo(slowest) > 0) {
            slowest = took;
            slowestStep = step;
        }
    }

    private void awaitRowsWithout(String former) {
        expect(page().locator("tbody td.lead a[title='" + former + "']")).hasCount(0);
        settled();
        expect(page().getByRole(AriaRole.ROW, new Page.GetByRoleOptions())).hasCount(51);
    }

    private List<String> ids() {
        return page().locator("tbody td.lead a").all().stream()
                .map(link -> link.getAttribute("title"))
                .toList();
    }
}
