package dev.pawl.worker;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Something to wait for, which is remembered if nobody waits, and forgotten once somebody has seen it. */
final class Signal {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition given = lock.newCondition();
    private boolean on;

    void give() {
        lock.lock();
        try {
            on = true;
            given.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until it was given, or the time is over; says which. */
    boolean await(Duration most) throws InterruptedException {
        long nanos = most.toNanos();
        lock.lockInterruptibly();
        try {
            while (!on && nanos > 0) {
                nanos = given.awaitNanos(nanos);
            }
            boolean was = on;
            on = false;
            return was;
        } finally {
            lock.unlock();
        }
    }
}
