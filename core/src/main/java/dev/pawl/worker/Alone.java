package dev.pawl.worker;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The one job, if there is one, that a worker runs alone: it begins when nothing else is held, or when it has waited for long
 * enough, and nothing else begins or is claimed before the worker has done with it. Safe for use by many threads.
 */
final class Alone {
    private @Nullable HandledJob job;
    private boolean begun;

    /** From now on, only this one may begin. */
    synchronized void reserve(HandledJob only) {
        job = only;
        begun = false;
    }

    synchronized boolean isReserved() {
        return job != null;
    }

    /** Whether another is the only one that may begin. */
    synchronized boolean excludes(HandledJob other) {
        return job != null && job != other;
    }

    /** The one that waits, if it may begin now; to be begun by the caller, who alone is given it. */
    synchronized @Nullable HandledJob begin(Predicate<HandledJob> may) {
        if (job == null || begun || !may.test(job)) {
            return null;
        }
        begun = true;
        return job;
    }

    /** The one that waits, which is not to begin any more. */
    synchronized @Nullable HandledJob giveUp() {
        HandledJob waiting = begun ? null : job;
        job = waiting == null ? job : null;
        return waiting;
    }

    /** The worker has done with the job; says whether it was the one. */
    synchronized boolean done(HandledJob with) {
        boolean was = job == with;
        job = was ? null : job;
        return was;
    }
}
