package dev.pawl.worker;

import dev.pawl.job.Outcome;
import dev.pawl.store.HeldJob;
import dev.pawl.store.JobWrite;
import java.util.Objects;
import java.util.Optional;

/**
 * What came of an attempt. An application has no use for it.
 *
 * @param write what is to be written, or was
 * @param outcome what the handler or the join returned; empty if the stage started its children, or judged them without a join
 */
public record Attempted(JobWrite.AtStage write, Optional<Outcome<?>> outcome) {
    /** Checks that nothing is missing. */
    public Attempted {
        Objects.requireNonNull(write, "write");
        Objects.requireNonNull(outcome, "outcome");
    }

    static Attempted writing(JobWrite.AtStage write) {
        return new Attempted(write, Optional.empty());
    }

    static Attempted of(HeldJob<?> held, Outcome<?> outcome) {
        Outcome<?> inner = outcome instanceof Outcome.Recorded<?> recorded ? recorded.outcome() : outcome;
        return new Attempted(held.writing(inner), Optional.of(outcome));
    }

    /**
     * Whether the handler wrote it itself, in a transaction of its own.
     *
     * @return if not, it is still to be written
     */
    public boolean isRecorded() {
        return outcome.filter(Outcome.Recorded.class::isInstance).isPresent();
    }
}
