package dev.pawl.testkit.contract;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

/** The rules that no store obeys yet: disabled, so that the hole shows. */
interface LaterRules extends Scene {
    String RETENTION = "not in this version: comes with retention";

    @Test
    @Disabled(RETENTION)
    default void A6_retention_removes_whole_trees() {}
}
