package dev.pawl.testkit.contract;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

/** The rules that no store obeys yet: disabled, so that the hole shows. */
interface LaterRules extends Scene {
    String AUDITS = "not in this version: comes with audits and retention";

    @Test
    @Disabled(AUDITS)
    default void A1_finding_changes_nothing() {}

    @Test
    @Disabled(AUDITS)
    default void A2_a_repair_is_guarded_by_what_it_was_planned_from() {}

    @Test
    @Disabled(AUDITS)
    default void A3_a_repair_may_be_repeated() {}

    @Test
    @Disabled(AUDITS)
    default void A4_one_auditor_at_a_time() {}

    @Test
    @Disabled(AUDITS)
    default void A5_evidence_is_the_applications() {}

    @Test
    @Disabled(AUDITS)
    default void A6_retention_removes_whole_trees() {}
}
