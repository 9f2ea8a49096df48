package dev.pawl.testkit;

import java.time.Duration;

/** How much longer things take on a proxy's way. */
final class Delays {
    private volatile long toServer;
    private volatile long toClient;

    void set(Duration there, Duration back) {
        toServer = nanos("to the server", there);
        toClient = nanos("to the client", back);
    }

    private static long nanos(String direction, Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay " + direction + " must not be negative, but was " + delay);
        }
        return delay.toNanos();
    }

    long toServerNanos() {
        return toServer;
    }

    long toClientNanos() {
        return toClient;
    }
}
