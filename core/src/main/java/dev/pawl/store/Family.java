package dev.pawl.store;

import dev.pawl.job.Children;
import dev.pawl.job.FanIn;
import dev.pawl.lease.Fence;
import dev.pawl.lease.FencingToken;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A job's relatives, as its row has them.
 *
 * @param parent the job whose stage it is a child of
 * @param place the family's place in the order of claims, the root's first one (rule J12); empty: the job never left its own
 * @param fan what the current stage has fanned out into; present from the fan-out to the stage's checkpoint (rule F1)
 */
public record Family(Optional<Parent> parent, Optional<Instant> place, Optional<Fan> fan) {
    /** A job with neither parent nor children, at its first place. */
    public static final Family NONE = new Family(Optional.empty(), Optional.empty(), Optional.empty());

    /** Checks that nothing is missing. */
    public Family {
        Objects.requireNonNull(parent, "parent");
        Objects.requireNonNull(place, "place");
        Objects.requireNonNull(fan, "fan");
    }

    /**
     * Whose child a job is, and of which fan-out: a job may fan out in several stages, and again in a retried one.
     *
     * @param id the parent's, in the same queue
     * @param fan the token under which it fanned out
     */
    public record Parent(UUID id, FencingToken fan) {
        /** Checks that nothing is missing. */
        public Parent {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(fan, "fan");
        }
    }

    /**
     * The children of the current stage. The counts say when to look; the verdict is by the children's own rows (rule F7).
     *
     * @param by the lease under which the job fanned out; its token names the fan-out
     * @param policy when the parent is woken, and how it is judged
     * @param counts kept by the writes that end the children
     */
    public record Fan(Fence by, FanIn policy, Children.Counts counts) {
        /** Checks that nothing is missing. */
        public Fan {
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(policy, "policy");
            Objects.requireNonNull(counts, "counts");
        }

        Fan counting(Children.Counts other) {
            return new Fan(by, policy, other);
        }

        /** Whether the parent has nothing to wait for. */
        boolean isDecided() {
            return policy.judge(counts) != FanIn.Verdict.WAIT;
        }
    }

    /**
     * The children that are open, by the counter.
     *
     * @return 0 if there are none
     */
    public int openChildren() {
        return fan.map(children -> children.counts().open()).orElse(0);
    }

    Family at(Instant familyPlace) {
        return place.isPresent() ? this : new Family(parent, Optional.of(familyPlace), fan);
    }

    Family with(Optional<Fan> other) {
        return new Family(parent, place, other);
    }
}
