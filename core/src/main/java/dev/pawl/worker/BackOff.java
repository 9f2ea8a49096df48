package dev.pawl.worker;

import java.time.Duration;

/**
 * How long to wait after a failure: twice as long as after the one before, up to a limit, until something went well, or at least went
 * on for as long as that limit. To be used by one thread.
 */
final class BackOff {
    private final Duration first;
    private final Duration longest;
    private Duration next;

    BackOff(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
        this.next = first;
    }

    void wentWell() {
        next = first;
    }

    /** What failed after so long; how long to wait now. */
    Duration failedAfter(Duration worked) {
        if (worked.compareTo(longest) >= 0) {
            next = first;
        }
        Duration now = next;
        next = now.multipliedBy(2).compareTo(longest) < 0 ? now.multipliedBy(2) : longest;
        return now;
    }
}
