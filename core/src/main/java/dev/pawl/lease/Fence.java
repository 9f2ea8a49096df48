package dev.pawl.lease;

import dev.pawl.internal.Checks;
import java.util.Objects;

/**
 * What every write of a holder carries, and what must be current for it to have an effect (rule L3).
 *
 * @param token the claim's
 * @param holder unique per claim, e.g. {@code worker-2#8f3a17}; 1 to 255 printable characters
 */
public record Fence(FencingToken token, String holder) {
    /** Checks the holder. */
    public Fence {
        Objects.requireNonNull(token, "token");
        Checks.printable("holder", holder);
    }

    /** {@code #7 (worker-2#8f3a17)}. */
    @Override
    public String toString() {
        return token + " (" + holder + ")";
    }
}
