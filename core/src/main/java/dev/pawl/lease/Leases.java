package dev.pawl.lease;

import dev.pawl.Running;
import java.time.Duration;
import java.util.Optional;

/**
 * Named leases: one holder at a time for anything that has a name, across all processes on the store. A name needs no making: it is
 * there once it is acquired. Safe for use by many threads.
 *
 * <p>A lease keeps others from acquiring; it stops nobody. A holder that was frozen, or cut off, goes on until it looks
 * ({@link HeldLease#isCurrent}). Rows of the application's are safe from it where every write to them is fenced by the
 * {@linkplain HeldLease#token() token}: {@code … where id = :id and token <= :token}.
 *
 * <p>Each call takes a connection for a moment, and none is held in between: not by a lease, and not by a campaign, which asks for one
 * at each third of its lease's length, and at least once a second while it does not lead. Names that begin with {@code scan/} are
 * Pawl's own, for whoever walks a scan: they may be looked at, and not be taken.
 */
public interface Leases {
    /**
     * Takes the lease if it is free or expired. Never waits for another holder. Each call that succeeds makes a new holder, so
     * the same process does not get it twice.
     *
     * @param name 1 to 255 printable characters
     * @param length how long it holds unless it is renewed, by the store's clock: 1 ms or more
     * @return the lease, to be closed; empty if somebody has it, or gave it back to rest, or is about to take it
     * @throws IllegalArgumentException if the name or the length can't be, or the name is Pawl's own; nothing was written
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
     * @throws IllegalArgumentException if the name can't be
     * @throws IllegalStateException if the Pawl is closed
     * @throws dev.pawl.PawlException if the store can't be reached or fails
     */
    Optional<Lease> find(String name);

    /**
     * Campaigns for the lease in a thread of its own until closed, and runs the duty during each term: in one process at a time, as
     * far as duties heed the end of their terms.
     *
     * <p>A term begins when the lease is acquired, which is tried at each third of its length, and at least once a second. It is
     * renewed at a third of its length, by another thread. The term ends, and the duty's thread is interrupted at once, when the store
     * says that it is lost, or when its length has run out by this process's monotonic clock without an answer of the store. A
     * duty that returns resigns: the lease is given back, and after a moment there is another campaign. So is that of a duty that
     * throws, which is logged, and followed by a back-off: of a second, then twice as long each time, up to a minute, until a duty
     * returns, or has gone on for a minute. While the store fails, or whatever else does outside of the duty, that is logged, and
     * the campaign goes on. A new term never begins here before the former one's duty has returned.
     *
     * <p>An interrupt of the duty's thread by somebody else means nothing to the campaign: it is forgotten when the duty returns.
     *
     * @param name 1 to 255 printable characters
     * @param length 100 ms or more: how long others wait for the successor of a leader that died
     * @param duty what to do while leading
     * @return a campaign that has begun, to be closed; else it is closed with its Pawl
     * @throws IllegalArgumentException if the name or the length can't be, or the name is Pawl's own; nothing has begun
     * @throws IllegalStateException if the Pawl is closed, or its closing has begun; nothing has begun
     */
    Leader lead(String name, Duration length, Duty duty);

    /** What is done while leading. */
    @FunctionalInterface
    interface Duty {
        /**
         * Works until it is done for this time, or the term is over.
         *
         * @param term to be looked at before whatever must not be done by two; its token fences rows
         * @throws Exception if it failed; an InterruptedException after the end of the term is no failure
         */
        void perform(Term term) throws Exception;
    }

    /** One uninterrupted leadership, as its duty sees it. Safe for use by many threads. */
    interface Term {
        /**
         * The number of this term, higher than that of every former one.
         *
         * @return the same for every call
         */
        FencingToken token();

        /**
         * Whether it goes on, as far as this process can know without asking.
         *
         * @return false, and never true again, as soon as this process knows, or must assume by its monotonic clock, that the term
         *     is over, or is to end it
         */
        boolean isCurrent();
    }

    /** A campaign. Safe for use by many threads. */
    interface Leader extends Running {
        /**
         * The current term's lease.
         *
         * @return empty if this process does not lead
         */
        Optional<Lease> lease();

        /**
         * Ends the term, if there is one, and the campaign: interrupts the duty, waits for its return, 30 s at most, and gives the
         * lease back. Where the duty goes on after that, the lease is not renewed any more. Called by the duty it waits for nothing.
         * Repeating it does nothing more.
         */
        @Override
        void close();
    }
}
