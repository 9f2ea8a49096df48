package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.testkit.contract.RuleCheck.Shown;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

/** The page of rules and the suite say the same. */
class RuleCheckTest {
    private static final Path PAGE = Path.of("..", "docs", "contract.md");

    @Test
    void every_rule_of_the_page_has_its_tests_and_every_test_its_rule() throws IOException {
        // given
        Map<String, Shown> rules = RuleCheck.rulesOf(Files.readString(PAGE));
        List<Method> tests = RuleCheck.testsOf(JobStoreContract.class);

        // then
        assertThat(rules).as("rules on the page").hasSize(9 + 17 + 7 + 9 + 6 + 7);
        assertThat(tests).as("tests of the suite").hasSizeGreaterThan(150);
        assertThat(RuleCheck.disagreements(rules, tests)).isEmpty();
    }

    @Test
    void every_rule_in_scope_runs() throws IOException {
        Map<String, Shown> rules = RuleCheck.rulesOf(Files.readString(PAGE));

        assertThat(rules)
                .containsEntry("L7", Shown.BY_THE_SUITE)
                .containsEntry("L8", Shown.BY_THE_SUITE)
                .containsEntry("J17", Shown.BY_THE_SUITE)
                .containsEntry("J8", Shown.BY_THE_SUITE)
                .containsEntry("S3", Shown.BY_THE_SUITE)
                .containsEntry("A1", Shown.BY_THE_SUITE)
                .containsEntry("A6", Shown.BY_THE_SUITE);
    }

    @Test
    void every_rule_of_the_adapter_has_its_tests_there() throws IOException {
        // given
        Set<String> ofTheAdapter = RuleCheck.rulesOfTheAdapterOn(Files.readString(PAGE));

        // when
        Set<String> borne = rulesBorneIn(Path.of("..", "jdbc-store", "src", "test"));

        // then: and not just any rule
        assertThat(borne).containsAll(ofTheAdapter).doesNotContain("A1");
        assertThat(ofTheAdapter).contains("J8", "J10");
    }

    private static Set<String> rulesBorneIn(Path sources) throws IOException {
        Set<String> rules = new TreeSet<>();
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                Matcher test = Pattern.compile("void ([LJFSAV]\\d+)_[a-z]").matcher(Files.readString(file));
                while (test.find()) {
                    rules.add(test.group(1));
                }
            }
        }
        return rules;
    }

    @Test
    void a_bad_sample_is_found_out_at_each_point() {
        // given: a page and a suite that disagree in every way
        String page = """
                - **L1** One line,
                  and a second.
                  *Shown by the contract suite.*
                - **L2** Without a test.
                  *Shown by the contract suite.*
                - **L3** Promised, but disabled.
                  *Shown by the contract suite; more by tests of the adapter.*
                - **S3** Not yet, but enabled.
                  *Not in this version: later.*
                """;

        // when
        List<String> found = RuleCheck.disagreements(RuleCheck.rulesOf(page), RuleCheck.testsOf(BadSample.class));

        // then
        assertThat(found)
                .containsExactlyInAnyOrder(
                        "without_a_rule bears no rule",
                        "rule A9 has tests, but is not on the page",
                        "rule L2 is on the page, but no test bears it",
                        "rule L3 is said to be shown BY_THE_SUITE, but its tests are disabled",
                        "rule S3 is said to be shown NOT_YET, but its tests are enabled");
    }

    /** Not a test class to be run: its tests disagree with the page above. */
    interface BadSample {
        @Test
        default void L1_is_fine() {}

        @Test
        @Disabled("for now")
        default void L3_is_disabled() {}

        @Test
        default void S3_runs_already() {}

        @Test
        default void A9_is_not_on_the_page() {}

        @Test
        default void without_a_rule() {}
    }
}
