package dev.pawl.store;

import dev.pawl.lease.Refusal;
import dev.pawl.scan.ScanState;
import java.time.Instant;
import java.util.Objects;

/** A store's answer to a {@link ScanWrite}. */
public sealed interface ScanAnswer {
    /**
     * Written and committed (in the caller's transaction: written); or written before, by an earlier call of the same walker.
     *
     * @param scan as it is now
     * @param at the store's time
     * @param repeated whether this call changed nothing, since an earlier one had
     */
    record Done(ScanState scan, Instant at, boolean repeated) implements ScanAnswer {
        /** Checks that nothing is missing. */
        public Done {
            Objects.requireNonNull(scan, "scan");
            Objects.requireNonNull(at, "at");
        }
    }

    /**
     * Not written.
     *
     * @param refusal why
     */
    record Refused(Refusal refusal) implements ScanAnswer {
        /** Checks that nothing is missing. */
        public Refused {
            Objects.requireNonNull(refusal, "refusal");
        }
    }

    /** Not decided: the scan's row is locked by somebody's transaction. Nothing was written. */
    record Busy() implements ScanAnswer {}
}
