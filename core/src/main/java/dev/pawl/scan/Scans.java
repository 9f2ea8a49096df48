package dev.pawl.scan;

import dev.pawl.Actor;
import dev.pawl.PawlException;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.RefusedException;
import java.util.List;
import java.util.Optional;

/**
 * The scans of this database, from outside. Safe for use by many threads. Each call takes a connection for a moment.
 *
 * <p>All throw IllegalArgumentException, before anything is asked, if a name can't be that of a scan.
 */
public interface Scans {
    /**
     * All that were ever opened.
     *
     * @return by name
     * @throws IllegalStateException if the Pawl is closed
     * @throws PawlException if the store can't be reached or fails
     */
    List<ScanState> all();

    /**
     * Where a scan is.
     *
     * @param name the scan's
     * @return empty if it was never opened
     * @throws IllegalStateException if the Pawl is closed
     * @throws PawlException if the store can't be reached or fails
     */
    Optional<ScanState> find(String name);

    /**
     * Says that there is new work: whoever runs the scan starts a lap soon, and one more if one is under way, since the work
     * may lie behind its cursor. A hint: without it the work is found at the next interval. May be repeated; several are one until a
     * lap has begun, and a scan rests for a second between its laps, however often it is nudged.
     *
     * <p>Call it <b>after the commit</b> of what it is for: a lap that begins before that does not see those rows, and answers the
     * nudge all the same.
     *
     * @param name the scan's
     * @return false if it was never opened: it begins by itself when it is
     * @throws BusyException if the scan's row is held by an open transaction for longer than it is asked for, which is about a
     *     second; nothing was written
     * @throws IllegalStateException if the Pawl is closed; nothing was written
     * @throws PawlException if the store can't be reached or fails; nothing was written, or, where the answer was lost, it may have
     *     been
     */
    boolean nudge(String name);

    /**
     * Steps over a page that failed: its rows are not handled in this lap. Recorded. It may be repeated by the same person after a lost
     * answer: what was recorded is not recorded again.
     *
     * @param page as {@link #find} showed it
     * @param by who decides it
     * @throws RefusedException if the scan has moved since, or the page has other rows now, or its bounds are not known;
     *     nothing was written
     * @throws BusyException if the scan's row is held by an open transaction for longer than it is asked for, which is about a
     *     second; nothing was written
     * @throws IllegalStateException if the Pawl is closed; nothing was written
     * @throws PawlException if the store can't be reached or fails; nothing was written, or, where the answer was lost, it may have
     *     been: repeat it
     */
    void skip(FailedPage page, Actor by);

    /**
     * The pages that were stepped over.
     *
     * @param name the scan's
     * @return the latest 100, latest first
     * @throws IllegalStateException if the Pawl is closed
     * @throws PawlException if the store can't be reached or fails
     */
    List<SkippedPage> skipped(String name);
}
