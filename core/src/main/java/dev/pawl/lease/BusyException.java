package dev.pawl.lease;

import dev.pawl.PawlException;

/**
 * The subject's row was held by somebody's open transaction for longer than Pawl waits. Nothing was written, and nothing
 * is lost: repeat the call later.
 */
public final class BusyException extends PawlException {
    private static final long serialVersionUID = 1L;

    /**
     * For stores and for Pawl itself.
     *
     * @param subject what is busy
     */
    public BusyException(String subject) {
        super(subject + " is busy: an open transaction holds its row; nothing was written, repeat the call later");
    }
}
