package dev.pawl.worker;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What housekeeping did.
 *
 * @param removed how many jobs retention removed, by queue; without queues in which there was nothing to remove
 */
public record Housekept(Map<String, Long> removed) {
    /** Keeps the numbers. */
    public Housekept {
        removed = Map.copyOf(Objects.requireNonNull(removed, "removed"));
    }

    /** {@code removed {recap=12}}. */
    @Override
    public String toString() {
        return "removed " + new TreeMap<>(removed);
    }
}
