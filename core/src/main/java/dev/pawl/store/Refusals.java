package dev.pawl.store;

import dev.pawl.job.JobId;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.Lease;
import dev.pawl.lease.RefusedException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of refused writes, so that none is refused in silence (rule J4): each is counted, logged, and recorded with
 * the job, as far as it can. Safe for use by many threads.
 */
public final class Refusals {
    private static final Logger log = LoggerFactory.getLogger(Refusals.class);
    private static final int MAX_BATCH = 100;

    private final JobStore store;
    private final Lane<RefusedWrite> reports;
    private final LongAdder count = new LongAdder();

    /**
     * For one Pawl.
     *
     * @param store where to record them
     * @param executor whose threads record them, one at a time
     */
    public Refusals(JobStore store, Executor executor) {
        this.store = store;
        this.reports = new Lane<>(executor, MAX_BATCH, 1, MAX_BATCH, this::report);
    }

    /**
     * How many writes of this process were refused.
     *
     * @return since it began
     */
    public long count() {
        return count.sum();
    }

    /**
     * Takes note of a refused write of a holder.
     *
     * @param refused what was refused, and why
     */
    public void add(RefusedWrite refused) {
        count.increment();
        log.warn("{}: {}", refused.job(), refused.describe());
        try {
            reports.add(refused);
        } catch (RejectedExecutionException closed) {
            log.debug("not recorded, as this Pawl is closed: {}", refused);
        }
    }

    /**
     * The answer to a single write of a holder, or its exception, after note was taken of it.
     *
     * @param write what was asked for
     * @param lease what the writer believed to hold
     * @param answer what the store said
     * @return the job as it is now
     * @throws RefusedException if the write was refused
     * @throws BusyException if it was not decided
     */
    public JobState orThrow(JobWrite.Fenced write, Lease lease, Answer answer) {
        if (answer instanceof Answer.Done done) {
            return done.job();
        }
        if (answer instanceof Answer.Repeated repeated) {
            return repeated.job();
        }
        if (answer instanceof Answer.Refused refused) {
            add(RefusedWrite.of(write, refused.refusal()));
            throw RefusedException.of(lease, refused.refusal());
        }
        throw busy(write.job());
    }

    private static BusyException busy(JobId job) {
        return new BusyException("job " + job);
    }

    private void report(List<RefusedWrite> batch) {
        try {
            store.report(batch);
        } catch (RuntimeException failure) {
            log.warn("{} refused writes could not be recorded: {}", batch.size(), failure.toString());
        }
    }
}
