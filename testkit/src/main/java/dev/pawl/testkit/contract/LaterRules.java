package dev.pawl.testkit.contract;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

/** The rules that no store obeys yet: disabled, so that the hole shows. */
interface LaterRules extends Scene {
    String SCANS = "not in this version: comes with scans";
    String AUDITS = "not in this version: comes with audits and retention";

    @Test
    @Disabled(SCANS)
    default void S1_a_scan_has_one_holder() {}

    @Test
    @Disabled(SCANS)
    default void S2_equal_sort_keys_skip_and_repeat_nothing() {}

    @Test
    @Disabled(SCANS)
    default void S3_a_page_without_a_successor_wraps_whatever_was_processed() {}

    @Test
    @Disabled(SCANS)
    default void S4_a_row_that_stays_in_range_is_seen_in_each_lap() {}

    @Test
    @Disabled(SCANS)
    default void S5_the_cursor_moves_with_the_pages_own_writes() {}

    @Test
    @Disabled(SCANS)
    default void S6_a_crash_repeats_at_most_one_page() {}

    @Test
    @Disabled(SCANS)
    default void S7_a_page_that_keeps_failing_is_reported() {}

    @Test
    @Disabled(SCANS)
    default void S8_another_keyset_shape_is_refused() {}

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
