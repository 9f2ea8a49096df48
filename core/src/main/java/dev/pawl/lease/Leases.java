package dev.pawl.lease;

import java.time.Duration;
import java.util.Optional;

/**
 * Named leases: one holder at a time for anything that has a name, across all processes on the store. A name needs no making: it is
 * there once it is acquired. Safe for use by many threads.
 *
 * <p>A lease keeps others from acquiring; it stops nobody. A holder that was frozen, or cut off, goes on until it looks
 * ({@link HeldLease#isCurrent}). Rows of the application's are safe from it where every write to them is fenced by the
 * {@linkplain HeldLease#token() token}: {@code … where id = :id and token <= :token}.
 */
public interface Leases {
    /**
     * Takes the lease if it is free or expired. Never waits for another holder. Each call that succeeds makes a new holder, so
     * the same process does not get it twice.
     *
     * @param name 1 to 255 printable characters
     * @param length how long it holds unless it is renewed, by the store's clock: 100 ms or more
     * @return the lease, to be closed; empty if somebody has it, or gave it back to rest, or is about to take it
     * @throws IllegalStateException if the Pawl is closed; nothing was written
     * @throws dev.pawl.PawlException if the store can't be reached or fails; the lease may have been taken if its answer was
     *     lost, and then expires by itself
     */
    Optional<HeldLease> acquire(String name, Duration length);

    /**
     * The current lease, for people to look at. It proves nothing by the time it is read.
     *
     * @param name 1 to 255 printable characters
     * @return empty if nobody has it, or it has expired, although its holder may still renew it until another acquires it
     * @throws IllegalStateException if the Pawl is closed
     * @throws dev.pawl.PawlException if the store can't be reached or fails
     */
    Optional<Lease> find(String name);
}
