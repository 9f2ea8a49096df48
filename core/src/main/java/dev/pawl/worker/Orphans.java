package dev.pawl.worker;

import dev.pawl.store.JobStore;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on with the cancelling of children whose parents have ended, in bounded steps, whoever began it (rule J7). To be used by
 * one thread.
 */
final class Orphans {
    private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);
    private static final int STEP = 500;
    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    private final JobStore store;
    private final String queue;
    private long lastLook = System.nanoTime() - PAUSE_NANOS;

    Orphans(JobStore store, String queue) {
        this.store = store;
        this.queue = queue;
    }

    /** One step, if the last one left something, or was a while ago. */
    void cancelIfDue() {
        if (System.nanoTime() - lastLook < PAUSE_NANOS) {
            return;
        }
        int cancelled = store.cancelOrphans(queue, STEP);
        if (cancelled > 0) {
            LOG.info("queue {}: cancelled {} children of jobs that had ended", queue, cancelled);
        } else {
            lastLook = System.nanoTime();
        }
    }
}
