package dev.pawl.store;

import dev.pawl.lease.Fence;
import dev.pawl.lease.FencingToken;
import dev.pawl.lease.Lease;
import dev.pawl.lease.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A name's row, and what may become of it: pure functions, for every store. Immutable.
 *
 * @param name what is leased
 * @param token the last one issued, which stays; empty if there was none since the row was made
 * @param holder who has it; empty if nobody has
 * @param takenUntil when another may acquire it: the lease's expiry, or the end of a rest; empty if at once
 * @param since when it was acquired or given back last, or made
 */
public record LeaseState(
        String name,
        Optional<FencingToken> token,
        Optional<String> holder,
        Optional<Instant> takenUntil,
        Instant since) {
    /** Checks that a holder has a token and an expiry. */
    public LeaseState {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(holder, "holder");
        Objects.requireNonNull(takenUntil, "takenUntil");
        Objects.requireNonNull(since, "since");
        if (holder.isPresent() && (token.isEmpty() || takenUntil.isEmpty())) {
            throw new IllegalArgumentException("lease '" + name + "' is held by " + holder.get()
                    + ", so it must have a token and an expiry, but had " + token + " and " + takenUntil);
        }
    }

    /**
     * A name that nobody has acquired yet.
     *
     * @param name what is to be leased
     * @param now the time
     * @return its row
     */
    public static LeaseState made(String name, Instant now) {
        return new LeaseState(name, Optional.empty(), Optional.empty(), Optional.empty(), now);
    }

    /**
     * Whether another may acquire it. Expiry says only this (rule L4).
     *
     * @param now the time
     * @return true if it is free, or expired
     */
    public boolean isFree(Instant now) {
        return takenUntil.isEmpty() || !takenUntil.get().isAfter(now);
    }

    /**
     * In the hands of a new holder.
     *
     * @param next higher than every token that the name ever had
     * @param by the holder
     * @param length of the lease
     * @param now the time
     * @return the row
     */
    public LeaseState acquired(FencingToken next, String by, Duration length, Instant now) {
        return new LeaseState(name, Optional.of(next), Optional.of(by), Optional.of(now.plus(length)), now);
    }

    /**
     * Why a holder's write has no effect (rules L3, L7).
     *
     * @param fence the writer's
     * @return empty if it has: the lease is the writer's, expired or not
     */
    public Optional<Refusal> refusal(Fence fence) {
        if (token.isEmpty()) { // the writer outlived a deleted namesake, or commits that were lost
            return Optional.of(new Refusal.Missing());
        }
        if (token.get().equals(fence.token()) && holder.isEmpty()) {
            return Optional.of(new Refusal.Released(since));
        }
        return token.get().equals(fence.token()) && holder.get().equals(fence.holder())
                ? Optional.empty()
                : Optional.of(new Refusal.Superseded(token.get(), holder, since));
    }

    /**
     * With its expiry moved on, or left where it is if that is later.
     *
     * @param length from now on
     * @param now the time
     * @return the row
     */
    public LeaseState renewed(Duration length, Instant now) {
        Instant until = now.plus(length);
        return new LeaseState(
                name, token, holder, takenUntil.filter(until::isBefore).or(() -> Optional.of(until)), since);
    }

    /**
     * In nobody's hands.
     *
     * @param rest how long nobody may acquire it
     * @param now the time
     * @return the row
     */
    public LeaseState released(Duration rest, Instant now) {
        return new LeaseState(
                name, token, Optional.empty(), rest.isZero() ? Optional.empty() : Optional.of(now.plus(rest)), now);
    }

    /**
     * What its holder has.
     *
     * @param now the time
     * @return empty if nobody has it, or it has expired
     */
    public Optional<Lease> lease(Instant now) {
        return holder.filter(by -> !isFree(now))
                .map(by -> new Lease(
                        name,
                        by,
                        token.orElseThrow(),
                        takenUntil.orElseThrow(),
                        Duration.between(now, takenUntil.orElseThrow())));
    }
}
