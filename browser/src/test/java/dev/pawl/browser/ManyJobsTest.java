package dev.pawl.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import dev.pawl.dashboard.Dashboard;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.testkit.PawlTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The page beside very many jobs that have ended: it is there at once, and no page of a list loses or repeats a job. */
@PawlTest
class ManyJobsTest extends PageTest {
    @Test
    void a_list_of_50_000_goes_on_and_back(JdbiPawl pawl, DataSource database) {
        beside(50_000, pawl, database);
    }

    @Test
    @Tag("long")
    void a_list_of_a_million_goes_on_and_back(JdbiPawl pawl, DataSource database) {
        beside(1_000_000, pawl, database);
    }

    private void beside(int jobs, JdbiPawl pawl, DataSource database) {
        fill(jobs, database);
        look(Site.of(Dashboard.of(pawl)));
        open("#/");
        expect(heading("Ended jobs")).isVisible();
        open("#/history");
        Set<String> seen = new HashSet<>();
        for (int page = 1; page <= 3; page++) {
            List<String> ids = ids();
            assertThat(ids).hasSize(50);
            seen.addAll(ids);
            assertThat(seen).as("jobs on the first %d pages", page).hasSize(50 * page);
            link("Older").click();
            expect(page().locator("tbody td.lead a[title='" + ids.get(0) + "']"))
                    .hasCount(0);
            settled();
            expect(page().locator("tbody tr")).hasCount(50);
        }
        List<String> fourth = ids();
        page().goBack();
        expect(page().locator("tbody td.lead a[title='" + fourth.get(0) + "']")).hasCount(0);
        settled();
        expect(page().locator("tbody tr")).hasCount(50);
        assertThat(seen).containsAll(ids());

        page().getByLabel("Status").selectOption("FAILED");
        expect(page().locator("tbody tr").first()).containsText("Failed");
        expect(page().getByRole(AriaRole.ROW)).hasCount(51);
        assertThat(page().locator("tbody .badge").allInnerTexts()).containsOnly("Failed");
    }

    private List<String> ids() {
        return page().locator("tbody td.lead a").all().stream()
                .map(link -> link.getAttribute("title"))
                .toList();
    }

    private static void fill(int jobs, DataSource database) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("insert into pawl.pipeline (name, version, stages) values ('recap', 1, array['fetch'])");
            statement.execute("""
                    insert into pawl.job (queue, id, pipeline, version, stages, stage, status, priority, attempt, takeovers, token, since,
                           progress_no, payload, enqueued_at, started_at, ended_at)
                    select 'recap',
                           cast(lpad(to_hex(cast(floor(extract(epoch from e.at) * 1000) as bigint)), 12, '0') || '7'
                                || substr(md5(cast(e.i as text)), 1, 3) || '8' || substr(md5(cast(e.i as text)), 4, 15) as uuid),
                           'recap', 1, 1, case when mod(e.i, 100) = 0 then 0 else 1 end,
                           case when mod(e.i, 100) = 0 then 'FAILED' else 'COMPLETED' end,
                           0, 1, 0, e.i, e.at, 0, '{"day": 1}', e.at - interval '9 s', e.at - interval '8 s', e.at
                      from (select i, now() - interval '1 min' - interval '23 h' * i / %1$d as at
                              from generate_series(1, %1$d) i) e
                    """.formatted(jobs));
            statement.execute("select setval('pawl.fencing_token', " + jobs + ")");
            statement.execute("analyze pawl.job");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
