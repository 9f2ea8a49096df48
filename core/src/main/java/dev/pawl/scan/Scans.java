package dev.pawl.scan;

import dev.pawl.Actor;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.RefusedException;
import java.util.List;
import java.util.Optional;

/** The scans of this database, from outside. Safe for use by many threads. */
public interface Scans {
    /**
     * All that were ever opened.
     *
     * @return by name
     */
    List<ScanState> all();

    /**
     * Where a scan is.
     *
     * @param name the scan's
     * @return empty if it was never opened
     */
    Optional<ScanState> find(String name);

    /**
     * Says that there is new work: whoever runs the scan starts a lap soon, and one more if one is under way, since the work
     * may lie behind its cursor. A hint: without it the work is found at the next interval.
     *
     * @param name the scan's
     * @return false if it was never opened: it begins by itself when it is
     * @throws BusyException if the scan's row is held by an open transaction; nothing was written
     */
    boolean nudge(String name);

    /**
     * Steps over a page that failed: its rows are not handled in this lap. Recorded.
     *
     * @param page as {@link #find} showed it
     * @param by who decides it
     * @throws RefusedException if the scan has moved since, or the page has other rows now, or its bounds are not known;
     *     nothing was written
     * @throws BusyException if the scan's row is held by an open transaction; nothing was written
     */
    void skip(FailedPage page, Actor by);

    /**
     * The pages that were stepped over.
     *
     * @param name the scan's
     * @return the latest 100, latest first
     */
    List<SkippedPage> skipped(String name);
}
