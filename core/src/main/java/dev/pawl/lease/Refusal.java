package dev.pawl.lease;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Why a write had no effect: nothing was written. Immutable. Java 17 has no pattern switch, so switch on
 * {@link #reason()}, and cast, or match with {@code instanceof}.
 */
public sealed interface Refusal {
    /** The reasons, one for each kind of refusal. */
    enum Reason {
        /** A later claim holds, or held, the subject. */
        SUPERSEDED,
        /** The holder gave it back, or reported its failure, and nobody has claimed it since. */
        RELEASED,
        /** The subject has ended. */
        ENDED,
        /** There is no such subject, or no longer. */
        MISSING,
        /** The lease is current, but the write was for another stage than the job's. */
        NOT_AT_STAGE,
        /** The stage was checkpointed with another result, or progress has a higher number. */
        CONFLICT,
        /** The same write was done before; said only inside a caller's transaction, whose rows must not be written twice. */
        ALREADY_DONE,
        /** An operator's request that the subject's status does not allow. */
        NOT_ALLOWED
    }

    /**
     * The kind of this refusal.
     *
     * @return never null
     */
    Reason reason();

    /**
     * What happened, as the end of a sentence that begins with the write: {@code was superseded by #9 (worker-2#8f3a17)}.
     *
     * @return words, with the values
     */
    String describe();

    /**
     * Whether the writer has to stop: it doesn't hold the subject any more. Else its lease may well be current.
     *
     * @return true for superseded, released, ended and missing
     */
    default boolean isLeaseLost() {
        return switch (reason()) {
            case SUPERSEDED, RELEASED, ENDED, MISSING -> true;
            case NOT_AT_STAGE, CONFLICT, ALREADY_DONE, NOT_ALLOWED -> false;
        };
    }

    /**
     * A later claim holds the subject.
     *
     * @param by its token
     * @param holder its holder; empty if it has let go since
     * @param at when the subject came into its present status
     */
    record Superseded(FencingToken by, Optional<String> holder, Instant at) implements Refusal {
        /** Checks that nothing is missing. */
        public Superseded {
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(holder, "holder");
            Objects.requireNonNull(at, "at");
        }

        @Override
        public Reason reason() {
            return Reason.SUPERSEDED;
        }

        @Override
        public String describe() {
            return "was superseded by " + by
                    + holder.map(h -> " (" + h + ") at " + at).orElse(", which has let go since");
        }
    }

    /**
     * The holder gave it back, or reported its failure, and nobody has claimed it since.
     *
     * @param at when
     */
    record Released(Instant at) implements Refusal {
        /** Checks that nothing is missing. */
        public Released {
            Objects.requireNonNull(at, "at");
        }

        @Override
        public Reason reason() {
            return Reason.RELEASED;
        }

        @Override
        public String describe() {
            return "was given back at " + at;
        }
    }

    /**
     * The subject has ended.
     *
     * @param as its status, e.g. {@code CANCELLED}
     * @param at when
     */
    record Ended(String as, Instant at) implements Refusal {
        /** Checks that nothing is missing. */
        public Ended {
            Objects.requireNonNull(as, "as");
            Objects.requireNonNull(at, "at");
        }

        @Override
        public Reason reason() {
            return Reason.ENDED;
        }

        @Override
        public String describe() {
            return "is over: its subject ended as " + as + " at " + at;
        }
    }

    /** There is no such subject, or no longer. */
    record Missing() implements Refusal {
        @Override
        public Reason reason() {
            return Reason.MISSING;
        }

        @Override
        public String describe() {
            return "is over: its subject is not there, or no longer";
        }
    }

    /**
     * The lease is current, but the write was for another stage than the job's.
     *
     * @param asked the position that the write named; the first is 0
     * @param actual the job's
     */
    record NotAtStage(int asked, int actual) implements Refusal {
        @Override
        public Reason reason() {
            return Reason.NOT_AT_STAGE;
        }

        @Override
        public String describe() {
            return "is current, but the job is at stage position " + actual + " and the write was for " + asked;
        }
    }

    /**
     * The same was written before, with another content.
     *
     * @param what what was there, and what was asked for
     */
    record Conflict(String what) implements Refusal {
        /** Checks that nothing is missing. */
        public Conflict {
            Objects.requireNonNull(what, "what");
        }

        @Override
        public Reason reason() {
            return Reason.CONFLICT;
        }

        @Override
        public String describe() {
            return "can't write this: " + what;
        }
    }

    /** The same write was done before, outside this transaction or by it. */
    record AlreadyDone() implements Refusal {
        @Override
        public Reason reason() {
            return Reason.ALREADY_DONE;
        }

        @Override
        public String describe() {
            return "has done this already: the transaction must not commit the caller's rows a second time";
        }
    }

    /**
     * An operator's request that the subject's status does not allow.
     *
     * @param request e.g. {@code retry}
     * @param status the job's
     */
    record NotAllowed(String request, String status) implements Refusal {
        /** Checks that nothing is missing. */
        public NotAllowed {
            Objects.requireNonNull(request, "request");
            Objects.requireNonNull(status, "status");
        }

        @Override
        public Reason reason() {
            return Reason.NOT_ALLOWED;
        }

        @Override
        public String describe() {
            return "is " + status + ", which allows no " + request;
        }
    }

    /**
     * How long after the lease's last known expiry the successor claimed, if that can be told.
     *
     * @param lease the lease that was lost
     * @return empty unless it was superseded by a holder that still has it
     */
    default Optional<Duration> lateBy(Lease lease) {
        return this instanceof Superseded superseded && superseded.holder().isPresent()
                ? Optional.of(Duration.between(lease.expiresAt(), superseded.at()))
                : Optional.empty();
    }
}
