package dev.pawl.view;

import dev.pawl.Actor;
import dev.pawl.internal.Checks;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What is in a queue. Immutable.
 *
 * @param queue its name
 * @param due jobs that could be claimed now, if the queue is not paused: never started, waited long enough, or their lease ran out
 * @param running jobs that are leased, whether or not the lease has run out
 * @param waiting jobs that were begun and are neither leased nor due: for a time, or for their children
 * @param scheduled jobs that were never begun and are not due yet
 * @param oldestDue the due time of the job that could have been claimed for longest; empty if there is none among those looked at
 * @param pausedAt since when claims are stopped; empty if they are not
 * @param pausedBy who stopped them
 * @param asOf the database's time of this reading
 */
public record QueueOverview(
        String queue,
        Counted due,
        Counted running,
        Counted waiting,
        Counted scheduled,
        Optional<Instant> oldestDue,
        Optional<Instant> pausedAt,
        Optional<Actor> pausedBy,
        Instant asOf) {
    /** Checks that nothing is missing. */
    public QueueOverview {
        Checks.name("queue", queue);
        Objects.requireNonNull(due, "due");
        Objects.requireNonNull(running, "running");
        Objects.requireNonNull(waiting, "waiting");
        Objects.requireNonNull(scheduled, "scheduled");
        Objects.requireNonNull(oldestDue, "oldestDue");
        Objects.requireNonNull(pausedAt, "pausedAt");
        Objects.requireNonNull(pausedBy, "pausedBy");
        Objects.requireNonNull(asOf, "asOf");
    }

    /**
     * Whether claims are stopped.
     *
     * @return true between a pause and a resume
     */
    public boolean isPaused() {
        return pausedAt.isPresent();
    }

    /** {@code recap: 12 due, 3 running, 1 waiting, 0 scheduled}. */
    @Override
    public String toString() {
        return queue + ": " + due + " due, " + running + " running, " + waiting + " waiting, " + scheduled
                + " scheduled"
                + pausedAt.map(at -> ", paused since " + at).orElse("")
                + pausedBy.map(actor -> " by " + actor).orElse("");
    }
}
