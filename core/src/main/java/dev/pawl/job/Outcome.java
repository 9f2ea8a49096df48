package dev.pawl.job;

import dev.pawl.internal.Checks;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What became of an attempt, as its handler tells it. A handler that throws has failed, and its policy decides.
 *
 * @param <R> the stage's result
 */
public sealed interface Outcome<R> {
    /**
     * The stage is done.
     *
     * @param <R> the stage's result
     * @param result with what; not null: a stage without a result is a {@code Stage<Void>} and ends in {@link #done()}
     * @return the outcome
     */
    static <R> Outcome<R> done(R result) {
        return new Done<>(Optional.of(Objects.requireNonNull(
                result, "result: a stage without a result is a Stage<Void>, and ends in done()")));
    }

    /**
     * The stage is done, and has no result.
     *
     * @return the outcome
     */
    static Outcome<Void> done() {
        return new Done<>(Optional.empty());
    }

    /**
     * Not yet: gives the job back until then. No failure is recorded and no attempt counted; progress stays.
     *
     * @param <R> the stage's result
     * @param delay zero or more, by the database's clock
     * @return the outcome
     */
    static <R> Outcome<R> later(Duration delay) {
        return new Later<>(delay);
    }

    /**
     * The job fails now, whatever its retry policy.
     *
     * @param <R> the stage's result
     * @param reason for people to read
     * @return the outcome
     */
    static <R> Outcome<R> failed(String reason) {
        return new Failed<>(reason);
    }

    /**
     * See {@link Outcome#done(Object)}.
     *
     * @param <R> the stage's result
     * @param result empty if the stage has none
     */
    record Done<R>(Optional<R> result) implements Outcome<R> {
        /** Checks that nothing is missing. */
        public Done {
            Objects.requireNonNull(result, "result");
        }
    }

    /**
     * See {@link Outcome#later}.
     *
     * @param <R> the stage's result
     * @param delay zero or more
     */
    record Later<R>(Duration delay) implements Outcome<R> {
        /** Checks the delay. */
        public Later {
            Checks.notNegative("delay", delay);
        }
    }

    /**
     * See {@link Outcome#failed}.
     *
     * @param <R> the stage's result
     * @param reason for people to read
     */
    record Failed<R>(String reason) implements Outcome<R> {
        /** Checks that there is a reason. */
        public Failed {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * Already written, in a transaction of the handler's: what {@link JobTransaction#record} returns. A worker that gets
     * one writes nothing.
     *
     * @param <R> the stage's result
     * @param outcome what was written
     */
    record Recorded<R>(Outcome<R> outcome) implements Outcome<R> {
        /** Checks that nothing is missing. */
        public Recorded {
            Objects.requireNonNull(outcome, "outcome");
        }
    }
}
