package dev.pawl.scan;

import dev.pawl.lease.Fence;
import dev.pawl.lease.FencingToken;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a scan is. Immutable.
 *
 * @param name the scan's
 * @param keyset the order and types of its keys, in words: {@code created_at timestamptz desc nulls first, id uuid …}
 * @param step how often its cursor moved, laps began or pages were stepped over: rises with each
 * @param token of the last walker
 * @param holder the last walker's; empty if a page was stepped over since
 * @param since when the last walker took it over, or a page was stepped over since
 * @param lap the lap under way, or the next
 * @param lastPageAt when the last page was handled
 * @param lastWrapAt when the last lap ended
 * @param lastLapRows how many rows were handled in the last lap that ended
 * @param nudgedAt when somebody said that there is new work, if no lap has begun since
 * @param failed the page at which it stands, if that failed
 */
public record ScanState(
        String name,
        String keyset,
        long step,
        FencingToken token,
        Optional<String> holder,
        Instant since,
        Lap lap,
        Optional<Instant> lastPageAt,
        Optional<Instant> lastWrapAt,
        long lastLapRows,
        Optional<Instant> nudgedAt,
        Optional<FailedPage> failed) {
    /** Checks that nothing is missing. */
    public ScanState {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(keyset, "keyset");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(holder, "holder");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(lap, "lap");
        Objects.requireNonNull(lastPageAt, "lastPageAt");
        Objects.requireNonNull(lastWrapAt, "lastWrapAt");
        Objects.requireNonNull(nudgedAt, "nudgedAt");
        Objects.requireNonNull(failed, "failed");
    }

    /**
     * Whether this fence is the one under which the cursor may be moved.
     *
     * @param fence a walker's
     * @return false once another walker has opened the scan, or a page was stepped over
     */
    public boolean isHeldBy(Fence fence) {
        return token.equals(fence.token()) && holder.equals(Optional.of(fence.holder()));
    }
}
