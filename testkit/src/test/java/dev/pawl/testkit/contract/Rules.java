package dev.pawl.testkit.contract;

import java.lang.reflect.Method;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Disabled;

/** What the suite has. */
public final class Rules {
    private Rules() {}

    /** The names of all tests that run. */
    public static Set<String> enabledTests() {
        return RuleCheck.testsOf(JobStoreContract.class).stream()
                .filter(test -> !test.isAnnotationPresent(Disabled.class))
                .map(Method::getName)
                .collect(Collectors.toSet());
    }

    /** The ids of all rules that have a test that runs. */
    public static Set<String> shownByTheSuite() {
        return enabledTests().stream().map(RuleCheck::ruleOf).collect(Collectors.toSet());
    }
}
