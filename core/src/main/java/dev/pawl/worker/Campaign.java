package dev.pawl.worker;

import dev.pawl.internal.Checks;
import dev.pawl.lease.FencingToken;
import dev.pawl.lease.Lease;
import dev.pawl.lease.Leases;
import dev.pawl.store.NamedLease;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for a lease until it has it, and then runs the duty, in the same thread: so there is never a second duty, however long one
 * takes to return. Three threads: that one, and two that keep the lease.
 */
final class Campaign implements Leases.Leader {
    private static final Logger log = LoggerFactory.getLogger(Campaign.class);
    private static final Duration LONGEST_POLL = Duration.ofSeconds(1);
    private static final Duration FIRST_BACK_OFF = Duration.ofSeconds(1);
    private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(1);
    private static final Duration SHORTEST =
            Duration.ofMillis(100); // a shorter one is over before a renewal is answered
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final WorkerContext context;
    private final String name;
    private final Duration length;
    private final Leases.Duty duty;
    private final Outage outage;
    private final ScheduledExecutorService timer;
    private final Thread campaigning;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Signal close = new Signal();
    private final BackOff backOff = new BackOff(FIRST_BACK_OFF, LONGEST_BACK_OFF); // the campaigning thread's
    private volatile @Nullable CurrentTerm term;

    Campaign(WorkerContext context, String name, Duration length, Leases.Duty duty) {
        this.context = context;
        this.name = Checks.printable("name of a lease", name);
        this.length = Checks.atLeast("lease length", Checks.positive("lease length", length), SHORTEST);
        this.duty = Objects.requireNonNull(duty, "duty");
        this.outage = new Outage(toString());
        this.timer = KeptLease.timer(name);
        this.campaigning = new NamedThreads(name, "leader").newThread(this::campaign);
    }

    void start() {
        context.started().begin(this, campaigning::start);
    }

    @Override
    public Optional<Lease> lease() {
        CurrentTerm now = term;
        return now != null && now.isCurrent() ? Optional.of(now.kept.lease()) : Optional.empty();
    }

    private void campaign() {
        try {
            while (!closing.get()) {
                pause(campaignedOnce());
            }
        } finally {
            timer.shutdownNow();
            context.started().ended(this);
        }
    }

    /** How long to wait before the next time: only what the duty does moves the back-off, and not who had the lease meanwhile. */
    private Duration campaignedOnce() {
        long from = System.nanoTime();
        try {
            Optional<NamedLease> won = acquire();
            if (won.isEmpty()) {
                return poll();
            }
            from = System.nanoTime();
            if (lead(won.get())) {
                backOff.wentWell();
                return poll();
            }
        } catch (Throwable failure) { // or the campaign would end without a word
            log.error("{} failed outside of its duty, and goes on", this, failure);
        }
        return backOff.failedAfter(Duration.ofNanos(System.nanoTime() - from));
    }

    private Optional<NamedLease> acquire() {
        try {
            Optional<NamedLease> won =
                    NamedLease.acquire(context.leases(), name, context.newHolder(), length, context::checkOpen);
            outage.answered();
            return won;
        } catch (RuntimeException failure) {
            if (!closing.get()) {
                outage.failed("ask for the lease", failure);
            }
            return Optional.empty();
        }
    }

    /** Runs the duty under the lease; false if it failed by itself. */
    private boolean lead(NamedLease lease) {
        Thread thread = Thread.currentThread();
        log.info("{} leads under {}", this, lease);
        try {
            return closing.get() || led(lease, thread);
        } finally {
            var unused = Thread.interrupted(); // it was for the duty, which is over
            resign(lease);
        }
    }

    private boolean led(NamedLease lease, Thread thread) {
        try (KeptLease kept = KeptLease.keep(lease, timer, outage, why -> lost(lease, why, thread))) {
            CurrentTerm mine = new CurrentTerm(kept);
            begin(mine);
            return closing.get() || !mine.isCurrent() || perform(mine); // a late answer may bring a term that is over
        } finally {
            begin(null);
        }
    }

    private synchronized void begin(@Nullable CurrentTerm next) {
        term = next;
    }

    /** Only a duty is interrupted, and nothing that is asked of the store. */
    private synchronized void interruptDuty() {
        if (term != null) {
            campaigning.interrupt();
        }
    }

    private void lost(NamedLease lease, String why, Thread thread) {
        log.warn("{} leads no more: {} {}; its duty is interrupted", this, lease, why);
        thread.interrupt();
    }

    private boolean perform(CurrentTerm mine) {
        try {
            duty.perform(mine);
            return true;
        } catch (Throwable failure) { // whatever it is, the lease must be given back
            if (!mine.isCurrent()) {
                log.debug("{}: the duty ended after its term", this, failure);
                return true;
            }
            log.warn("{}: the duty failed, so the lease is given back", this, failure);
            return false;
        }
    }

    /** After the duty, so that there is no second one meanwhile, here or elsewhere. */
    private void resign(NamedLease lease) {
        try {
            lease.release();
        } catch (RuntimeException failure) {
            log.info("{} could not give {} back, so it will expire: {}", this, lease, failure.toString());
        }
    }

    private void pause(Duration most) {
        try {
            var unused = close.await(closing.get() ? Duration.ZERO : most);
        } catch (InterruptedException closed) {
            log.debug("{} is closed", this);
        }
    }

    /** Not all at the same moment. */
    private Duration poll() {
        long most = shorter(length.dividedBy(3), LONGEST_POLL).toNanos();
        return Duration.ofNanos(ThreadLocalRandom.current().nextLong(most / 2, most));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    @Override
    public void close() {
        boolean first = closing.compareAndSet(false, true);
        close.give();
        if (Thread.currentThread().equals(campaigning)) { // the duty itself: it resigns by returning
            return;
        }
        if (first) {
            interruptDuty();
        }
        boolean ended = false;
        try {
            campaigning.join(GRACE.toMillis());
            ended = !campaigning.isAlive();
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        if (!ended) {
            log.warn("{} is closed, but its duty goes on: the lease is not renewed any more, and expires", this);
            timer.shutdownNow();
        }
    }

    /** For logs. */
    @Override
    public String toString() {
        return context.name() + " for '" + name + "'";
    }

    /** From a lease that was won to the end of its duty. */
    private final class CurrentTerm implements Leases.Term {
        private final KeptLease kept;

        CurrentTerm(KeptLease kept) {
            this.kept = kept;
        }

        @Override
        public FencingToken token() {
            return kept.lease().token();
        }

        @Override
        public boolean isCurrent() {
            return !closing.get() && kept.isCurrent();
        }
    }
}
