package dev.pawl.scan;

import dev.pawl.PawlException;
import dev.pawl.Running;
import dev.pawl.lease.BusyException;
import java.time.Duration;

/**
 * A durable walk over the application's rows, lap after lap, with what is done to each page. One process at a time walks;
 * the others find it taken and do nothing. Safe for use by many threads: of those, too, one at a time walks.
 *
 * <p>Whoever walks does so in its own thread, and has two more beside it that keep the lease. No connection is held between calls of
 * the store: each page takes one to be read, and one while it is handled in a transaction, or for the moment in which the cursor is
 * moved; the lease one for a moment at each third of its length.
 *
 * <p><b>Interrupts.</b> The thread that walks is interrupted when the lease is lost, while a page is handled, and at no other time;
 * what is left of that interrupt is taken back before the call returns. A handling that fails after it is no failure of the page. An
 * interrupt by somebody else ends the walk before the next page, or at once if the handling heeds it, fails nothing that Pawl asks
 * of the store, and is there still, as the thread's flag, when the call returns; one that comes while that of a lost lease is on its
 * way can't be told from it.
 */
public interface Scan {
    /**
     * The scan.
     *
     * @return its name
     */
    String name();

    /**
     * Walks one page, if the scan is free; begins a lap, if none is under way. May be repeated after whatever it throws: it goes on
     * where the cursor is.
     *
     * @return what was walked; a failed handling, or reading, is recorded and told here, not thrown
     * @throws KeysetChangedException if the scan was left under another order of keys; nothing was done
     * @throws BusyException if the scan's row is held by an open transaction for longer than it is asked for, which is about a
     *     second; the cursor was not moved, so that a page that was handled outside of a transaction will be handled again
     * @throws IllegalStateException if the Pawl is closed, or the calling thread is in a transaction on the connection that the scan
     *     would use; nothing was done
     * @throws PawlException if the store can't be reached or fails; the cursor was not moved, or, where the answer was lost and could
     *     not be had by asking again, it may have been. A failure of the page that could not be recorded is among its
     *     {@linkplain Throwable#getSuppressed suppressed}
     */
    Walked page();

    /**
     * Walks to the end of the lap that is under way, or of a new one, if the scan is free. May be repeated after whatever it throws:
     * it goes on where the cursor is. Once the Pawl is closed it stops after the page in hand.
     *
     * @return what was walked; a failed handling, or reading, is recorded and told here, not thrown
     * @throws KeysetChangedException if the scan was left under another order of keys; nothing was done
     * @throws BusyException if the scan's row is held by an open transaction for longer than it is asked for, which is about a
     *     second; the cursor stands after the last page that was moved beyond, so that a page that was handled outside of a
     *     transaction will be handled again
     * @throws IllegalStateException if the Pawl is closed, or the calling thread is in a transaction on the connection that the scan
     *     would use; nothing was done
     * @throws PawlException if the store can't be reached or fails; the cursor stands after the last page that was moved beyond,
     *     which, where the answer was lost and could not be had by asking again, may be one more. A failure of the page that could
     *     not be recorded is among its {@linkplain Throwable#getSuppressed suppressed}
     */
    Walked lap();

    /**
     * Walks in a thread of its own until closed: a lap when the last one ended that long ago, or, when
     * {@linkplain Scans#nudge nudged}, once a second has passed since, if that is sooner; and on with one that was left under way. Start
     * it in as many processes as you like. What can't be done is logged, and tried again.
     *
     * <p>Between laps it takes a connection for a moment each second. Closing it waits for the page in hand, 30 s at most, and then
     * interrupts its handling; the scan is free as soon as that is over. Called by the handling of a page it waits for nothing.
     *
     * @param interval between the end of a lap and the start of the next, 1 ms or more
     * @return to be closed; else it is closed with its Pawl
     * @throws IllegalArgumentException if the interval is shorter; nothing was started
     * @throws IllegalStateException if the Pawl is closed, or its closing has begun; nothing was started
     */
    Running every(Duration interval);
}
