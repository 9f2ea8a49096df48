package dev.pawl.worker;

import dev.pawl.PawlException;
import dev.pawl.Running;
import dev.pawl.scan.FailedPage;
import dev.pawl.scan.KeysetChangedException;
import dev.pawl.scan.ScanState;
import dev.pawl.scan.Walked;
import dev.pawl.store.ScanStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Walks a scan in a thread of its own, lap after lap, as often as it is due by the store's time. */
final class ScanThread implements Running {
    private static final Logger LOG = LoggerFactory.getLogger(ScanThread.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration REST = Duration.ofSeconds(1); // however often it is nudged
    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);
    private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(1);

    private final WorkerContext context;
    private final LeasedScan<?> scan;
    private final ScanStore scans;
    private final Duration interval;
    private final Signal signal = new Signal();
    private final Runnable onNudge = signal::give;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Thread thread;
    private final BackOff changed = new BackOff(POLL, LONGEST_BACK_OFF); // the thread's own
    private boolean failing;

    private ScanThread(WorkerContext context, LeasedScan<?> scan, ScanStore scans, Duration interval) {
        this.context = context;
        this.scan = scan;
        this.scans = scans;
        this.interval = interval;
        this.thread = new NamedThreads(scan.name(), "scan").newThread(this::run);
    }

    static Running start(WorkerContext context, LeasedScan<?> scan, ScanStore scans, Duration interval) {
        ScanThread walking = new ScanThread(context, scan, scans, interval);
        context.started().begin(walking, () -> {
            walking.thread.start();
            context.wakeups().add(scan.leaseName(), walking.onNudge);
        });
        return walking;
    }

    private void run() {
        while (!closing.get()) {
            Duration pause = POLL;
            try {
                pause = pauseBefore(scans.find(scan.name()));
                if (pause.isZero()) {
                    pause = pauseAfter(scan.walk(Integer.MAX_VALUE, this::isDue, () -> !closing.get()));
                }
                failing = false;
                changed.wentWell();
            } catch (KeysetChangedException failure) { // until somebody deploys: each try takes a lease, and a token
                told(failure);
                pause = changed.failedAfter(Duration.ZERO);
            } catch (PawlException | IllegalStateException failure) {
                told(failure);
                pause = POLL;
            } catch (RuntimeException | Error failure) { // or the scan would end without a word
                LOG.error("{} failed, and will be tried again", this, failure);
                pause = POLL;
            }
            try {
                signal.await(pause);
            } catch (InterruptedException interrupted) {
                LOG.debug("{} was interrupted; it goes on unless it is closed", this);
            }
        }
    }

    /** Once for each outage. */
    private void told(RuntimeException failure) {
        if (!failing && !closing.get()) {
            LOG.warn("{} can't go on, and will be tried again and again", this, failure);
        }
        failing = true;
    }

    private Duration pauseBefore(Optional<ScanStore.Seen> seen) {
        return seen.map(at -> shorter(POLL, until(dueAt(at.scan()), at.at()))).orElse(Duration.ZERO);
    }

    private boolean isDue(ScanState state, Instant now) {
        return until(dueAt(state), now).isZero();
    }

    /** What stopped the walk tells how soon it makes sense to look again. */
    private static Duration pauseAfter(Walked walked) {
        return walked.stop() == Walked.Stop.WRAPPED || walked.stop() == Walked.Stop.FAILED ? Duration.ZERO : POLL;
    }

    private Optional<Instant> dueAt(ScanState state) {
        if (state.failed().isPresent()) {
            return state.failed().map(FailedPage::retryAt);
        }
        if (state.lap().hasBegun()) {
            return Optional.empty();
        }
        Duration rest = state.nudgedAt().isPresent() ? shorter(interval, REST) : interval;
        return state.lastWrapAt().map(wrap -> wrap.plus(rest));
    }

    private static Duration until(Optional<Instant> due, Instant now) {
        return due.filter(now::isBefore).map(at -> Duration.between(now, at)).orElse(Duration.ZERO);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        context.wakeups().remove(scan.leaseName(), onNudge);
        signal.give();
        if (Thread.currentThread().equals(thread)) { // a handling ends its own scan: the thread ends with it
            context.started().ended(this);
            return;
        }
        try {
            thread.join(GRACE.toMillis());
            if (thread.isAlive()) {
                thread.interrupt();
                thread.join(LAST_WORDS.toMillis());
                if (thread.isAlive()) {
                    LOG.warn("{} is closed, but the handling of a page goes on", this);
                }
            }
        } catch (InterruptedException interrupted) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        } finally {
            context.started().ended(this);
        }
    }

    /** {@code scan articles, every PT5M}. */
    @Override
    public String toString() {
        return scan + ", every " + interval;
    }
}
