package dev.pawl.testkit.lease;

import dev.pawl.lease.Fence;
import dev.pawl.lease.Lease;
import dev.pawl.store.LeaseAnswer;
import dev.pawl.store.LeaseStore;
import dev.pawl.store.StoreException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Real leases behind a door: calls fail, or wait there, as the test says. */
final class HeldUpLeases implements LeaseStore {
    private final LeaseStore real;
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger lostAnswers = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicReference<@Nullable Error> next = new AtomicReference<>();
    private volatile boolean fails;
    private volatile CountDownLatch door = new CountDownLatch(0);

    HeldUpLeases(LeaseStore real) {
        this.real = real;
    }

    /** From now on, nothing can be reached. */
    void fail() {
        fails = true;
    }

    void heal() {
        fails = false;
        door.countDown();
    }

    /** From now on, nothing is answered. */
    void hang() {
        door = new CountDownLatch(1);
    }

    /** The next call does not come back. */
    void failWith(Error error) {
        next.set(error);
    }

    /** So many of the next calls are done, and their answers lost. */
    void loseAnswers(int count) {
        lostAnswers.set(count);
    }

    /** How often a lease was asked for, and the store has answered. */
    int asked() {
        return asked.get();
    }

    int failures() {
        return failures.get();
    }

    @Override
    public Optional<Lease> acquire(String name, String holder, Duration length) {
        Optional<Lease> answer = after(() -> real.acquire(name, holder, length));
        asked.incrementAndGet();
        return answer;
    }

    @Override
    public LeaseAnswer renew(String name, Fence fence, Duration length) {
        return after(() -> real.renew(name, fence, length));
    }

    @Override
    public LeaseAnswer release(String name, Fence fence, Duration rest) {
        return after(() -> real.release(name, fence, rest));
    }

    @Override
    public Optional<Lease> find(String name) {
        return after(() -> real.find(name));
    }

    private interface Call<T> {
        T make();
    }

    private <T> T after(Call<T> call) {
        Error error = next.getAndSet(null);
        if (error != null) {
            throw error;
        }
        try {
            door.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw failure(StoreException.Kind.UNREACHABLE);
        }
        if (fails) {
            failures.incrementAndGet();
            throw failure(StoreException.Kind.UNREACHABLE);
        }
        T answer = call.make();
        if (lostAnswers.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw failure(StoreException.Kind.ANSWER_LOST);
        }
        return answer;
    }

    private static StoreException failure(StoreException.Kind kind) {
        return new StoreException(kind, "as the test asked", new IllegalStateException());
    }
}
