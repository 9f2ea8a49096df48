package dev.pawl.lease;

import dev.pawl.internal.Checks;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * Who may write to a subject, as of one answer of the store.
 *
 * <p>{@code expiresAt} is the database's time and is for people. A holder times {@code length} on its own monotonic
 * clock, from before the call that brought the lease (rule L5).
 *
 * @param subject what is leased: a job's id as text, or a name
 * @param holder unique per claim
 * @param token the claim's
 * @param expiresAt when another may claim, by the database's clock
 * @param length from the store's answer to the expiry
 */
public record Lease(String subject, String holder, FencingToken token, Instant expiresAt, Duration length) {
    /** Checks that nothing is missing. */
    public Lease {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(holder, "holder");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(expiresAt, "expiresAt");
        Checks.positive("lease length", length);
    }

    /**
     * What writes under this lease carry.
     *
     * @return its token and holder
     */
    public Fence fence() {
        return new Fence(token, holder);
    }

    /** {@code lease #7 on recap/0190… (worker-2#8f3a17)}. */
    @Override
    public String toString() {
        return "lease " + token + " on " + subject + " (" + holder + ")";
    }
}
