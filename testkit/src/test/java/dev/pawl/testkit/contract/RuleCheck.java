package dev.pawl.testkit.contract;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

/** Compares the rules of a page with the tests of a suite, both ways. */
final class RuleCheck {
    private static final Pattern RULE =
            Pattern.compile("- \\*\\*([LJFSAV]\\d+)\\*\\* .*?\\n  \\*(.*?)\\*\\n", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("([LJFSAV]\\d+)_[a-z]\\w*");

    private RuleCheck() {}

    /** What the page says of who shows a rule. */
    enum Shown {
        BY_THE_SUITE,
        NOT_YET
    }

    /** Rule by rule, what the page says. */
    static Map<String, Shown> rulesOf(String page) {
        Map<String, Shown> rules = new TreeMap<>();
        Matcher rule = RULE.matcher(page);
        while (rule.find()) {
            boolean shown = rule.group(2).startsWith("Shown by the contract suite");
            rules.put(rule.group(1), shown ? Shown.BY_THE_SUITE : Shown.NOT_YET);
        }
        return rules;
    }

    /** The rules of which the page says that tests of the adapter show more. */
    static Set<String> rulesOfTheAdapterOn(String page) {
        Set<String> rules = new TreeSet<>();
        Matcher rule = RULE.matcher(page);
        while (rule.find()) {
            if (rule.group(2).contains("by tests of the adapter")) {
                rules.add(rule.group(1));
            }
        }
        return rules;
    }

    /** All tests of a suite, inherited ones included. */
    static List<Method> testsOf(Class<?> suite) {
        return Arrays.stream(suite.getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .toList();
    }

    /** A sentence for each disagreement. */
    static List<String> disagreements(Map<String, Shown> rules, List<Method> tests) {
        List<String> found = new ArrayList<>();
        tests.stream()
                .filter(test -> !NAME.matcher(test.getName()).matches())
                .forEach(test -> found.add(test.getName() + " bears no rule"));
        Map<String, List<Method>> byRule = tests.stream()
                .filter(test -> NAME.matcher(test.getName()).matches())
                .collect(Collectors.groupingBy(RuleCheck::ruleOf, TreeMap::new, Collectors.toList()));
        byRule.keySet().stream()
                .filter(rule -> !rules.containsKey(rule))
                .forEach(rule -> found.add("rule " + rule + " has tests, but is not on the page"));
        rules.forEach((rule, shown) -> found.addAll(ofRule(rule, shown, byRule.getOrDefault(rule, List.of()))));
        return found;
    }

    static String ruleOf(Method test) {
        return ruleOf(test.getName());
    }

    static String ruleOf(String test) {
        return test.substring(0, test.indexOf('_'));
    }

    private static List<String> ofRule(String rule, Shown shown, List<Method> tests) {
        if (tests.isEmpty()) {
            return List.of("rule " + rule + " is on the page, but no test bears it");
        }
        boolean runs = tests.stream().anyMatch(test -> !test.isAnnotationPresent(Disabled.class));
        if (runs != (shown == Shown.BY_THE_SUITE)) {
            return List.of("rule " + rule + " is said to be shown " + shown + ", but its tests are "
                    + (runs ? "enabled" : "disabled"));
        }
        return List.of();
    }
}
