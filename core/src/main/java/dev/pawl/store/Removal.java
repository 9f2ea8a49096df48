package dev.pawl.store;

import dev.pawl.internal.Checks;
import dev.pawl.job.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * What retention is to remove of a queue in one step: trees whose root ended so, long enough ago, and in which everything has ended.
 *
 * @param queue whose
 * @param as how the roots ended
 * @param keep for how long after its end a root is kept; {@link #MINIMUM} or more
 * @param after where to go on; empty to begin with the oldest end
 * @param most how many jobs to remove at most, and how many ended ones to look at
 */
public record Removal(String queue, JobStatus as, Duration keep, Optional<Place> after, int most) {
    /** No job is removed sooner after its end: by then nobody repeats a write to it whose answer was lost. */
    public static final Duration MINIMUM = Duration.ofHours(1);

    /** Checks that only what has ended is removed, and not too soon. */
    public Removal {
        Checks.name("queue", queue);
        checkKept(as, keep);
        Objects.requireNonNull(after, "after");
        Checks.between("jobs to remove", most, 1, 10_000);
    }

    /**
     * Refuses what can't be told of retention.
     *
     * @param as how jobs ended
     * @param keep for how long to keep them
     * @throws IllegalArgumentException if jobs of that status have not ended, or are to be kept for too short, or longer than ten years
     */
    public static void checkKept(JobStatus as, Duration keep) {
        if (!Objects.requireNonNull(as, "outcome").isEnded()) {
            throw new IllegalArgumentException(
                    "only what has ended is removed: keep COMPLETED, FAILED or CANCELLED jobs for a"
                            + " time, and not those that are " + as);
        }
        Checks.atLeast("time to keep " + as + " jobs", Checks.positive("time to keep " + as + " jobs", keep), MINIMUM);
    }

    /**
     * A place in the order of ends.
     *
     * @param endedAt when a job ended
     * @param id the job's
     */
    public record Place(Instant endedAt, UUID id) {
        /** Before all others. */
        public static final Place FIRST = new Place(Instant.EPOCH, new UUID(0, 0));

        /** Checks that nothing is missing. */
        public Place {
            Objects.requireNonNull(endedAt, "endedAt");
            Objects.requireNonNull(id, "id");
        }
    }

    /**
     * Until when what ended may go.
     *
     * @param roots jobs without a parent
     * @param others all below them: these go with their root, whenever they ended, but as little sooner than the minimum
     */
    public record Bounds(Instant roots, Instant others) {
        /** Checks that nothing is missing. */
        public Bounds {
            Objects.requireNonNull(roots, "roots");
            Objects.requireNonNull(others, "others");
        }
    }

    /**
     * Until when what ended may go: whatever statistics have not looked at twice stays.
     *
     * @param now the store's time
     * @param mark until where the queue is counted
     * @return the bounds, themselves excluded
     */
    public Bounds bounds(Instant now, Tallies.Mark mark) {
        return new Bounds(
                earlier(now.minus(keep), mark.recountedTo()), earlier(now.minus(MINIMUM), mark.recountedTo()));
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /**
     * A job without a parent that is past its time.
     *
     * @param place its end
     * @param hasChildren whether there is anything below it
     */
    public record Root(Place place, boolean hasChildren) {
        /** Checks that nothing is missing. */
        public Root {
            Objects.requireNonNull(place, "place");
        }
    }

    /**
     * What is below a root.
     *
     * @param jobs how many jobs
     * @param over whether all of them may go
     */
    public record Below(int jobs, boolean over) {
        /** Of a job without children. */
        public static final Below NOTHING = new Below(0, true);
    }

    /**
     * Which roots go in this step.
     *
     * @param whole with all that is below them
     * @param begun the one whose tree is too large for a step: it goes alone, and what is below it in the steps to come
     * @param next where to go on if this step has no room for more; empty if it had room for all
     */
    public record Choice(List<UUID> whole, Optional<UUID> begun, Optional<Place> next) {
        /** Keeps the ids. */
        public Choice {
            whole = List.copyOf(Objects.requireNonNull(whole, "whole"));
            Objects.requireNonNull(begun, "begun");
            Objects.requireNonNull(next, "next");
        }
    }

    /**
     * Chooses, in the order of their ends, as many trees as there is room for. One that is larger than a step waits until it is the
     * first to go.
     *
     * @param roots in order
     * @param below what is below those that have children; of the first, and of as many as there may be room for
     * @param room how many jobs may still go
     * @return which go
     */
    public Choice choose(List<Root> roots, Map<UUID, Below> below, int room) {
        List<UUID> whole = new ArrayList<>();
        Place last = place();
        int left = room;
        for (Root root : roots) {
            UUID id = root.place().id();
            Below tree = root.hasChildren() ? below.get(id) : Below.NOTHING;
            if (tree == null) {
                return new Choice(whole, Optional.empty(), Optional.of(last));
            }
            if (tree.over() && tree.jobs() >= most && left == most) {
                return new Choice(whole, Optional.of(id), Optional.of(root.place()));
            }
            if (tree.over() && tree.jobs() >= left) {
                return new Choice(whole, Optional.empty(), Optional.of(last));
            }
            if (tree.over()) {
                whole.add(id);
                left -= 1 + tree.jobs();
            }
            last = root.place();
        }
        return new Choice(whole, Optional.empty(), Optional.empty());
    }

    /**
     * Where this step begins.
     *
     * @return the place after which it looks
     */
    public Place place() {
        return after.orElse(Place.FIRST);
    }
}
