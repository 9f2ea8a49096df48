package dev.pawl.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.pawl.Actor;
import dev.pawl.browser.Recaps.Request;
import dev.pawl.dashboard.Dashboard;
import dev.pawl.dashboard.DashboardBuilder;
import dev.pawl.dashboard.Permission;
import dev.pawl.dashboard.Visitor;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.testkit.PawlTest;
import dev.pawl.testkit.PostgresProxy;
import dev.pawl.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The page while a worker runs: it follows, leads where its links say, and does what its user may do, and nothing else. */
@PawlTest
class LiveTest extends PageTest {
    private final Newsroom newsroom = new Newsroom(length -> {});

    @AfterEach
    void goOn() {
        newsroom.close();
    }

    private Worker worker(JdbiPawl pawl) {
        return pawl.worker("recap")
                .name("worker-1")
                .concurrency(4)
                .pollInterval(Duration.ofMillis(100))
                .run(newsroom.recap())
                .run(newsroom.genre())
                .start();
    }

    private static JobId enqueue(JdbiPawl pawl, Request request) {
        return pawl.jobs()
                .enqueue(NewJob.of(Recaps.RECAP, request).key(request.day()).triggeredBy(Actor.user("ben")))
                .id();
    }

    private static DashboardBuilder acting(JdbiPawl pawl) {
        return Dashboard.of(pawl).actions(Permission.values()).access(request -> Optional.of(Visitor.operator("ann")));
    }

    @Test
    void an_empty_database_says_what_to_do(JdbiPawl pawl) {
        look(Site.of(Dashboard.of(pawl)));
        open("#/");
        expect(heading("Nothing was ever enqueued here")).isVisible();
        open("#/active");
        expect(heading("Nothing is under way")).isVisible();
        open("#/history");
        expect(heading("No jobs yet")).isVisible();
        open("#/queues");
        expect(heading("No queues yet")).isVisible();
        open("#/scans");
        expect(heading("No scans")).isVisible();
        open("#/audit");
        expect(heading("Not audited yet")).isVisible();
    }

