package dev.pawl.view;

import dev.pawl.internal.Checks;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Which statistics. Immutable; each method returns a changed copy.
 *
 * @param window how far back from now, 5 minutes to 400 days
 * @param step length of a step of the series: whole five minutes, up to an hour, or whole hours
 * @param queue of this queue only
 * @param pipeline of this pipeline only
 */
public record StatsQuery(Duration window, Duration step, Optional<String> queue, Optional<String> pipeline) {
    private static final Duration SHORTEST = Duration.ofMinutes(5);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int MOST_STEPS = 2_000;

    /** Checks lengths and names. */
    public StatsQuery {
        Checks.atLeast("window of statistics", Objects.requireNonNull(window, "window"), SHORTEST);
        if (window.compareTo(Duration.ofDays(400)) > 0) {
            throw new IllegalArgumentException("window of statistics must be at most 400 days, but was " + window);
        }
        Checks.atLeast("step of statistics", Objects.requireNonNull(step, "step"), SHORTEST);
        Duration unit = step.compareTo(HOUR) < 0 ? SHORTEST : HOUR;
        if (step.toMillis() % unit.toMillis() != 0) {
            throw new IllegalArgumentException(
                    "step of statistics must be whole five minutes, or whole hours if it is longer than one, but was "
                            + step);
        }
        if (window.dividedBy(step) > MOST_STEPS) {
            throw new IllegalArgumentException("a window of statistics must have at most " + MOST_STEPS + " steps, but "
                    + window + " has " + window.dividedBy(step) + " of " + step + ": take longer steps");
        }
        Objects.requireNonNull(queue, "queue").ifPresent(name -> Checks.name("queue", name));
        Objects.requireNonNull(pipeline, "pipeline").ifPresent(name -> Checks.name("pipeline", name));
    }

    /**
     * What ended within the last while, in steps of an hour, or of five minutes where the window is not longer than two hours.
     *
     * @param window how far back from now
     * @return of all queues and pipelines
     */
    public static StatsQuery last(Duration window) {
        Objects.requireNonNull(window, "window");
        Duration step = window.compareTo(HOUR.multipliedBy(2)) <= 0 ? SHORTEST : HOUR;
        Duration wide = Duration.ofHours(window.toHours() / 1_000 + 1);
        return new StatsQuery(window, wide.compareTo(HOUR) > 0 ? wide : step, Optional.empty(), Optional.empty());
    }

    /**
     * In other steps.
     *
     * @param other length of each
     * @return the changed copy
     */
    public StatsQuery inStepsOf(Duration other) {
        return new StatsQuery(window, other, queue, pipeline);
    }

    /**
     * Of one queue.
     *
     * @param name the queue's
     * @return the changed copy
     */
    public StatsQuery queue(String name) {
        return new StatsQuery(window, step, Optional.of(name), pipeline);
    }

    /**
     * Of one pipeline.
     *
     * @param name the pipeline's
     * @return the changed copy
     */
    public StatsQuery pipeline(String name) {
        return new StatsQuery(window, step, queue, Optional.of(name));
    }
}
