package dev.pawl.worker;

import dev.pawl.Running;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.Leases;
import dev.pawl.store.RollUp;
import dev.pawl.store.Tallies;
import dev.pawl.store.TallyStore;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the ends of jobs, for statistics, in short transactions that hold up nobody: once, or for good under a named lease, in one
 * process at a time. That two count at once does no harm: the mark of a queue says what is counted, and moves with it.
 *
 * <p>Safe for use by many threads.
 */
public final class Housekeeping {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final String LEASE = "pawl/housekeeping";
    private static final Duration LENGTH = Duration.ofSeconds(30);
    private static final long PAUSE_SECONDS = 10;

    private final WorkerContext context;
    private final TallyStore tallies;

    /**
     * For a Pawl.
     *
     * @param context the Pawl's
     * @param tallies where to count
     */
    public Housekeeping(WorkerContext context, TallyStore tallies) {
        this.context = context;
        this.tallies = tallies;
    }

    /**
     * Does all that there is to do now. May be repeated.
     *
     * @throws dev.pawl.store.StoreException if the store can't be reached; what was counted until then is counted
     */
    public void once() {
        context.checkOpen();
        pass(() -> true);
    }

    /**
     * Does it every ten seconds from now on, in a thread of its own, as long as this process has the lease {@code pawl/housekeeping}.
     *
     * @return to be closed; else it is closed with its Pawl
     */
    public Running start() {
        return context.lead(LEASE, LENGTH, this::perform);
    }

    private void perform(Leases.Term term) throws InterruptedException {
        while (term.isCurrent()) {
            pass(term::isCurrent);
            TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
        }
    }

    private void pass(BooleanSupplier goesOn) {
        for (String queue : tallies.read(Tallies::queues)) {
            try {
                boolean more = true;
                while (more && goesOn.getAsBoolean()) {
                    more = RollUp.step(tallies, queue);
                }
            } catch (BusyException counting) {
                LOG.debug("queue {}: another is counting", queue, counting);
            }
        }
    }
}
