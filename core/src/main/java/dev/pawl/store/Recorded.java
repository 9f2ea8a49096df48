package dev.pawl.store;

import dev.pawl.Json;
import dev.pawl.lease.Fence;
import java.util.Objects;
import java.util.Optional;

/**
 * A stage's checkpoint as it is recorded, by which a repeat is told from a conflict (rule J2).
 *
 * @param stage the stage's position
 * @param fence of the lease under which it was written: the token alone may have been issued twice (rule L9)
 * @param result as it was stored; empty for a stage without a result
 */
public record Recorded(int stage, Fence fence, Optional<Json> result) {
    /** Checks that nothing is missing. */
    public Recorded {
        Objects.requireNonNull(fence, "fence");
        Objects.requireNonNull(result, "result");
    }
}
