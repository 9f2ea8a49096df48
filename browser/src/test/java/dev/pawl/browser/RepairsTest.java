package dev.pawl.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.pawl.Actor;
import dev.pawl.dashboard.Dashboard;
import dev.pawl.dashboard.Visitor;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.scan.SkippedPage;
import dev.pawl.testkit.PawlTest;
import dev.pawl.testkit.TestTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is wrong, and is put right by somebody at the page: a scan's page, a row. */
@PawlTest
class RepairsTest extends PageTest {
    private Scenery scenery;

    @BeforeEach
    void play(JdbiPawl pawl, TestTime time, DataSource database) {
        scenery = new Scenery(pawl, time, database);
        scenery.playBriefly();
        look(Site.of(Dashboard.of(pawl).allActions().access(request -> Optional.of(Visitor.operator("ann")))));
    }

    @AfterEach
    void end() {
        scenery.close();
    }

    @Test
    void what_needs_attention_says_why_and_leads_there(JdbiPawl pawl, TestTime time) {
        open("#/");
        Locator failing = page().locator(".attention > li")
                .filter(new Locator.FilterOptions().setHasText("scan " + Scenery.SCAN));
        expect(failing).containsText("the model answered 429 Too Many Requests");
        failing.getByRole(AriaRole.LINK).click();
        expect(page().locator("main h1")).hasText(Scenery.SCAN);
        expect(page().locator(".failed-page")).containsText("120 rows");
        assertThat(pawl.scans().skipped(Scenery.SCAN)).isEmpty();

        button("Step over the page").click();
        expect(page().getByRole(AriaRole.DIALOG)).containsText("120 rows will not be handled in this lap");
        button("Step over it").click();
        button("Close").click();
        expect(page().locator(".failed-page")).hasCount(0);
        expect(page().locator("tbody tr")).containsText("ann");
        assertThat(pawl.scans().skipped(Scenery.SCAN))
                .extracting(SkippedPage::by)
                .containsExactly(Actor.user("ann"));
        assertThat(time.now()).isNotNull();
    }

    @Test
    void a_finding_is_planned_repaired_and_recorded(JdbiPawl pawl, TestTime time) {
        scenery.damage();
        open("#/audit");
        expect(heading("Not audited yet")).isVisible();
        button("Audit now").click();
        page().getByLabel(Pattern.compile("Choose children-miscounted .*")).check();
        button("Plan 1 repair").click();
        expect(page().locator(".plan .change")).containsText("Before");
        assertThat(pawl.auditor().repairs(10)).as("nothing is done by a plan").isEmpty();

        button("Repair").click();
        Locator dialog = page().getByRole(AriaRole.DIALOG);
        expect(dialog).containsText("if it still is what it was when the plan was made");
        dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Repair"))
                .click();
        expect(dialog).containsText("repaired.");
        button("Close").click();
        expect(page().getByRole(
                                AriaRole.ROW,
                                new Page.GetByRoleOptions().setName(Pattern.compile("children-miscounted"))))
                .containsText("ann");
        assertThat(pawl.auditor().repairs(10)).hasSize(1);
        assertThat(time.now()).isNotNull();
    }

    @Test
    void older_records_are_a_page_away_and_have_an_address(JdbiPawl pawl, TestTime time, DataSource database)
            throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    insert into pawl.repair (queue, job_id, code, before, after, at)
                    select 'recap', gen_random_uuid(), 'number-' || n, 'RUNNING', 'FAILED', now() from generate_series(1, 60) n
                    """);
        }
        open("#/audit");
        expect(page().locator("tbody tr")).hasCount(50);
        expect(page().locator("tbody tr").first()).containsText("number-60");

        page().getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Older"))
                .click();
        expect(page().locator("tbody tr")).hasCount(10);
        expect(page().locator("tbody tr").first()).containsText("number-10");
        page().reload();
        expect(page().locator("tbody tr").last()).containsText("number-1");

        page().goBack();
        expect(page().locator("tbody tr")).hasCount(50);
        assertThat(pawl.auditor().repairs(100)).hasSize(60);
        assertThat(time.now()).isNotNull();
    }
}
