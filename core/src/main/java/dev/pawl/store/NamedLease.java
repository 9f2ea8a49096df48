package dev.pawl.store;

import dev.pawl.internal.Checks;
import dev.pawl.lease.HeldLease;
import dev.pawl.lease.Lease;
import dev.pawl.lease.Refusal;
import dev.pawl.lease.RefusedException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A named lease that was acquired over a store, timed by the monotonic clock of this process, from before each call that
 * brought an answer. Safe for use by many threads.
 */
public final class NamedLease implements HeldLease {
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private static final int TRIES = 3;
    private static final int BUSY_TRIES = 20;
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final LeaseStore store;
    private final Runnable checkOpen;
    private final ReentrantLock writing = new ReentrantLock();
    private volatile Duration length;
    private volatile Lease lease;
    private volatile long sureUntil;
    private volatile boolean over;
    private boolean released;
    private boolean leftUnsure;

    private NamedLease(LeaseStore store, Runnable checkOpen, Duration length, Lease lease, long asked) {
        this.store = store;
        this.checkOpen = checkOpen;
        this.length = length;
        this.lease = lease;
        this.sureUntil = asked + lease.length().toNanos();
    }

    /**
     * Takes a lease if it is free or expired. Where the answer is lost, the store is asked again, by the holder.
     *
     * @param store whom to ask
     * @param name 1 to 255 printable characters
     * @param holder unique per call
     * @param length 1 ms or more
     * @param checkOpen throws what calls throw once the end has come
     * @return the lease; empty if another has it
     */
    public static Optional<NamedLease> acquire(
            LeaseStore store, String name, String holder, Duration length, Runnable checkOpen) {
        checkOpen.run();
        Checks.printable("name of a lease", name);
        Duration checked = checkedLength(length);
        StoreException lost = null;
        for (int tries = 1; ; tries++) {
            long asked = System.nanoTime();
            try {
                return store.acquire(name, holder, checked)
                        .map(lease -> new NamedLease(store, checkOpen, checked, lease, asked));
            } catch (StoreException failure) {
                if (!failure.mayHaveHappened() || tries == TRIES) {
                    throw unlessTaken(name, failure, lost);
                }
                lost = failure;
            }
        }
    }

    /** That a repeat did nothing says nothing of the call before it. */
    private static StoreException unlessTaken(String name, StoreException last, @Nullable StoreException lost) {
        if (lost == null || last.mayHaveHappened()) {
            return last;
        }
        StoreException unknown = StoreException.unknown(
                "acquire lease '" + name + "', which expires by itself if it was acquired", lost);
        unknown.addSuppressed(last);
        return unknown;
    }

    private static Duration checkedLength(Duration length) {
        return Checks.atLeast("lease length", Checks.positive("lease length", length), SHORTEST);
    }

    @Override
    public Lease lease() {
        return lease;
    }

    @Override
    public boolean isCurrent() {
        return !over && leftNanos() > 0;
    }

    /**
     * How long it lasts, by the clock here, unless it is renewed.
     *
     * @return in nanoseconds; zero or less once it has run out
     */
    public long leftNanos() {
        return sureUntil - System.nanoTime();
    }

    @Override
    public Lease renew() {
        return renewFor(length);
    }

    @Override
    public Lease renew(Duration from) {
        return renewFor(checkedLength(from));
    }

    private Lease renewFor(Duration from) {
        checkOpen.run();
        writing.lock();
        try {
            long asked = System.nanoTime();
            LeaseAnswer answer = store.renew(lease.subject(), lease.fence(), from);
            if (answer instanceof LeaseAnswer.Renewed renewed) {
                lease = renewed.lease();
                length = from;
                over = false; // a release that failed before it has not ended it
                long until = asked + lease.length().toNanos();
                sureUntil = until - sureUntil > 0 ? until : sureUntil;
                return lease;
            }
            throw refused(answer);
        } finally {
            writing.unlock();
        }
    }

    private RuntimeException refused(LeaseAnswer answer) {
        if (answer instanceof LeaseAnswer.Refused refused) {
            over = true;
            return RefusedException.of(lease, refused.refusal());
        }
        return ((LeaseAnswer.Busy) answer).on(lease.subject());
    }

    @Override
    public Optional<Refusal> release(Duration rest) {
        Checks.notNegative("rest", rest);
        writing.lock();
        try {
            if (released) {
                return Optional.empty();
            }
            checkOpen.run();
            over = true; // whatever comes of it: whoever releases is leaving, unless he renews it after all
            return releaseFor(rest);
        } finally {
            writing.unlock();
        }
    }

    private Optional<Refusal> releaseFor(Duration rest) {
        LeaseAnswer answer = asked(rest);
        for (int tries = 1; answer instanceof LeaseAnswer.Busy && tries < BUSY_TRIES; tries++) {
            LockSupport.parkNanos(PAUSE.toNanos()); // it has expired, most likely, and another is about to acquire it
            answer = asked(rest);
        }
        if (answer instanceof LeaseAnswer.Busy busy) {
            throw busy.on(lease.subject());
        }
        if (answer instanceof LeaseAnswer.Refused refused && !isOurs(refused.refusal())) {
            return Optional.of(refused.refusal());
        }
        released = true;
        return Optional.empty();
    }

    private LeaseAnswer asked(Duration rest) {
        try {
            return store.release(lease.subject(), lease.fence(), rest);
        } catch (StoreException failure) {
            leftUnsure |= failure.mayHaveHappened();
            throw failure;
        }
    }

    /** Only its holder gives a lease back: by the call whose answer was lost. */
    private boolean isOurs(Refusal refusal) {
        return leftUnsure && refusal.reason() == Refusal.Reason.RELEASED;
    }

    /** The lease. */
    @Override
    public String toString() {
        return lease.toString();
    }
}
