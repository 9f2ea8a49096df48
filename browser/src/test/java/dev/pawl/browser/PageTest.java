package dev.pawl.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/**
 * A test of the page. Skipped, with a message, where there is no Chromium. Each test has a browser of its own without history. At its end
 * the page must have logged no error (a violation of the Content-Security-Policy is one) and asked no other host for anything.
 */
abstract class PageTest {
    /** For what must come; long, since the machine may be busy. */
    static final double PATIENCE = 30_000;

    private static Chromium chromium;

    private final List<String> errors = new ArrayList<>();
    private final List<String> elsewhere = new ArrayList<>();
    private BrowserContext context;
    private Page page;
    private Site site;
    private int opened;

    @BeforeAll
    static void startChromium() {
        assumeTrue(
                Chromium.executable().isPresent(),
                "skipped: there is no chromium on the path (apt-get install chromium)");
        chromium = Chromium.start();
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE);
    }

    @AfterAll
    static void stopChromium() {
        if (chromium != null) {
            chromium.close();
            chromium = null;
        }
    }

    /** A browser that looks at this site, which is closed after the test. */
    final Page look(Site at, int width, int height, ColorScheme colours) {
        site = at;
        if (context != null) {
            context.close();
        }
        context = chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setViewportSize(width, height)
                        .setColorScheme(colours)
                        .setReducedMotion(ReducedMotion.REDUCE)
                        .setLocale("en-GB")
                        .setTimezoneId("UTC"));
        context.setDefaultTimeout(PATIENCE);
        page = context.newPage();
        page.onPageError(errors::add);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                errors.add(message.text());
            }
        });
        page.onRequest(request -> {
            if (!request.url().startsWith(at.url())) {
                elsewhere.add(request.url());
            }
        });
        return page;
    }

    final Page look(Site at) {
        return look(at, 1280, 900, ColorScheme.LIGHT);
    }

    /** Goes to a part of the page, as by its address: {@code "#/history"}; anew, so that nothing of the part before is taken for it. */
    final void open(String hash) {
        page.navigate(site.url() + "?" + ++opened + hash);
        settled();
    }

    /** Waits until everything that the page asks for first is there. */
    final void settled() {
        page.locator("main h1").first().waitFor();
        page.waitForFunction("() => !document.querySelector('main')?.innerText.includes('Reading…')");
    }

    final Locator heading(String text) {
        return page.getByRole(
                AriaRole.HEADING, new Page.GetByRoleOptions().setName(text).setExact(true));
    }

    final Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    final Locator link(String name) {
        return page.getByRole(
                AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    final Locator words(String text) {
        return page.getByText(text);
    }

    final Locator words(Pattern text) {
        return page.getByText(text);
    }

    /** Looks again and again, until it is as is said next, or patience ends. */
    static LocatorAssertions expect(Locator what) {
        return PlaywrightAssertions.assertThat(what);
    }

    final Page page() {
        return page;
    }

    /** What the page logged as errors so far; cleared by a test that means them to be there. */
    final List<String> errors() {
        return errors;
    }

    @AfterEach
    final void closePage() {
        try {
            assertThat(errors).as("errors of the page").isEmpty();
            assertThat(elsewhere).as("requests to other hosts").isEmpty();
        } finally {
            if (context != null) {
                context.close();
            }
            if (site != null) {
                site.close();
            }
        }
    }
}
