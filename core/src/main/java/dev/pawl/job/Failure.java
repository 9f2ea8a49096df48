package dev.pawl.job;

import dev.pawl.lease.FencingToken;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Something that went wrong with a job, as it is recorded.
 *
 * @param kind what
 * @param stage at which stage
 * @param attempt the number of the try at the stage; 0 if that isn't known (a refused write)
 * @param token of the attempt that failed, was taken over, or tried to write
 * @param holder of that attempt
 * @param at when it was recorded, by the store's clock
 * @param errorType the exception's class, if there was one
 * @param message what happened
 * @param stackTrace the exception's, if there was one
 */
public record Failure(
        Kind kind,
        String stage,
        int attempt,
        FencingToken token,
        String holder,
        Instant at,
        Optional<String> errorType,
        String message,
        Optional<String> stackTrace) {
    /** Checks that nothing is missing. */
    public Failure {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(stage, "stage");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(holder, "holder");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(errorType, "errorType");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(stackTrace, "stackTrace");
    }

    /** What kind of failure. */
    public enum Kind {
        /** A handler threw, or said that the job fails. */
        FAILED,
        /** The lease expired and another claimed the job; told of the former holder. */
        TAKEN_OVER,
        /** A former holder tried to write, and nothing was written. */
        REFUSED
    }

    /** {@code TAKEN_OVER at dedup, attempt 1, #7 (worker-2#8f3a17): …}. */
    @Override
    public String toString() {
        return kind + " at " + stage + ", attempt " + attempt + ", " + token + " (" + holder + "): " + message;
    }
}
