package dev.pawl.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.pawl.dashboard.Dashboard;
import dev.pawl.dashboard.Permission;
import dev.pawl.dashboard.Visitor;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.testkit.PawlTest;
import dev.pawl.testkit.TestTime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every page in both themes: without violations of WCAG 2.2, levels A and AA, as far as axe-core finds them; and as a picture, which somebody
 * has to look at. The guide's pictures are made by {@code -Dpawl.test.pictures=…/docs/images/dashboard}.
 */
@PawlTest
class PicturesTest extends PageTest {
    private static final List<String> LEVELS = List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa");
    private static final Path PICTURES = Path.of(System.getProperty("pawl.test.pictures", "target/pictures"));

    /** Of a picture: of a long list its beginning will do. */
    private static final int HIGHEST = 1_500;

    private Scenery scenery;
    private Site stage;

    @BeforeEach
    void play(JdbiPawl pawl, TestTime time, DataSource database) {
        scenery = new Scenery(pawl, time, database);
        scenery.play();
        stage = Site.of(Dashboard.of(pawl)
                .title("Newsroom")
                .allActions()
                .access(request -> Optional.of(new Visitor("ann", "Ann Example", EnumSet.allOf(Permission.class)))));
    }

    @AfterEach
    void end() {
        scenery.close();
    }

    /** The address of each page by the name of its picture. */
    private Map<String, String> pages() {
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("overview", "#/");
        pages.put("active", "#/active");
        pages.put("history", "#/history?roots=true");
        pages.put("job", "#/job/" + scenery.job("2026-02-25").id());
        pages.put("job-split", "#/job/" + scenery.job("2026-02-26").id());
        pages.put("queues", "#/queues");
        pages.put("scans", "#/scans/" + Scenery.SCAN);
        pages.put("audit", "#/audit");
        return pages;
    }

    @Test
    @Timeout(600)
    void every_page_can_be_used_by_everybody_in_both_themes() {
        scenery.damage();
        List<String> violations = new ArrayList<>();
        for (ColorScheme colours : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            look(stage, 1280, 800, colours);
            pages().forEach((name, hash) -> {
                show(hash);
                assertThat(cut())
                        .as("tables of %s of which a part is cut off", name)
                        .isEmpty();
                picture(name + "-" + colours.name().toLowerCase(Locale.ROOT));
                violations.addAll(violations(name + " " + colours));
            });
            show("#/queues");
            button("Pause").click();
            heading("Pause recap?").waitFor();
            picture("asking-" + colours.name().toLowerCase(Locale.ROOT));
            violations.addAll(violations("a dialog " + colours));
        }
        look(stage, 390, 844, ColorScheme.LIGHT);
        pages().forEach((name, hash) -> {
            show(hash);
            assertThat(page().evaluate("() => document.documentElement.scrollWidth"))
                    .as("how wide %s is on a phone", name)
                    .satisfies(width -> assertThat(((Number) width).intValue()).isLessThanOrEqualTo(390));
            violations.addAll(violations(name + " on a phone"));
            if (name.equals("overview") || name.equals("active")) {
                picture(name + "-phone");
            }
        });
        assertThat(violations).isEmpty();
    }

    private void show(String hash) {
        open(hash);
        if (hash.equals("#/audit")) {
            if (words("Not audited yet").count() > 0) {
                button("Audit now").click();
            }
            page().getByLabel(Pattern.compile("Choose children-miscounted .*")).check();
            button("Plan 1 repair").click();
            heading("1 repair planned, nothing done yet").waitFor();
        }
    }

    /** Boxes whose content is wider than they are. */
    private List<?> cut() {
        return (List<?>) page().evaluate("() => [...document.querySelectorAll('.table-box')]"
                + ".filter(box => box.scrollWidth > box.clientWidth).map(box => box.innerText)");
    }

    private List<String> violations(String where) {
        return new AxeBuilder(page())
                .withTags(LEVELS).analyze().getViolations().stream()
                        .flatMap(rule -> rule.getNodes().stream()
                                .map(node -> where + ": " + rule.getId() + ": " + node.getHtml() + ": "
                                        + node.getFailureSummary()))
                        .toList();
    }

    private void picture(String name) {
        Number height = (Number) page().evaluate("() => document.documentElement.scrollHeight");
        page().screenshot(new Page.ScreenshotOptions()
                .setPath(PICTURES.resolve(name + ".png"))
                .setFullPage(true)
                .setClip(0, 0, page().viewportSize().width, Math.min(height.intValue(), HIGHEST)));
    }
}
