package dev.pawl.worker;

import dev.pawl.store.JobStore;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on with the cancelling of children whose parents have ended, in bounded steps, whoever began it (rule J7). That it fails
 * is no reason not to claim: it is tried again after a while of its own. To be used by one thread.
 */
final class Orphans {
    private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);
    private static final int STEP = 500;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final JobStore store;
    private final String queue;
    private final Listeners listeners;
    private Duration pause = Duration.ZERO;
    private long lastLook = System.nanoTime();

    Orphans(JobStore store, String queue, Listeners listeners) {
        this.store = store;
        this.queue = queue;
        this.listeners = listeners;
    }

    /** One step, if the last one left something, or was a while ago; true if there may be more to do at once. */
    boolean cancelIfDue() {
        if (System.nanoTime() - lastLook < pause.toNanos()) {
            return false;
        }
        try {
            int cancelled = store.cancelOrphans(queue, STEP);
            if (cancelled > 0) {
                LOG.info("queue {}: cancelled {} children of jobs that had ended", queue, cancelled);
            }
            pause = cancelled > 0 ? Duration.ZERO : PAUSE;
        } catch (RuntimeException failure) {
            pause = longer();
            LOG.warn(
                    "queue {}: children of jobs that had ended could not be cancelled, tries again in {}: {}",
                    queue,
                    pause,
                    failure.toString());
            listeners.tell(listener -> listener.storeFailed("cancel orphans of queue " + queue, failure));
        }
        lastLook = System.nanoTime();
        return pause.isZero();
    }

    private Duration longer() {
        Duration doubled = pause.isZero() ? PAUSE : pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }
}
