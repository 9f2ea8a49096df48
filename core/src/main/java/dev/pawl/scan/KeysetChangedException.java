package dev.pawl.scan;

import dev.pawl.PawlException;

/** A scan was described with another order of keys than the one under which its cursor was stored. Nothing was done. */
public final class KeysetChangedException extends PawlException {
    private static final long serialVersionUID = 1L;

    /**
     * For stores and for Pawl itself.
     *
     * @param scan its name
     * @param stored the order under which its cursor was stored
     * @param described the order by which it is now described
     */
    public KeysetChangedException(String scan, String stored, String described) {
        super("scan " + scan + " is stored with the keys (" + stored + "), but is now described with (" + described
                + "): its cursor means nothing there. Give the scan another name, or let it begin a new lap"
                + " (startingOverIfChanged())");
    }
}
