package dev.pawl.worker;

import dev.pawl.internal.Checks;
import dev.pawl.lease.Leases;
import dev.pawl.store.GroupCommit;
import dev.pawl.store.JobStore;
import dev.pawl.store.JsonValues;
import dev.pawl.store.LeaseStore;
import dev.pawl.store.NewRows;
import dev.pawl.store.Refusals;
import dev.pawl.store.ScanStore;
import dev.pawl.store.TallyStore;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/**
 * What workers need of the Pawl that they belong to. An application has no use for it.
 *
 * @param store to claim and to read
 * @param leases the leases of names
 * @param scans where scans are
 * @param tallies where the ends of jobs are counted
 * @param commits to write
 * @param refusals what becomes of refused writes
 * @param values the door to JSON
 * @param rows remembers which pipelines are recorded
 * @param wakeups hints that a queue may have work
 * @param name who this process is
 * @param started what goes on here, to be closed with the Pawl
 * @param closed whether the Pawl is
 */
public record WorkerContext(
        JobStore store,
        LeaseStore leases,
        ScanStore scans,
        TallyStore tallies,
        GroupCommit commits,
        Refusals refusals,
        JsonValues values,
        NewRows rows,
        Wakeups wakeups,
        String name,
        Started started,
        BooleanSupplier closed) {
    /**
     * Refuses whatever would begin after the end.
     *
     * @throws IllegalStateException if the Pawl is closed
     */
    public void checkOpen() {
        if (closed.getAsBoolean()) {
            throw isClosed();
        }
    }

    static IllegalStateException isClosed() {
        return new IllegalStateException("this Pawl is closed: nothing was done; open another one");
    }

    /**
     * The store of scans, asked again where an answer was lost or a row was held.
     *
     * @return a store whose writes are repeated a few times
     */
    public ScanStore repeatedScans() {
        return new RepeatedScans(scans);
    }

    /**
     * Describes a worker.
     *
     * @param queue where it claims
     * @return a description to complete
     */
    public Worker.Builder worker(String queue) {
        checkOpen();
        return new WorkerBuilder(this, Checks.name("queue", queue));
    }

    /**
     * Campaigns for a lease.
     *
     * @param name what is leased
     * @param length of the lease
     * @param duty what to do while leading
     * @return a campaign, to be closed
     */
    public Leases.Leader lead(String name, Duration length, Leases.Duty duty) {
        checkOpen();
        Campaign campaign = new Campaign(this, name, length, duty);
        campaign.start();
        return campaign;
    }

    /**
     * Who acquires or claims next, in this process.
     *
     * @return unique per call
     */
    public String newHolder() {
        return name + "#" + Long.toHexString(ThreadLocalRandom.current().nextLong() >>> 16);
    }
}
