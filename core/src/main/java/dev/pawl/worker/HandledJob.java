package dev.pawl.worker;

import dev.pawl.store.HeldJob;
import org.jspecify.annotations.Nullable;

/**
 * A held job on its way through the worker: who runs it, when its lease was last sure, and whether it is lost. All times are
 * of the monotonic clock, in nanoseconds.
 */
final class HandledJob {
    /** Why a handler was interrupted; what it throws after that is judged by it. */
    enum Stop {
        /** It was not. */
        NONE,
        /** Another holds the job, or it has ended: nothing may be written, or needs to be. */
        LOST,
        /** The lease has run out by this process's clock, and the store can't be asked. */
        EXPIRED,
        /** It gave no sign of life. */
        SILENT,
        /** The worker closes, and its grace is over. */
        CLOSING
    }

    private final HeldJob<?> held;
    private volatile long sureAt;
    private volatile long askedAt;
    private volatile boolean asked;
    private volatile long heardAt;
    private volatile long readyAt;
    private volatile boolean begun;
    private @Nullable Thread runner;
    private Stop stop = Stop.NONE;
    private int retries;
    private boolean unsure;
    private boolean taken;

    HandledJob(HeldJob<?> held, long claimedAt) {
        this.held = held;
        this.sureAt = claimedAt;
        this.readyAt = claimedAt;
    }

    HeldJob<?> held() {
        return held;
    }

    /** When the last call began that showed the lease to be current. */
    long sureAt() {
        return sureAt;
    }

    void sureAt(long time) {
        sureAt = Math.max(sureAt, time);
        asked = false;
    }

    /** The store was asked about the lease, and has not answered yet; keeps the time of the first question. */
    void asked(long time) {
        if (!asked) {
            askedAt = time;
            asked = true;
        }
    }

    /** Whether the store has been asked about the lease since before a time, in vain. */
    boolean askedInVainSince(long time) {
        return asked && askedAt - time < 0;
    }

    long heardAt() {
        return heardAt;
    }

    void heardAt(long time) {
        heardAt = time;
    }

    long readyAt() {
        return readyAt;
    }

    void readyAt(long time) {
        readyAt = time;
    }

    /** Whether the job may be the one that kills its workers. */
    boolean isSuspect() {
        return held.job().isSuspect();
    }

    /** Whether a handler has run under this claim. */
    boolean begun() {
        return begun;
    }

    /** Takes the job for this thread; false if there is nothing to do for it any more. */
    synchronized boolean begin(long now) {
        if (stop != Stop.NONE) {
            return false;
        }
        begun = true;
        heardAt = now;
        runner = Thread.currentThread();
        return true;
    }

    /** Gives the thread back, without an interrupt of ours; says whether there was one, and why. */
    synchronized Stop end() {
        runner = null;
        if (stop != Stop.NONE) {
            Thread.interrupted();
        }
        return stop;
    }

    /** Interrupts the handler, if one runs. The first reason stays, but for a loss, which is certain. */
    synchronized boolean stop(Stop reason) {
        boolean first = stop == Stop.NONE;
        if (first || reason == Stop.LOST) {
            stop = reason;
        }
        if (first && runner != null) {
            runner.interrupt();
        }
        return first;
    }

    /**
     * The same, since the worker closes; true if a handler ran. Then what becomes of the job is for the caller to write, and
     * nothing that the handler ends with.
     */
    synchronized boolean takeFromHandler() {
        boolean running = runner != null;
        stop(Stop.CLOSING);
        taken |= running;
        return running;
    }

    /** Whether somebody else than its handler has written what becomes of it, or is about to. */
    synchronized boolean isTaken() {
        return taken;
    }

    /** It is lost, which is told once: true for the first who says so. Interrupts the handler, if one runs. */
    synchronized boolean lose() {
        boolean first = stop != Stop.LOST;
        stop(Stop.LOST);
        return first;
    }

    /** What its handler ended with was written after all, and it is held on: why it was interrupted is no reason any longer. */
    synchronized void goesOn() {
        if (stop == Stop.SILENT || stop == Stop.EXPIRED) {
            stop = Stop.NONE;
        }
    }

    synchronized Stop stopped() {
        return stop;
    }

    synchronized boolean isRunning() {
        return runner != null;
    }

    /** How often in a row the store was asked in vain to write what became of it. */
    synchronized int nextRetry() {
        return ++retries;
    }

    /** Whether what became of it is still to be written, again. */
    synchronized boolean isAskedAgain() {
        return retries > 0;
    }

    /** The store was asked to write what became of it, and perhaps it did, but the answer was lost. */
    synchronized void maybeWritten() {
        unsure = true;
    }

    /** Whether an answer was lost since the last that came. */
    synchronized boolean isMaybeWritten() {
        return unsure;
    }

    synchronized void answered() {
        retries = 0;
        unsure = false;
    }

    @Override
    public String toString() {
        return held.toString();
    }
}
