package dev.pawl.lease;

import java.time.Duration;
import java.util.Optional;

/**
 * A named lease in the hands of its holder. Closing it gives it back; a later holder's is never touched (rule L8). Nothing
 * renews it by itself: see {@link Leases#lead} for what does.
 *
 * <p>Safe for use by many threads; what they write is written one after the other.
 */
public interface HeldLease extends AutoCloseable {
    /**
     * The lease as the store told it last.
     *
     * @return the same token and holder for every call; the expiry moves on with each renewal
     */
    Lease lease();

    /**
     * The number of this lease, higher than every one that its name ever had. It fences rows of the application's.
     *
     * @return the same for every call
     */
    default FencingToken token() {
        return lease().token();
    }

    /**
     * Whether this process may still take it for its own: by its monotonic clock, from before the call that brought the lease,
     * the length has not run out, and nothing was heard of its end. Asks nobody. An answer is old at once: what must not be
     * done by a former holder needs the token.
     *
     * @return false once it was to be released, whatever came of that, was found lost, or has run out; a renewal that succeeds makes
     *     it true again
     */
    boolean isCurrent();

    /**
     * Renews it for its length, from now. It may be repeated, never shortens the lease, and succeeds after the expiry, too, as
     * long as nobody else has acquired the name.
     *
     * @return the lease as it is now
     * @throws LeaseLostException if a later holder has it, or it was given back, or its row is gone; nothing was written
     * @throws BusyException if an open transaction has its row locked; nothing was written, and it is not lost
     * @throws IllegalStateException if the Pawl is closed; nothing was written
     * @throws dev.pawl.PawlException if the store can't be reached or fails; the lease is as it was, or renewed
     */
    Lease renew();

    /**
     * Renews it as {@link #renew()} does, for another length, which is its length from then on, once this has succeeded.
     *
     * @param length 1 ms or more; one that ends sooner than what is left changes nothing
     * @return the lease as it is now
     * @throws LeaseLostException if a later holder has it, or it was given back, or its row is gone; nothing was written
     * @throws BusyException if an open transaction has its row locked; nothing was written, and it is not lost
     * @throws IllegalStateException if the Pawl is closed; nothing was written
     * @throws dev.pawl.PawlException if the store can't be reached or fails; the lease is as it was, or renewed
     */
    Lease renew(Duration length);

    /**
     * Gives it back: the name is free at once. To be let go of what is not held any more is no error, since whoever releases is
     * leaving anyway. It may be repeated, and is not {@linkplain #isCurrent current} from this call on, also where that failed.
     *
     * @return empty if it was ours, or this object has released it before; else why it was not, and nothing was written
     * @throws BusyException if an open transaction has its row locked for 200 ms; nothing was written: repeat it, or let it expire
     * @throws IllegalStateException if the Pawl is closed; nothing was written
     * @throws dev.pawl.PawlException if the store can't be reached or fails: it is still held, or, where the answer was lost, maybe
     *     not; repeat it, or let it expire
     */
    default Optional<Refusal> release() {
        return release(Duration.ZERO);
    }

    /**
     * Gives it back, and lets nobody acquire the name for a while: for work that is due once an hour, say, and done in a second,
     * where clocks of machines differ by some. Its holder is out at once. It may be repeated, as {@link #release()} may.
     *
     * @param rest how long from now, by the store's clock, the name is nobody's; zero or more
     * @return empty if it was ours, or this object has released it before; else why it was not, and nothing was written
     * @throws BusyException if an open transaction has its row locked for 200 ms; nothing was written: repeat it, or let it expire
     * @throws IllegalStateException if the Pawl is closed; nothing was written
     * @throws dev.pawl.PawlException if the store can't be reached or fails: it is still held, or, where the answer was lost, maybe
     *     not; repeat it, or let it expire
     */
    Optional<Refusal> release(Duration rest);

    /** Releases it, unless that was done; throws what {@link #release()} throws. */
    @Override
    default void close() {
        release();
    }
}
