package dev.pawl.testkit.model;

import java.util.List;

/**
 * One thing that happens. Steps name jobs and leases by numbers, taken modulo what there is, so that a history from which
 * steps were taken out is a history still.
 */
sealed interface Step {
    /** Enqueues jobs; a negative key is none. */
    record Enqueue(List<Wish> wishes) implements Step {}

    record Wish(int job, int key, int priority, int delaySeconds) {}

    /** Somebody claims. */
    record Claim(Runs runs, int max, int leaseSeconds, boolean suspects) implements Step {}

    enum Runs {
        OLD,
        NEW,
        BOTH
    }

    /** Holders and operators write, each to another job. */
    record Write(List<Act> acts, boolean answerLost) implements Step {}

    /** A holder writes in a transaction of the caller's, which then commits, or not. */
    record InTransaction(Act act, boolean commits) implements Step {}

    /** {@code shift}: how far off the stage is that the holder names. */
    record Act(Kind kind, int lease, int shift, int variant) {}

    enum Kind {
        RENEW,
        SAVE,
        SAVE_OLDER,
        CHECKPOINT,
        FAIL,
        FAIL_FOR_GOOD,
        RELEASE,
        LATER,
        CANCEL,
        RETRY,
        /** The job that this one is a child of, if it is one; else itself. */
        CANCEL_PARENT,
        RETRY_PARENT,
        FAN_OUT,
        AWAIT_CHILDREN,
        CANCEL_CHILDREN
    }

    /** Somebody goes on with the cancelling of children whose parents have ended. */
    record Orphans(int most) implements Step {}

    record Advance(int millis) implements Step {}

    record Pause(boolean on) implements Step {}
}
