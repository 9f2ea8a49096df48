package dev.pawl.view;

import dev.pawl.Actor;
import dev.pawl.lease.FencingToken;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One thing that happened to a job. Immutable.
 *
 * @param at when, by the database's clock
 * @param kind what
 * @param stage at which stage, if it was at one
 * @param token under which claim; of a takeover, the one that was lost
 * @param holder who had that claim
 * @param by who did it, where a person or the system did, and not a holder
 * @param detail in words: what failed, why a write was refused, who took over
 */
public record JobEvent(
        Instant at,
        Kind kind,
        Optional<String> stage,
        Optional<FencingToken> token,
        Optional<String> holder,
        Optional<Actor> by,
        String detail) {
    /** Checks that nothing is missing. */
    public JobEvent {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(stage, "stage");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(holder, "holder");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(detail, "detail");
    }

    /** What kind of thing. Of what happened in the same microsecond, the earlier of these is told first. */
    public enum Kind {
        /** The job came to be. */
        ENQUEUED,
        /** Somebody repaired it: what was broken, and the job before and after that. */
        REPAIRED,
        /** Its lease expired and another claimed it: told of the former holder. */
        TAKEN_OVER,
        /** A stage started children. */
        FANNED_OUT,
        /** A stage was recorded as done. */
        CHECKPOINTED,
        /** A try failed. */
        FAILED_ATTEMPT,
        /** Somebody cancelled it. */
        CANCELLED,
        /** It completed, failed, or was cancelled. */
        ENDED,
        /** A former holder tried to write, and nothing was written. */
        REFUSED,
        /** Somebody had it go on after its end. */
        RETRIED
    }

    /** {@code 2026-02-16T04:05:06Z TAKEN_OVER at dedup, #7 (worker-2#8f3a17): …}. */
    @Override
    public String toString() {
        return at + " " + kind
                + stage.map(name -> " at " + name).orElse("")
                + token.map(number -> ", " + number).orElse("")
                + holder.map(name -> " (" + name + ")").orElse("")
                + by.map(actor -> " by " + actor).orElse("")
                + (detail.isEmpty() ? "" : ": " + detail);
    }
}
