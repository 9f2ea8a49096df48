package dev.pawl.store;

import dev.pawl.lease.Fence;
import dev.pawl.lease.Lease;
import java.time.Duration;
import java.util.Optional;

/**
 * Named leases, for implementers; {@code JobStoreContract} in the testkit says whether a store does what it must. An application
 * calls {@code Leases}. Each method is one durable transaction, never waits for long for a lock of somebody else's, and throws
 * {@link StoreException} if the store can't be reached or fails. Tokens are those of the jobs' claims: one sequence, never set back.
 * Safe for use by many threads.
 */
public interface LeaseStore {
    /**
     * Takes the lease if it is free or expired, under a token that is higher than every one that the name ever had. Repeated for a
     * holder that has it, as after a lost answer, it answers the same lease.
     *
     * @param name what is leased
     * @param holder unique per call, but for repeats
     * @param length how long it holds
     * @return the lease, with its length from the store's answer on; empty if another has it, or may be about to
     */
    Optional<Lease> acquire(String name, String holder, Duration length);

    /**
     * Moves the expiry on, to the length from now, and never back. May be repeated.
     *
     * @param name what is leased
     * @param fence the holder's
     * @param length how long it holds from now on
     * @return renewed, refused, or busy
     */
    LeaseAnswer renew(String name, Fence fence, Duration length);

    /**
     * Gives it back. The token stays.
     *
     * @param name what is leased
     * @param fence the holder's
     * @param rest how long nobody may acquire it; zero or more
     * @return released, refused, or busy
     */
    LeaseAnswer release(String name, Fence fence, Duration rest);

    /**
     * Reads a lease.
     *
     * @param name what is leased
     * @return the lease as it is, with what is left of it as its length; empty if nobody has it or it has expired
     */
    Optional<Lease> find(String name);
}
