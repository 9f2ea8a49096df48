package dev.pawl.worker;

import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * The thread of a walk, to be made by it: interrupted by the loss of its lease while it handles a page, and at no other time; what
 * is left of that interrupt when the page is over is taken back, so that the thread's flag is its owner's again.
 */
final class WalkingThread {
    private final Thread thread = Thread.currentThread();
    private boolean handling;
    private boolean lost;
    private boolean interrupted;

    /** Safe to be called by any thread. */
    synchronized void lost() {
        lost = true;
        interruptIfHandling();
    }

    private void interruptIfHandling() {
        if (handling && lost && !interrupted) {
            interrupted = true;
            thread.interrupt();
        }
    }

    /** Whether the page that was handled last was interrupted by the loss of the lease. */
    synchronized boolean wasInterrupted() {
        return interrupted;
    }

    <T> T handling(Callable<T> page) throws Exception {
        begin();
        try {
            return page.call();
        } finally {
            end();
        }
    }

    private synchronized void begin() {
        handling = true;
        interruptIfHandling();
    }

    private synchronized void end() {
        handling = false;
        if (interrupted) {
            var unused = Thread.interrupted(); // it was for the page, which is over
        }
    }

    /** Without the interrupt that the caller's thread may be under, which would fail it; the caller finds it again afterwards. */
    static <T> T uninterrupted(Supplier<T> call) {
        boolean interrupted = Thread.interrupted();
        try {
            return call.get();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
