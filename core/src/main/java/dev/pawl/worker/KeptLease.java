package dev.pawl.worker;

import dev.pawl.lease.Lease;
import dev.pawl.lease.LeaseLostException;
import dev.pawl.store.NamedLease;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A named lease that is renewed until it is closed, or lost. How to use it:
 *
 * <pre>{@code
 * ScheduledExecutorService timer = KeptLease.timer("scan articles");      // two threads, for one lease after another
 * Outage outage = new Outage("scan articles");                            // logs once for each outage of the store
 * Optional<NamedLease> taken = NamedLease.acquire(context.leases(), "articles", context.newHolder(), length, context::checkOpen);
 * try (KeptLease kept = KeptLease.keep(taken.get(), timer, outage, why -> working.interrupt())) {
 *     while (kept.isCurrent()) { … under kept.lease().fence() … }
 * }                                                                       // from here on neither renewed nor lost
 * taken.get().release();                                                  // or left to expire
 * timer.shutdownNow();
 * }</pre>
 *
 * <p>It is renewed at a third of its length, and again at each ninth while the store does not answer. It is lost when the store
 * says so, or when its length has run out by the monotonic clock, from before the last call that was answered. The clock is looked
 * at in another thread than the one that waits for the store. Once lost it stays lost, even if the store would still renew it.
 *
 * <p>Safe for use by many threads.
 */
final class KeptLease implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KeptLease.class);
    private static final int TICKS_PER_LEASE = 9;
    private static final long LONGEST_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final NamedLease lease;
    private final ScheduledExecutorService timer;
    private final Outage outage;
    private final Consumer<String> onLost;
    private final ScheduledFuture<?> renewing;
    private boolean closed;
    private volatile boolean lost;

    private KeptLease(NamedLease lease, ScheduledExecutorService timer, Outage outage, Consumer<String> onLost) {
        this.lease = lease;
        this.timer = timer;
        this.outage = outage;
        this.onLost = onLost;
        long tick = Math.max(1, Math.min(lease.lease().length().toNanos() / TICKS_PER_LEASE, LONGEST_TICK_NANOS));
        synchronized (this) { // so that nothing is lost before there is something to cancel
            this.renewing = timer.scheduleWithFixedDelay(this::renewIfDue, tick, tick, TimeUnit.NANOSECONDS);
        }
        watch();
    }

    /**
     * Keeps a lease.
     *
     * @param lease that was just acquired
     * @param timer of two threads, which belong to this lease as long as it is kept
     * @param outage to tell of failures of the store
     * @param onLost told why, once, by a thread of the timer, and never after {@link #close()}; must be quick
     * @return to be closed
     */
    static KeptLease keep(NamedLease lease, ScheduledExecutorService timer, Outage outage, Consumer<String> onLost) {
        return new KeptLease(lease, timer, outage, onLost);
    }

    /** One thread waits for the store, the other looks at the clock. */
    static ScheduledExecutorService timer(String whose) {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(2, new NamedThreads(whose, "lease"));
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    /** The lease as the store told it last. */
    Lease lease() {
        return lease.lease();
    }

    /** False as soon as it is known, or must be assumed, that another may have it; and once it is closed. */
    boolean isCurrent() {
        if (lost) {
            return false;
        }
        if (!lease.isCurrent()) { // also where no thread of the timer has run yet, after the process was frozen
            lost("its length has run out here without an answer of the store");
            return false;
        }
        return true;
    }

    private void renewIfDue() {
        long left = lease.leftNanos();
        if (!isCurrent() || left > lease.lease().length().toNanos() / 3 * 2) {
            return;
        }
        try {
            lease.renew();
            outage.answered();
        } catch (LeaseLostException refused) {
            lost(refused.refusal().describe());
        } catch (RuntimeException failure) { // busy, too: nobody has moved the expiry
            if (isRenewedNoMore()) {
                log.debug("a renewal of {} was cut short by its end", lease, failure);
            } else {
                outage.failed("renew " + lease, failure);
            }
        }
    }

    private synchronized boolean isRenewedNoMore() {
        return closed || timer.isShutdown();
    }

    private void watch() {
        if (isCurrent()) {
            var unused = timer.schedule(this::watch, Math.max(1, lease.leftNanos()), TimeUnit.NANOSECONDS);
        }
    }

    private synchronized void lost(String why) {
        if (!lost && !closed) {
            lost = true;
            renewing.cancel(false);
            onLost.accept(why);
        }
    }

    /** Ends renewals. When it returns, nobody is told of a loss any more. */
    @Override
    public synchronized void close() {
        closed = true;
        lost = true;
        renewing.cancel(false);
    }
}