    @Test
    void what_happens_shows_up_by_itself(JdbiPawl pawl) {
        look(Site.of(Dashboard.of(pawl)));
        open("#/active");
        expect(heading("Nothing is under way")).isVisible();
        try (Worker worker = worker(pawl)) {
            JobId id = enqueue(pawl, Request.of("2026-02-16").holdingAt("business"));
            Locator card = page().getByRole(AriaRole.ARTICLE, new Page.GetByRoleOptions().setName("recap 2026-02-16"));
            expect(card).containsText("7 of 8 children completed, 1 open");
            expect(card.getByRole(AriaRole.LISTITEM).filter(new Locator.FilterOptions().setHasText("business")))
                    .containsText("Running");
            newsroom.goOn();
            expect(page().getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText("2026-02-16")))
                    .containsText("Completed");
            open("#/job/" + id);
            expect(page().locator("main h1")).hasText("2026-02-16");
            expect(page().locator(".stage[data-state=DONE]")).hasCount(8);
            assertThat(worker).isNotNull();
        }
    }

    @Test
    void an_address_leads_there_and_back_leads_back(JdbiPawl pawl) {
        try (Worker worker = worker(pawl)) {
            JobId good = enqueue(pawl, Request.of("2026-02-16"));
            JobId bad =
                    enqueue(pawl, Request.of("2026-02-17").breakingAt("fetch").with("<b>why</b>"));
            awaitEnd(pawl, good);
            pawl.jobs().cancel(bad, Actor.user("ann"));
            assertThat(worker).isNotNull();
        }
        look(Site.of(Dashboard.of(pawl)));
        open("#/history?status=CANCELLED");
        expect(page().locator("tbody tr")).hasCount(1);
        expect(page().getByLabel("Status")).hasValue("CANCELLED");

        page().getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("2026-02-17"))
                .click();
        expect(page().locator("main h1")).hasText("2026-02-17");
        PlaywrightAssertions.assertThat(page()).hasTitle(Pattern.compile("2026-02-17: Cancelled.*"));

        page().goBack();
        expect(page().getByLabel("Status")).hasValue("CANCELLED");
        expect(page().locator("tbody tr")).hasCount(1);

        page().getByLabel("Status").selectOption("COMPLETED");
        expect(page().locator("tbody tr").first()).containsText("Completed");
        assertThat(page().url()).contains("status=COMPLETED");
        page().getByLabel("No children").check();
        expect(page().locator("tbody tr")).hasCount(1);
        page().getByLabel("Ended").selectOption("PT24H");
        expect(page().locator("thead")).containsText("Ended");
        expect(page().locator("tbody tr")).hasCount(1);
        user().fill("nobody");
        page().keyboard().press("Enter");
        expect(heading("No such job")).isVisible();

        page().goBack();
        expect(page().locator("tbody tr")).hasCount(1);
        page().reload();
        expect(page().locator("tbody tr")).hasCount(1);
        expect(user()).hasValue("");
    }

    private Locator user() {
        return page().getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("User"));
    }

    @Test
    void the_keyboard_is_enough(JdbiPawl pawl) {
        enqueue(pawl, Request.of("2026-02-16"));
        look(Site.of(acting(pawl)));
        open("#/queues");
        expect(button("Pause")).isVisible();
        page().keyboard().press("Tab");
        expect(link("Skip to the content")).isFocused();
        page().keyboard().press("Enter");
        page().keyboard().press("Tab");
        expect(button("Pause")).isFocused();
        page().keyboard().press("Enter");
        Locator dialog = page().getByRole(AriaRole.DIALOG);
        expect(dialog).containsText("Nothing is claimed from it until it is resumed");
        expect(button("Leave it")).isFocused();
        page().keyboard().press("Escape");
        expect(dialog).hasCount(0);
        assertThat(pawl.jobs().isPaused("recap")).isFalse();
        expect(button("Pause")).isFocused();
    }

    @Test
    void what_is_done_here_is_asked_about_first_and_recorded(JdbiPawl pawl) {
        JobId id = enqueue(pawl, Request.of("2026-02-16"));
        look(Site.of(acting(pawl)));
        open("#/job/" + id);
        button("Cancel").click();
        Locator dialog = page().getByRole(AriaRole.DIALOG);
        expect(dialog).containsText("It is recorded that ann did this.");
        assertThat(pawl.jobs().find(id).orElseThrow().status()).isEqualTo(JobStatus.PENDING);
        button("Cancel the job").click();
        expect(dialog).containsText("cancelled");
        button("Close").click();
        expect(page().locator(".head .badge")).hasText("Cancelled");
        assertThat(pawl.jobs().find(id).orElseThrow().status()).isEqualTo(JobStatus.CANCELLED);
        expect(page().locator(".timeline")).containsText("ann");

        button("Retry").click();
        button("Retry the job").click();
        button("Close").click();
        expect(page().locator(".head .badge")).hasText("Pending");

        open("#/queues");
        button("Pause").click();
        button("Pause the queue").click();
        button("Close").click();
        expect(button("Resume")).isVisible();
        assertThat(pawl.jobs().isPaused("recap")).isTrue();
        button("Resume").click();
        button("Resume the queue").click();
        button("Close").click();
        expect(button("Pause")).isVisible();
        assertThat(pawl.jobs().isPaused("recap")).isFalse();
    }

    @Test
    void a_refusal_is_shown_in_its_own_words(JdbiPawl pawl) {
        JobId id = enqueue(pawl, Request.of("2026-02-16"));
        look(Site.of(acting(pawl)));
        open("#/job/" + id);
        button("Cancel").click();
        pawl.jobs().cancel(id, Actor.user("ben")); // somebody was faster
        pawl.jobs().retry(id, Actor.user("ben"));
        try (Worker worker = worker(pawl)) {
            awaitEnd(pawl, id);
            assertThat(worker).isNotNull();
        }
        button("Cancel the job").click();
        Locator dialog = page().getByRole(AriaRole.DIALOG);
        expect(dialog.getByRole(AriaRole.ALERT)).containsText("It was refused");
        errors().removeIf(error -> error.contains("409"));
    }

    @Test
    void without_permission_there_is_nothing_to_press(JdbiPawl pawl) {
        JobId id = enqueue(pawl, Request.of("2026-02-16"));
        look(Site.of(
                Dashboard.of(pawl).actions(Permission.values()).access(request -> Optional.of(Visitor.viewer("ben")))));
        open("#/job/" + id);
        expect(page().locator(".side-foot")).containsText("ben");
        expect(button("Cancel")).hasCount(0);
        open("#/queues");
        expect(page().getByRole(AriaRole.ARTICLE)).containsText("Open");
        expect(button("Pause")).hasCount(0);
    }

    @Test
    void markup_is_shown_and_never_run(JdbiPawl pawl) {
        String evil = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">";
        try (Worker worker = worker(pawl)) {
            JobId id = pawl.jobs()
                    .enqueue(NewJob.of(Recaps.RECAP, new Request(evil, "fetch", List.of(), evil))
                            .key("<img src=x onerror=alert(1)>")
                            .triggeredBy(Actor.user("<b onclick=alert(2)>ann</b>")))
                    .id();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !pawl.jobs().failures(id).isEmpty());
            look(Site.of(Dashboard.of(pawl)));
            open("#/job/" + id);
            expect(page().locator("main h1")).hasText("<img src=x onerror=alert(1)>");
            expect(page().locator(".tree").first()).containsText("onerror=");
            page().getByText("Stack trace").first().click();
            expect(page().locator(".trace").first()).containsText("<script>");
            assertThat(page().locator("main img, main script, main b[onclick]").count())
                    .isZero();
            open("#/history");
            expect(page().locator("tbody tr").first()).containsText("<img src=x");
            assertThat(page().title()).doesNotContain("owned");
            assertThat(worker).isNotNull();
        }
    }

    @Test
    void a_dead_database_is_told_of_and_its_recovery_seen(JdbiPawl pawl, PostgresProxy proxy) {
        enqueue(pawl, Request.of("2026-02-16"));
        look(Site.of(Dashboard.of(pawl)));
        open("#/queues");
        expect(page().getByRole(AriaRole.ARTICLE)).containsText("recap");

        proxy.refuse();
        proxy.cut();
        expect(page().locator("main > .notice")).containsText("This page tries again by itself.");
        expect(page().locator(".state")).hasText("Not connected");
        expect(page().getByRole(AriaRole.ARTICLE)).containsText("recap"); // as it was last

        proxy.restore();
        expect(page().locator("main > .notice")).hasCount(0);
        expect(page().locator(".state")).not().hasText("Not connected");
        errors().removeIf(error -> error.contains("503") || error.contains("ERR_"));
    }

    @Test
    void without_events_it_asks_again_and_again(JdbiPawl pawl) {
        look(Site.of(Dashboard.of(pawl)));
        page().route("**/v1/events", Route::abort);
        open("#/queues");
        expect(heading("No queues yet")).isVisible();
        expect(page().locator(".state")).hasText("Every few seconds");
        page().waitForResponse(
                        answer -> answer.url().endsWith("v1/queues")
                                && answer.status() == 304, // as before: not sent again
                        () -> {});
        enqueue(pawl, Request.of("2026-02-16"));
        expect(page().getByRole(AriaRole.ARTICLE)).containsText("recap");
        errors().removeIf(error -> error.contains("ERR_FAILED"));
    }

    @Test
    void the_theme_is_kept(JdbiPawl pawl) {
        look(Site.of(Dashboard.of(pawl)));
        open("#/");
        button("Dark").click();
        expect(page().locator("html")).hasAttribute("data-theme", "dark");
        page().reload();
        settled();
        expect(page().locator("html")).hasAttribute("data-theme", "dark");
        expect(button("Dark")).hasAttribute("aria-pressed", "true");
    }

    @Test
    void the_first_paint_needs_less_than_300_KB(JdbiPawl pawl) {
        enqueue(pawl, Request.of("2026-02-16"));
        look(Site.of(Dashboard.of(pawl)));
        open("#/");
        Object bytes = page().evaluate(
                        "() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
                                + ".reduce((sum, entry) => sum + entry.transferSize, 0)");
        assertThat(((Number) bytes).longValue()).isBetween(20_000L, 300_000L);
    }

    private static void awaitEnd(JdbiPawl pawl, JobId id) {
        try {
            pawl.jobs().await(id, Duration.ofSeconds(60));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
