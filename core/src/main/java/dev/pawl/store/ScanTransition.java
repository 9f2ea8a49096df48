package dev.pawl.store;

import dev.pawl.lease.Refusal;
import dev.pawl.scan.ScanState;
import dev.pawl.scan.SkippedPage;
import java.util.Objects;
import java.util.Optional;

/** What a {@link ScanWrite} does to one scan. */
public sealed interface ScanTransition {
    /**
     * The scan changes.
     *
     * @param scan as it is to be
     * @param skipped to be recorded
     */
    record Moved(ScanState scan, Optional<SkippedPage> skipped) implements ScanTransition {
        /** Checks that nothing is missing. */
        public Moved {
            Objects.requireNonNull(scan, "scan");
            Objects.requireNonNull(skipped, "skipped");
        }
    }

    /**
     * The same was written before, by the same walker. Nothing changes.
     *
     * @param scan as it is
     */
    record Repeated(ScanState scan) implements ScanTransition {
        /** Checks that nothing is missing. */
        public Repeated {
            Objects.requireNonNull(scan, "scan");
        }
    }

    /**
     * Nothing changes.
     *
     * @param refusal why
     */
    record Refused(Refusal refusal) implements ScanTransition {
        /** Checks that nothing is missing. */
        public Refused {
            Objects.requireNonNull(refusal, "refusal");
        }
    }
}
