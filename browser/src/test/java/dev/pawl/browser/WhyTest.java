package dev.pawl.browser;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.pawl.dashboard.Dashboard;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.JobId;
import dev.pawl.scan.ScanState;
import dev.pawl.testkit.PawlTest;
import dev.pawl.testkit.TestTime;
import dev.pawl.view.JobEvent;
import dev.pawl.view.JobFilter;
import dev.pawl.view.JobSummary;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator asks first: why does it stand still, who took it from whom, what was refused, how far is it. */
@PawlTest
class WhyTest extends PageTest {
    private Scenery scenery;

    @BeforeEach
    void play(JdbiPawl pawl, TestTime time, DataSource database) {
        scenery = new Scenery(pawl, time, database);
        scenery.playBriefly();
        look(Site.of(Dashboard.of(pawl)));
    }

    @AfterEach
    void end() {
        scenery.close();
    }

    private static JobEvent event(JdbiPawl pawl, JobId job, JobEvent.Kind kind) {
        return pawl.views().timeline(job).orElseThrow().events().stream()
                .filter(event -> event.kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    private Locator line(String words) {
        return page().locator(".event").filter(new Locator.FilterOptions().setHasText(words));
    }

    @Test
    void who_took_a_job_from_whom_and_which_write_was_refused(JdbiPawl pawl, TestTime time) {
        JobId job = scenery.job("2026-02-25").id();
        JobEvent takeover = event(pawl, job, JobEvent.Kind.TAKEN_OVER);
        JobEvent refusal = event(pawl, job, JobEvent.Kind.REFUSED);

        open("#/job/" + job);

        Locator taken = line("Taken over: preprocess");
        expect(taken)
                .containsText("from " + takeover.holder().orElseThrow() + " under "
                        + takeover.token().orElseThrow());
        expect(taken).containsText(Pattern.compile("its lease expired, and #\\d+ \\(worker-2#[0-9a-f]+\\) took over"));
        Locator refused = line("Write refused: preprocess");
        expect(refused)
                .containsText("by " + refusal.holder().orElseThrow() + " under "
                        + refusal.token().orElseThrow());
        expect(refused).containsText(Pattern.compile("checkpoint refused: .* was superseded by #\\d+ \\(worker-2#"));
    }

    @Test
    void why_a_job_stands_still(JdbiPawl pawl, TestTime time) {
        open("#/job/" + scenery.job("2026-02-28").id());
        expect(page().locator(".why"))
                .containsText(Pattern.compile("It waits until .* to go on at stage select: .*can't reach the archive"));
        page().getByText("Stack trace").click();
        expect(page().locator(".trace")).containsText("java.net.ConnectException: Connection refused");

        open("#/job/" + scenery.job("2026-02-26").id());
        expect(page().locator(".why")).containsText("It waits for 2 of its 8 children at stage genre.");

        JobSummary paused =
                pawl.views().jobs(JobFilter.all().queue("digest"), 1).rows().get(0);
        open("#/job/" + paused.id());
        expect(page().locator(".notice"))
                .containsText(Pattern.compile("It has been due since .*, and nobody has claimed it: the queue has been"
                        + " paused since .* by user ann"));
    }

    @Test
    void all_genres_by_name_and_who_has_those_that_run(JdbiPawl pawl, TestTime time) {
        open("#/active");
        Locator recap = card("recap 2026-02-26");
        Locator genres = recap.locator(".children").first().getByRole(AriaRole.LISTITEM);
        expect(genres).hasCount(Recaps.GENRES.size());
        for (String genre : Recaps.GENRES) {
            String how = genre.equals("health")
                    ? "Failed"
                    : genre.equals("sports") || genre.equals("world") ? "Running" : "Completed";
            expect(genres.filter(new Locator.FilterOptions().setHasText(genre))).containsText(how);
        }
        JobSummary sports = scenery.job("2026-02-26");
        JobSummary child = pawl.views().children(sports.id(), "genre", Set.of(), 10, Optional.empty()).rows().stream()
                .filter(one -> one.key().equals("sports"))
                .findFirst()
                .orElseThrow()
                .job();
        JobSummary.Held lease = child.lease().orElseThrow();
        expect(recap.locator("article").filter(new Locator.FilterOptions().setHasText("sports")))
                .containsText(lease.holder() + " under " + lease.token());
    }

    private Locator card(String name) {
        return page().getByRole(
                        AriaRole.ARTICLE,
                        new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    @Test
    void where_the_cursor_of_a_scan_stands(JdbiPawl pawl, TestTime time) {
        ScanState scan = pawl.scans().find(Scenery.SCAN).orElseThrow();

        open("#/scans/" + Scenery.SCAN);

        expect(fact("Cursor")).hasText(scan.lap().cursor().orElseThrow().text());
        expect(fact("End of the lap")).hasText(scan.lap().end().orElseThrow().text());
        expect(page().locator(".failed-page"))
                .containsText("under " + scan.failed().orElseThrow().token());
    }

    private Locator fact(String name) {
        return page().locator("dt:text-is('" + name + "') + dd");
    }
}
