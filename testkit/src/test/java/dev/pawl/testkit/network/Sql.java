package dev.pawl.testkit.network;

/** By what a proxy can tell Pawl's statements apart: a part of each one's text. */
final class Sql {
    /** The first statement of every transaction of Pawl's own. */
    static final String SETTINGS = "set transaction isolation level";

    static final String CLAIM = ".fencing_token')";
    static final String ACQUIRE = "set token = nextval(";
    static final String RENEW = "set taken_until = greatest(";
    static final String RELEASE = "taken_until = t.now + nullif(";
    static final String CHECKPOINT = "set stage = j.stage + 1";
    static final String PROGRESS = "set progress = cast(";
    static final String RENEWAL = "held as materialized";
    /** What is decided under the row's lock, and then written: a failure, a release. */
    static final String DECISION = "set stage = w.stage";

    /** The end of a child, at its parent. */
    static final String COUNT_DOWN = "set open_children = greatest(0";

    /** What was done before: looked up under the row's lock. */
    static final String REPEAT = "case when w.stage = j.stages - 1";

    private Sql() {}
}
