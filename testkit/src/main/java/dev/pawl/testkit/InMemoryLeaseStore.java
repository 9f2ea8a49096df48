package dev.pawl.testkit;

import dev.pawl.lease.Fence;
import dev.pawl.lease.FencingToken;
import dev.pawl.lease.Lease;
import dev.pawl.lease.Refusal;
import dev.pawl.store.LeaseAnswer;
import dev.pawl.store.LeaseState;
import dev.pawl.store.LeaseStore;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The named leases of an {@link InMemoryJobStore}, whose time and tokens they share. It says busy only of a name that a test has
 * locked. Safe for use by many threads.
 */
public class InMemoryLeaseStore implements LeaseStore {
    private final Map<String, LeaseState> rows = new HashMap<>();
    private final Set<String> locked = new HashSet<>();
    private final TestTime time;
    private final Supplier<FencingToken> tokens;

    /** Each of the methods that are neither private nor final is a step of its own, so that a test can break just that one. */
    InMemoryLeaseStore(TestTime time, Supplier<FencingToken> tokens) {
        this.time = time;
        this.tokens = tokens;
    }

    @Override
    public final synchronized Optional<Lease> acquire(String name, String holder, Duration length) {
        Instant now = time.now();
        LeaseState row = rows.getOrDefault(name, LeaseState.made(name, now));
        Optional<Lease> repeated = repeated(row, holder, now);
        if (repeated.isPresent() || locked.contains(name) || !isFree(row, now)) {
            return repeated;
        }
        LeaseState next = cut(row.acquired(nextToken(row), holder, length, now));
        rows.put(name, next);
        return next.lease(now);
    }

    @Override
    public final synchronized LeaseAnswer renew(String name, Fence fence, Duration length) {
        Instant now = time.now();
        return write(name, fence, row -> {
            LeaseState next = cut(renewed(row, length, now));
            rows.put(name, next);
            return new LeaseAnswer.Renewed(next.lease(now).orElseThrow());
        });
    }

    @Override
    public final synchronized LeaseAnswer release(String name, Fence fence, Duration rest) {
        Instant now = time.now();
        return write(name, fence, row -> {
            rows.put(name, cut(released(row, rest, now)));
            return new LeaseAnswer.Released();
        });
    }

    private interface Write {
        LeaseAnswer to(LeaseState row);
    }

    private LeaseAnswer write(String name, Fence fence, Write write) {
        LeaseState row = rows.get(name);
        if (row == null) {
            return new LeaseAnswer.Refused(new Refusal.Missing());
        }
        Optional<Refusal> refusal = refusal(row, fence);
        if (refusal.isPresent()) {
            return new LeaseAnswer.Refused(refusal.get());
        }
        return locked.contains(name) ? whileLocked(row) : write.to(row);
    }

    @Override
    public final synchronized Optional<Lease> find(String name) {
        return Optional.ofNullable(rows.get(name)).flatMap(row -> row.lease(time.now()));
    }

    // ---- what happens to a row from outside ----

    /** As an operator may, by SQL. */
    synchronized void delete(String name) {
        rows.remove(name);
    }

    /** As an application's transaction may, by SQL of its own, until it ends. */
    synchronized void lock(String name) {
        locked.add(name);
    }

    synchronized void unlock(String name) {
        locked.remove(name);
    }

    // ---- the steps ----

    boolean isFree(LeaseState row, Instant now) {
        return row.isFree(now);
    }

    /** What a holder is told whose answer was lost. */
    Optional<Lease> repeated(LeaseState row, String holder, Instant now) {
        return row.lease(now).filter(lease -> lease.holder().equals(holder));
    }

    FencingToken nextToken(LeaseState row) {
        return tokens.get();
    }

    Optional<Refusal> refusal(LeaseState row, Fence fence) {
        return row.refusal(fence);
    }

    LeaseState renewed(LeaseState row, Duration length, Instant now) {
        return row.renewed(length, now);
    }

    LeaseState released(LeaseState row, Duration rest, Instant now) {
        return row.released(rest, now);
    }

    LeaseAnswer whileLocked(LeaseState row) {
        return new LeaseAnswer.Busy();
    }

    // ---- what needs no breaking ----

    /** The first instant after now at which a lease expires, or a rest ends. */
    final synchronized Optional<Instant> nextEvent(Instant now) {
        return rows.values().stream()
                .flatMap(row -> row.takenUntil().stream())
                .filter(now::isBefore)
                .min(Comparator.naturalOrder());
    }

    /** The row, for tests that compare. */
    final synchronized Optional<LeaseState> row(String name) {
        return Optional.ofNullable(rows.get(name));
    }

    private static LeaseState cut(LeaseState row) {
        return new LeaseState(
                row.name(),
                row.token(),
                row.holder(),
                row.takenUntil().map(until -> until.truncatedTo(ChronoUnit.MICROS)),
                row.since().truncatedTo(ChronoUnit.MICROS));
    }
}
