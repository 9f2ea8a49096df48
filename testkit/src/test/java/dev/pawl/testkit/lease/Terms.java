package dev.pawl.testkit.lease;

import dev.pawl.lease.FencingToken;
import dev.pawl.lease.Leases.Duty;
import dev.pawl.lease.Leases.Term;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A duty that waits for its interrupt, and remembers its terms. */
final class Terms implements Duty {
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger interrupted = new AtomicInteger();
    private final List<FencingToken> tokens = new CopyOnWriteArrayList<>();
    private volatile boolean currentAfterTheEnd;

    @Override
    public void perform(Term term) throws InterruptedException {
        most.accumulateAndGet(running.incrementAndGet(), Math::max);
        tokens.add(term.token());
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException over) {
            interrupted.incrementAndGet();
            currentAfterTheEnd |= term.isCurrent();
            throw over;
        } finally {
            running.decrementAndGet();
        }
    }

    int running() {
        return running.get();
    }

    /** How many ran at a time. */
    int most() {
        return most.get();
    }

    int interrupted() {
        return interrupted.get();
    }

    List<FencingToken> tokens() {
        return tokens;
    }

    boolean sawCurrentAfterTheEnd() {
        return currentAfterTheEnd;
    }
}
