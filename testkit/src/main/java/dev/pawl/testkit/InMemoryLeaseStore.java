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
import java.util.function.Function;
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
        LeaseState row = rows.getOrDefault(key(name), LeaseState.made(name, now));
        Optional<Lease> repeated = repeated(row, holder, now);
        if (repeated.isPresent() || isLocked(name) || !isFree(row, now)) {
            return repeated;
        }
        LeaseState next = cut(row.acquired(nextToken(row), recorded(holder), length, now));
        rows.put(key(name), next);
        return next.lease(now);
    }

    @Override
    public final synchronized LeaseAnswer renew(String name, Fence fence, Duration length) {
        Instant now = time.now();
        return write(name, row -> refusal(row, fence), row -> {
            LeaseState next = cut(renewed(row, length, now));
            rows.put(key(name), next);
            return new LeaseAnswer.Renewed(told(next, length, now));
        });
    }

    @Override
    public final synchronized LeaseAnswer release(String name, Fence fence, Duration rest) {
        Instant now = time.now();
        return write(name, row -> refusalOfRelease(row, fence), row -> {
            rows.put(key(name), cut(released(row, rest, now)));
            return new LeaseAnswer.Released();
        });
    }

    private LeaseAnswer write(
            String name, Function<LeaseState, Optional<Refusal>> refuse, Function<LeaseState, LeaseAnswer> write) {
        LeaseState row = rows.get(key(name));
        if (row == null) {
            return new LeaseAnswer.Refused(unknown());
        }
        Optional<Refusal> refusal = refuse.apply(row);
        if (refusal.isPresent()) {
            return new LeaseAnswer.Refused(refusal.get());
        }
        return isLocked(name) ? whileLocked(() -> write.apply(row)) : write.apply(row);
    }

    @Override
    public final synchronized Optional<Lease> find(String name) {
        return Optional.ofNullable(rows.get(key(name))).flatMap(row -> row.lease(time.now()));
    }

    // ---- what happens to a row from outside ----

    /** As an operator may, by SQL. */
    final synchronized void delete(String name) {
        rows.remove(name);
    }

    /** As an application's transaction may, by SQL of its own, until it ends. */
    final synchronized void lock(String name) {
        locked.add(name);
    }

    final synchronized void unlock(String name) {
        locked.remove(name);
    }

    /** As a database crashes, and recovers. */
    final synchronized void crash() {
        locked.clear();
        rows.values().removeIf(row -> !isDurable(row));
    }

    // ---- the steps ----

    String key(String name) {
        return name;
    }

    boolean isLocked(String name) {
        return locked.contains(name);
    }

    boolean isDurable(LeaseState row) {
        return true;
    }

    boolean isFree(LeaseState row, Instant now) {
        return row.isFree(now);
    }

    /** What a holder is told whose answer was lost. */
    Optional<Lease> repeated(LeaseState row, String holder, Instant now) {
        return row.lease(now).filter(lease -> lease.holder().equals(holder));
    }

    String recorded(String holder) {
        return holder;
    }

    Refusal unknown() {
        return new Refusal.Missing();
    }

    FencingToken nextToken(LeaseState row) {
        return tokens.get();
    }

    Optional<Refusal> refusal(LeaseState row, Fence fence) {
        return row.refusal(fence);
    }

    Optional<Refusal> refusalOfRelease(LeaseState row, Fence fence) {
        return refusal(row, fence);
    }

    LeaseState renewed(LeaseState row, Duration length, Instant now) {
        return row.renewed(length, now);
    }

    LeaseState released(LeaseState row, Duration rest, Instant now) {
        return row.released(rest, now);
    }

    LeaseAnswer whileLocked(Supplier<LeaseAnswer> write) {
        return new LeaseAnswer.Busy();
    }

    /** The lease as its holder is told of it. */
    Lease told(LeaseState row, Duration asked, Instant now) {
        return row.lease(now).orElseThrow();
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
