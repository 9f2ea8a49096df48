package dev.pawl.jdbc.internal;

/** What becomes of rows that another transaction has locked. */
enum Locks {
    /** They are waited for. */
    AWAITED,
    /** The frequent kinds wait for them, since a step that skips them costs a tenth; for others they are busy. */
    AWAITED_BY_HOT_KINDS,
    /** They are busy. */
    SKIPPED
}
