package dev.pawl.worker;

import dev.pawl.Running;
import dev.pawl.lease.RefusedException;
import dev.pawl.store.NamedLease;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the chores every ten seconds, in one process at a time: in whichever has the lease. One thread, which renews the lease itself between
 * two transactions; that is enough, since nothing depends on it that somebody else does the same.
 */
final class HousekeepingThread implements Running {
    private static final Logger log = LoggerFactory.getLogger(HousekeepingThread.class);
    private static final Duration LENGTH = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final Duration SHARE = Duration.ofSeconds(5);
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final WorkerContext context;
    private final String name;
    private final Chores chores;
    private final Duration firstPause;
    private final Outage outage;
    private final Thread thread;
    private final Signal close = new Signal();
    private final AtomicBoolean closing = new AtomicBoolean();
    private @Nullable NamedLease lease; // the thread's

    /**
     * Not started yet.
     *
     * @param name of the lease
     * @param firstPause before it asks for the lease
     */
    HousekeepingThread(WorkerContext context, String name, Chores chores, Duration firstPause) {
        this.context = context;
        this.name = name;
        this.chores = chores;
        this.firstPause = firstPause;
        this.outage = new Outage(toString());
        this.thread = new NamedThreads(name, "housekeeper").newThread(this::untilClosed);
    }

    void start() {
        context.started().begin(this, thread::start);
    }

    /** A worker has better things to do in its first seconds, and many start at once. */
    static Duration later() {
        return PAUSE;
    }

    private void untilClosed() {
        try {
            Duration pause = firstPause;
            while (!isClosedWithin(pause)) {
                pause = once();
            }
        } finally {
            release();
            context.started().ended(this);
        }
    }

    private boolean isClosedWithin(Duration pause) {
        try {
            return close.await(pause) || closing.get();
        } catch (InterruptedException hurry) {
            return true;
        }
    }

    /** How long to wait before the next time. */
    private Duration once() {
        try {
            if (!leads()) {
                outage.answered();
                return pause();
            }
            Chores.Done done = chores.pass(SHARE, () -> !closing.get() && leads());
            outage.answered();
            return done.more() ? Duration.ZERO : pause();
        } catch (RuntimeException failure) {
            if (!closing.get()) {
                outage.failed("do its chores", failure);
            }
            return pause();
        }
    }

    /** Not all at the same moment. */
    private static Duration pause() {
        return PAUSE.plusMillis(ThreadLocalRandom.current().nextLong(-1_000, 1_000));
    }

    private boolean leads() {
        NamedLease mine = lease;
        if (mine == null) {
            Optional<NamedLease> won =
                    NamedLease.acquire(context.leases(), name, context.newHolder(), LENGTH, context::checkOpen);
            lease = won.orElse(null);
            return won.isPresent();
        }
        if (mine.leftNanos() > LENGTH.toNanos() / 3 * 2) {
            return true;
        }
        try {
            mine.renew();
            return true;
        } catch (RefusedException lost) {
            log.debug("{} does them no longer: {}", this, lost.getMessage());
            lease = null;
            return false;
        }
    }

    private void release() {
        NamedLease mine = lease;
        if (mine == null) {
            return;
        }
        try {
            mine.release();
        } catch (RuntimeException failure) {
            log.info("{} could not give {} back, so it will expire: {}", this, mine, failure.toString());
        }
    }

    @Override
    public void close() {
        closing.set(true);
        close.give();
        try {
            thread.join(GRACE.toMillis());
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            log.warn("{} is closed, but a transaction of its goes on", this);
        }
    }

    /** For logs. */
    @Override
    public String toString() {
        return "housekeeping of " + context.name() + " under '" + name + "'";
    }
}
