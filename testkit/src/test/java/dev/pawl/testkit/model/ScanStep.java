package dev.pawl.testkit.model;

import java.util.List;

/**
 * One thing that happens to scans. Steps name walkers by numbers, taken modulo what there is, so that a history from which steps were
 * taken out is a history still.
 */
sealed interface ScanStep {
    /** Somebody opens a scan, under the next token; {@code back} tokens before the last, if it is not zero. */
    record Open(int scan, int back, Keys keys, boolean startOver) implements ScanStep {}

    enum Keys {
        THESE,
        OTHERS,
        UNREAD
    }

    /** A walker, or somebody from outside, writes. */
    record Write(Act act, boolean answerLost) implements ScanStep {}

    /** Writes in a transaction of the caller's, one beside them from outside, and then a commit, or not. */
    record InTransaction(List<Act> acts, Act beside, boolean commits) implements ScanStep {}

    /** {@code shift}: how far off the step is that the walker names. */
    record Act(Kind kind, int walker, int shift, int variant) {}

    enum Kind {
        REOPEN,
        BEGIN,
        BEGIN_EMPTY,
        MOVE,
        WRAP,
        WRAP_EMPTY,
        FAIL,
        FAIL_UNREAD,
        SKIP,
        SKIP_OLDER,
        NUDGE
    }

    record Advance(long nanos) implements ScanStep {}
}
