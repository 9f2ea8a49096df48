package dev.pawl.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pawl.audit.AuditLimits;
import dev.pawl.audit.Auditor;
import dev.pawl.audit.Auditor.Repaired.Result;
import dev.pawl.audit.Invariant;
import dev.pawl.audit.Violation;
import dev.pawl.job.JobId;
import dev.pawl.store.AuditStore;
import dev.pawl.store.Diagnosis;
import dev.pawl.store.Mend;
import dev.pawl.store.Neglected;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the tests of audits say with: what is found of this test's jobs, what is planned, and what becomes of it. */
interface AuditScene extends FamilyScene {
    int PAGE = 100;

    /** Audits beside the jobs; empty for a store that has none. */
    Optional<AuditStore> audits();

    /** Whether the store under test could be damaged so; if so, it was. */
    boolean damage(JobId job, Damage damage);

    default AuditStore audit() {
        Optional<AuditStore> audits = audits();
        assumeTrue(audits.isPresent(), "there are no audits beside the store under test");
        return audits.get();
    }

    default void damaged(JobId job, Damage damage) {
        assumeTrue(damage(job, damage), "the store under test can't be damaged");
    }

    /** Of jobs of this test's queue, in order. */
    default List<Violation> found() {
        return pages().stream()
                .flatMap(page -> page.suspects().stream()
                        .filter(job -> job.id().queue().equals(queue()))
                        .flatMap(job -> Diagnosis.of(job, page.lastIssued(), AuditLimits.STANDARD, page.at()).stream()))
                .toList();
    }

    private List<AuditStore.Looked> pages() {
        List<AuditStore.Looked> pages = new ArrayList<>();
        Optional<JobId> after = Optional.empty();
        do {
            pages.add(audit().look(after, PAGE, AuditLimits.STANDARD));
            after = pages.get(pages.size() - 1).last();
        } while (pages.get(pages.size() - 1).jobs() == PAGE);
        return pages;
    }

    /** Of this test's queue, and of no single job. */
    default List<Violation> foundAround() {
        List<Neglected> neglected =
                pages().stream().flatMap(page -> page.neglected().stream()).toList();
        return Stream.concat(
                        Neglected.violations(neglected).stream(), audit().surroundings(AuditLimits.STANDARD).stream())
                .filter(violation -> violation.subject().endsWith("queue " + queue()))
                .toList();
    }

    default void assertClean() {
        assertThat(found()).isEmpty();
        assertThat(foundAround()).isEmpty();
    }

    default Violation theOne(Invariant invariant, JobId job) {
        List<Violation> found = found();
        assertThat(found).extracting(Violation::invariant).containsExactly(invariant);
        assertThat(found.get(0).job()).contains(job);
        return found.get(0);
    }

    default Violation theOneAround(Invariant invariant) {
        List<Violation> found = foundAround();
        assertThat(found).extracting(Violation::invariant).containsExactly(invariant);
        return found.get(0);
    }

    default Optional<Auditor.Plan> planned(Violation violation, Optional<Boolean> outputsExist) {
        return violation.job().flatMap(audit()::read).flatMap(job -> Mend.plan(violation, job, () -> outputsExist));
    }

    default Auditor.Plan plan(Violation violation) {
        return planned(violation, Optional.empty()).orElseThrow(() -> new AssertionError("no plan for " + violation));
    }

    default Result repair(Auditor.Plan plan) {
        return audit().repair(plan, ANN);
    }

    /** And a second audit finds nothing. */
    default void repaired(Auditor.Plan plan) {
        assertThat(repair(plan)).isEqualTo(Result.DONE);
        assertThat(found()).isEmpty();
    }
}
