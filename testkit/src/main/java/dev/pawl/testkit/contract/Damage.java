package dev.pawl.testkit.contract;

/** What something else than Pawl may do to what is stored. */
public enum Damage {
    /** The job's first checkpoint is gone. */
    LOST_CHECKPOINT,
    /** The job bears a token a thousand above the last one that was issued. */
    TOKEN_NOT_ISSUED,
    /** The job's row is gone. */
    LOST_ROW
}
