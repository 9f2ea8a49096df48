package dev.pawl.scan;

import dev.pawl.Running;
import java.time.Duration;

/**
 * A durable walk over the application's rows, lap after lap, with what is done to each page. One process at a time walks;
 * the others find it taken and do nothing. Safe for use by many threads.
 */
public interface Scan {
    /**
     * The scan.
     *
     * @return its name
     */
    String name();

    /**
     * Walks one page, if the scan is free; begins a lap, if none is under way.
     *
     * @return what was walked; a failed handling is recorded and told here, not thrown
     * @throws KeysetChangedException if the scan was left under another order of keys; nothing was done
     */
    Walked page();

    /**
     * Walks to the end of the lap that is under way, or of a new one, if the scan is free.
     *
     * @return what was walked; a failed handling is recorded and told here, not thrown
     * @throws KeysetChangedException if the scan was left under another order of keys; nothing was done
     */
    Walked lap();

    /**
     * Walks in a thread of its own until closed: a lap when the last one ended that long ago, at once when
     * {@linkplain Scans#nudge nudged}, and on with one that was left under way. Start it in as many processes as you like.
     *
     * @param interval between the end of a lap and the start of the next, 1 ms or more
     * @return to be closed
     */
    Running every(Duration interval);
}
