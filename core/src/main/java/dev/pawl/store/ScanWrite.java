package dev.pawl.store;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.internal.Checks;
import dev.pawl.lease.Fence;
import dev.pawl.lease.Refusal;
import dev.pawl.scan.FailedPage;
import dev.pawl.scan.ScanState;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A write to a scan, as a value; {@link #on} is what it does, the same for every store. A walker's bear its fence and the
 * number of the step that they are made at, so that one that was replaced, and one that comes late, change nothing.
 */
public sealed interface ScanWrite {
    /**
     * The scan.
     *
     * @return its name
     */
    String scan();

    /**
     * What it does. A pure function.
     *
     * @param scan as it is; empty if it was never opened
     * @param now the store's time
     * @return the next state, or why there is none
     */
    ScanTransition on(Optional<ScanState> scan, Instant now);

    /** A walker's, which has to hold the scan at this step. */
    sealed interface Fenced extends ScanWrite {
        /**
         * The walker's.
         *
         * @return its lease's token and holder
         */
        Fence fence();

        /**
         * The step that it is made at.
         *
         * @return the scan's, as the walker knows it
         */
        long step();

        /**
         * What it does to a scan that this walker holds, at this step.
         *
         * @param scan as it is
         * @param now the store's time
         * @return the next state, or why there is none
         */
        ScanTransition held(ScanState scan, Instant now);

        @Override
        default ScanTransition on(Optional<ScanState> scan, Instant now) {
            return scan.map(state -> guarded(state, now)).orElseGet(() -> refused(new Refusal.Missing()));
        }

        private ScanTransition guarded(ScanState scan, Instant now) {
            if (!scan.isHeldBy(fence())) {
                return refused(Scanning.lost(fence(), scan));
            }
            if (scan.step() == step()) {
                return held(scan, now);
            }
            return scan.step() == step() + 1 && isRepeatable()
                    ? new ScanTransition.Repeated(scan)
                    : refused(new Refusal.Conflict("scan " + scan.name() + " is at step " + scan.step()
                            + ", and this was for step " + step()));
        }

        /** One write per walker is in flight, so that the step beyond, under its own fence, is its own doing. */
        private boolean isRepeatable() {
            return !(this instanceof Fail);
        }
    }

    /**
     * Takes the scan over for a walker, which goes on where the last one stopped. Creates it.
     *
     * @param scan its name
     * @param fence the walker's lease's
     * @param keyset the order of the keys in words; {@link #UNREAD} if it could not be read, which leaves the stored one, and with
     *     which no lap may begin
     * @param startOver whether another order begins a new lap, and isn't refused
     */
    record Open(String scan, Fence fence, String keyset, boolean startOver) implements ScanWrite {
        /** In the place of an order that could not be read: any takes its place once it can. */
        public static final String UNREAD = "";

        /** Checks that nothing is missing. */
        public Open {
            Checks.name("scan", scan);
            Objects.requireNonNull(fence, "fence");
            Objects.requireNonNull(keyset, "keyset");
        }

        @Override
        public ScanTransition on(Optional<ScanState> scan, Instant now) {
            return scan.map(state -> Scanning.opened(state, this, now))
                    .orElseGet(() -> moved(Scanning.created(this, now)));
        }
    }

    /**
     * Begins a lap. One without rows ends with it. It answers the nudge that the walker knew of before it read where the rows
     * end, and leaves a later one standing: the row that it was for may lie beyond that end.
     *
     * @param scan its name
     * @param fence the walker's
     * @param step the scan's
     * @param end the key of the last row in order; empty if there is none
     * @param nudgedAt the scan's, as the walker knew it before it read the end
     */
    record Begin(String scan, Fence fence, long step, Optional<Json> end, Optional<Instant> nudgedAt)
            implements Fenced {
        /** Checks that nothing is missing. */
        public Begin {
            Objects.requireNonNull(scan, "scan");
            Objects.requireNonNull(fence, "fence");
            Objects.requireNonNull(end, "end");
            Objects.requireNonNull(nudgedAt, "nudgedAt");
        }

        @Override
        public ScanTransition held(ScanState scan, Instant now) {
            if (scan.keyset().equals(Open.UNREAD)) {
                return refused(new Refusal.Conflict("the order of its keys is not known yet"));
            }
            return scan.lap().hasBegun()
                    ? refused(new Refusal.Conflict("lap " + scan.lap().number() + " has begun already"))
                    : moved(Scanning.begun(scan, this, now));
        }
    }

    /**
     * Moves the cursor beyond a page that was handled; wraps it if nothing follows, whatever was handled (rule S3).
     *
     * @param scan its name
     * @param fence the walker's
     * @param step the scan's
     * @param last the key of the page's last row; empty if it had none
     * @param rows how many it had
     * @param hasSuccessor whether the lap goes on beyond it
     */
    record Move(String scan, Fence fence, long step, Optional<Json> last, int rows, boolean hasSuccessor)
            implements Fenced {
        /** Checks that the parts agree. */
        public Move {
            Objects.requireNonNull(scan, "scan");
            Objects.requireNonNull(fence, "fence");
            Objects.requireNonNull(last, "last");
            Checks.between("rows of a page", rows, 0, Integer.MAX_VALUE);
            if (last.isPresent() != rows > 0 || (hasSuccessor && rows == 0)) {
                throw new IllegalArgumentException(
                        "a page with rows has a last key, and one without has neither key nor successor");
            }
        }

        @Override
        public ScanTransition held(ScanState scan, Instant now) {
            return scan.lap().hasBegun()
                    ? moved(Scanning.handled(scan, last, rows, hasSuccessor, now))
                    : refused(new Refusal.Conflict("lap " + scan.lap().number() + " has not begun"));
        }
    }

    /**
     * Records that the page failed at which the scan stands, or the beginning of its lap, which has no bounds.
     *
     * @param scan its name
     * @param fence the walker's
     * @param step the scan's
     * @param bounds the page's; empty if it could not be read
     * @param error what it failed with
     * @param retryIn how long to wait
     * @param failing whether its retry policy is used up
     */
    record Fail(
            String scan,
            Fence fence,
            long step,
            Optional<FailedPage.Bounds> bounds,
            ErrorInfo error,
            Duration retryIn,
            boolean failing)
            implements Fenced {
        /** Checks that nothing is missing. */
        public Fail {
            Objects.requireNonNull(scan, "scan");
            Objects.requireNonNull(fence, "fence");
            Objects.requireNonNull(bounds, "bounds");
            Objects.requireNonNull(error, "error");
            Checks.notNegative("delay of a retry", retryIn);
        }

        @Override
        public ScanTransition held(ScanState scan, Instant now) {
            return bounds.isPresent() && !scan.lap().hasBegun()
                    ? refused(
                            new Refusal.Conflict("lap " + scan.lap().number() + " has not begun, and has no pages yet"))
                    : moved(Scanning.failed(scan, this, now));
        }
    }

    /**
     * Steps over the page that failed, if it still is this one. The walker, if there is one, has to open the scan again.
     *
     * @param page as its decider saw it
     * @param by who decides it
     */
    record Skip(FailedPage page, Actor by) implements ScanWrite {
        /** Checks that nothing is missing. */
        public Skip {
            Objects.requireNonNull(page, "page");
            Objects.requireNonNull(by, "by");
        }

        @Override
        public String scan() {
            return page.scan();
        }

        @Override
        public ScanTransition on(Optional<ScanState> scan, Instant now) {
            return scan.map(state -> Scanning.skipped(state, this, now))
                    .orElseGet(() -> refused(new Refusal.Missing()));
        }
    }

    /**
     * Says that there is new work. A later one takes the place of one that no lap has answered.
     *
     * @param scan its name
     */
    record Nudge(String scan) implements ScanWrite {
        /** Checks that nothing is missing. */
        public Nudge {
            Objects.requireNonNull(scan, "scan");
        }

        @Override
        public ScanTransition on(Optional<ScanState> scan, Instant now) {
            return scan.map(state -> Scanning.nudged(state, now)).orElseGet(() -> refused(new Refusal.Missing()));
        }
    }

    private static ScanTransition moved(ScanState scan) {
        return new ScanTransition.Moved(scan, Optional.empty());
    }

    private static ScanTransition refused(Refusal refusal) {
        return new ScanTransition.Refused(refusal);
    }
}
