package dev.pawl.testkit.contract;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

/** Compares the rules of a page with the tests of a suite, both ways. */
final class RuleCheck {
    private static final Pattern RULE =
            Pattern.compile("- \\*\\*([LJFSA]\\d+)\\*\\* .*?\\n  \\*(.*?)\\*\\n", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("([LJFSA]\\d+)_[a-z]\\w*");

    private RuleCheck() {}

    /** What the page says of who shows a rule. */
    enum Shown {
        BY_THE_SUITE,
        BY_THE_ADAPTER,
        NOT_YET
    }

    /** Rule by rule, what the page says. */
    static Map<String, Shown> rulesOf(String page) {
        Map<String, Shown> rules = new TreeMap<>();
        Matcher rule = RULE.matcher(page);
        while (rule.find()) {
            String words = rule.group(2);
            Shown shown = words.startsWith("Shown by the contract suite")
                    ? Shown.BY_THE_SUITE
                    : words.startsWith("Shown by tests of the adapter") ? Shown.BY_THE_ADAPTER : Shown.NOT_YET;
            rules.put(rule.group(1), shown);
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
        boolean adapter = tests.stream()
                .filter(test -> test.isAnnotationPresent(Disabled.class))
                .anyMatch(test -> test.getAnnotation(Disabled.class).value().equals(LaterRules.ADAPTER));
        return shown == Shown.BY_THE_ADAPTER && !adapter
                ? List.of("rule " + rule + " is said to be shown by the adapter, but its test gives another reason")
                : List.of();
    }
}
