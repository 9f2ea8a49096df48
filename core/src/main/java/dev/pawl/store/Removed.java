package dev.pawl.store;

import java.util.Objects;
import java.util.Optional;

/**
 * What a step of retention came to.
 *
 * @param jobs how many it removed, children among them
 * @param next where to go on; empty if nothing is left to do
 */
public record Removed(int jobs, Optional<Removal.Place> next) {
    /** Checks that nothing is missing. */
    public Removed {
        Objects.requireNonNull(next, "next");
    }
}
