package dev.pawl.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.pawl.testkit.contract.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/**
 * Tests of the contract suite: each broken store must fail it, and the whole set of tests that each one fails is written
 * down, so that no rule bites by accident. What a run found is left in {@code target/broken-stores.txt}, in the same form.
 */
class BrokenStoresTest {
    private static final Path EXPECTED =
            Path.of("src", "test", "resources", "dev", "pawl", "testkit", "broken-stores.txt");
    private static final Path FOUND = Path.of("target", "broken-stores.txt");
    /** Only SQL has a step to break for this: a statement over nothing. */
    private static final Set<String> IDLE = Set.of("J9_nothing_to_enqueue_is_answered_by_nothing");

    private static final Map<BrokenStore, Set<String>> FAILED = new EnumMap<>(BrokenStore.class);

    @BeforeAll
    static void runTheSuiteAgainstEach() throws IOException {
        for (BrokenStore store : BrokenStore.values()) {
            FAILED.put(store, failedBy(store));
        }
        Files.writeString(
                FOUND, FAILED.entrySet().stream().map(BrokenStoresTest::entry).collect(Collectors.joining("\n")));
    }

    @ParameterizedTest
    @EnumSource
    void a_broken_store_fails_the_tests_that_are_written_down_and_no_others(BrokenStore store) throws IOException {
        String expected = Arrays.stream(Files.readString(EXPECTED).split("\n\n"))
                .filter(block -> block.startsWith(store + " ("))
                .findFirst()
                .orElse("nothing is written down");

        assertThat(entry(Map.entry(store, FAILED.get(store))).strip()).isEqualTo(expected.strip());
    }

    @ParameterizedTest
    @EnumSource
    void a_broken_store_fails_a_test_of_the_rule_that_it_is_meant_to_break(BrokenStore store) {
        assertThat(FAILED.get(store)).anyMatch(test -> test.startsWith(store.rule() + "_"));
    }

    @Test
    void each_rule_that_the_suite_shows_has_a_store_that_breaks_it() {
        Set<String> broken =
                List.of(BrokenStore.values()).stream().map(BrokenStore::rule).collect(Collectors.toSet());

        assertThat(broken).isEqualTo(Rules.shownByTheSuite());
    }

    @Test
    void each_test_of_the_suite_is_failed_by_some_store() {
        Set<String> bites = FAILED.values().stream().flatMap(Collection::stream).collect(Collectors.toSet());
        Set<String> idle = new TreeSet<>(Rules.enabledTests());
        idle.removeAll(bites);

        assertThat(idle).as("tests that no broken store fails").isEqualTo(IDLE);
    }

    @Test
    void the_store_in_memory_itself_fails_none() {
        assertThat(failedBy(InMemoryJobStoreTest.class, "")).isEmpty();
    }

    private static Set<String> failedBy(BrokenStore store) {
        return failedBy(ContractOfABrokenStore.class, store.name());
    }

    private static Set<String> failedBy(Class<?> suite, String store) {
        Events failed = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(suite))
                .configurationParameter(ContractOfABrokenStore.STORE, store)
                .execute()
                .testEvents()
                .failed();
        return failed.stream()
                .map(event ->
                        (MethodSource) event.getTestDescriptor().getSource().orElseThrow())
                .map(MethodSource::getMethodName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String entry(Map.Entry<BrokenStore, Set<String>> store) {
        return store.getKey() + " (" + store.getKey().rule() + ")\n"
                + store.getValue().stream().map(test -> "  " + test + "\n").collect(Collectors.joining());
    }
}
