package dev.pawl.docs.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds Pawl to the rules of its architecture, and each rule to a sample that breaks it. */
class ArchitectureTest {
    private static final JavaClasses PAWL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.pawl");

    private static final String BAD = "dev.pawl.docs.architecture.bad";

    /** One rule, and the class of the bad samples that breaks it. */
    record Rule(String name, Function<ArchitectureRules, ArchRule> rule, String offender) {
        ArchRule in(String root) {
            return rule.apply(new ArchitectureRules(root));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Rule> rules() {
        return Stream.of(
                new Rule("packages read one way", ArchitectureRules::packagesReadOneWay, "ReadsBack"),
                new Rule("packages have no cycles", ArchitectureRules::packagesHaveNoCycles, "ReadsBack"),
                new Rule("core knows no database", ArchitectureRules::coreKnowsNoDatabase, "KnowsJdbc"),
                new Rule("core knows no library", ArchitectureRules::coreKnowsNoLibrary, "KnowsJackson"),
                new Rule("names say what a thing is", ArchitectureRules::namesSayWhatAThingIs, "JobManager"),
                new Rule("threads in the worker", ArchitectureRules::coreMakesThreadsInTheWorkerOnly, "MakesThreads"),
                new Rule("no wall clock in core", ArchitectureRules::coreReadsNoWallClock, "ReadsTheClock"),
                new Rule("packages are null-marked", ArchitectureRules::packagesAreNullMarked, "store.package-info"));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void pawl_keeps_the_rule(Rule rule) {
        rule.in("dev.pawl").check(PAWL);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void a_bad_sample_breaks_the_rule(Rule rule) {
        JavaClasses bad = new ClassFileImporter().importPackages(BAD);

        assertThat(rule.in(BAD).evaluate(bad).getFailureReport().getDetails())
                .isNotEmpty()
                .anyMatch(detail -> detail.contains(rule.offender));
    }

    @Test
    void the_rules_saw_the_classes() {
        Map<String, Long> seen = PAWL.stream()
                .collect(Collectors.groupingBy(JavaClass::getPackageName, TreeMap::new, Collectors.counting()));

        assertThat(seen)
                .hasEntrySatisfying("dev.pawl", floor(5))
                .hasEntrySatisfying("dev.pawl.lease", floor(8))
                .hasEntrySatisfying("dev.pawl.job", floor(15))
                .hasEntrySatisfying("dev.pawl.scan", floor(8))
                .hasEntrySatisfying("dev.pawl.audit", floor(7))
                .hasEntrySatisfying("dev.pawl.store", floor(30))
                .hasEntrySatisfying("dev.pawl.worker", floor(15))
                .hasEntrySatisfying("dev.pawl.embed", floor(3))
                .hasEntrySatisfying("dev.pawl.jackson", floor(2))
                .hasEntrySatisfying("dev.pawl.jdbc", floor(2))
                .hasEntrySatisfying("dev.pawl.jdbc.internal", floor(15))
                .hasEntrySatisfying("dev.pawl.dashboard", floor(25))
                .hasEntrySatisfying("dev.pawl.testkit", floor(5));
    }

    @Test
    void every_package_is_described() {
        Set<String> described =
                names(PAWL.stream().filter(c -> c.getSimpleName().equals("package-info")));
        Set<String> all = names(PAWL.stream());

        assertThat(described).isEqualTo(all);
    }

    private static Set<String> names(Stream<JavaClass> classes) {
        return classes.map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Condition<Long> floor(long atLeast) {
        return new Condition<>(count -> count >= atLeast, "at least %d classes", atLeast);
    }
}
