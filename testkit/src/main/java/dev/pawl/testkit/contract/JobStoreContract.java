package dev.pawl.testkit.contract;

import dev.pawl.job.JobId;
import dev.pawl.store.AuditStore;
import dev.pawl.store.JobStore;
import dev.pawl.store.LeaseStore;
import dev.pawl.store.QueueStore;
import dev.pawl.store.ScanStore;
import dev.pawl.store.ViewStore;
import dev.pawl.testkit.TestTime;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/**
 * The contract of a store of jobs: all rules of {@code docs/contract.md}, each with its tests. A store obeys them if a
 * subclass that brings it passes:
 *
 * <pre>{@code
 * class MyJobStoreTest extends JobStoreContract {
 *     @Override public JobStore jobs() { return store; }
 *     @Override public QueueStore queues() { return store.queues(); }
 *     @Override public LeaseStore leases() { return store.leases(); }
 *     @Override public TestTime time() { return time; }
 * }
 * }</pre>
 *
 * <p>Each test works in a queue of its own, so one store, and one database, may serve them all.
 *
 * <p>A store that takes part in transactions of its callers overrides {@link #begin()}, and one that can be made to crash here
 * overrides {@link #crash()}, one whose counters can be made wrong here
 * {@link #miscount}, one that can be damaged otherwise {@link #damage}, and one whose names can be deleted {@link #deleteLease}. Where there
 * are scans beside it, {@link #scans()} brings them, and {@link #rows()} something to be scanned; {@link #views()} brings the read side, and {@link #audits()} audits and repairs. The tests that need what a store does not have are aborted, with a message.
 */
@TestInstance(TestInstance.Lifecycle.PER_METHOD)
public abstract class JobStoreContract
        implements LeaseRules,
                ClaimRules,
                FenceRules,
                LostCommitRules,
                RefusalRules,
                CheckpointRules,
                WriteRules,
                OperatorRules,
                EnqueueRules,
                OrderRules,
                ProgressRules,
                TransactionRules,
                CrashRules,
                SuspectRules,
                NeighbourRules,
                FanOutRules,
                FanInRules,
                CountRules,
                PolicyRules,
                TreeRules,
                NamedLeaseRules,
                NamedLeaseRefusalRules,
                ScanRules,
                LapRules,
                SkipRules,
                ScanTransactionRules,
                RowRules,
                UnreadRules,
                ProgressViewRules,
                ListingRules,
                QueueViewRules,
                StatsRules,
                AuditRules,
                RepairedViewRules,
                RetentionRules,
                TreeRetentionRules {
    private final String queue = "q-" + UUID.randomUUID();
    private final AtomicInteger claims = new AtomicInteger();

    /** For subclasses. */
    protected JobStoreContract() {}

    /**
     * The store under test.
     *
     * @return the same for the length of a test
     */
    @Override
    public abstract JobStore jobs();

    /**
     * The queues from which the store under test claims.
     *
     * @return the same for the length of a test
     */
    @Override
    public abstract QueueStore queues();

    /**
     * The named leases of the store under test, which share tokens and time with the jobs.
     *
     * @return the same for the length of a test
     */
    @Override
    public abstract LeaseStore leases();

    /**
     * The time by which the store under test lives: it must stand still unless it is moved here.
     *
     * @return the same for the length of a test
     */
    @Override
    public abstract TestTime time();

    /**
     * The scans beside the store under test, by the same time.
     *
     * @return the same for the length of a test; empty, unless overridden, where there are none
     */
    @Override
    public Optional<ScanStore> scans() {
        return Optional.empty();
    }

    /**
     * The read side of the store under test, by the same time.
     *
     * @return the same for the length of a test; empty, unless overridden, where there is none
     */
    @Override
    public Optional<ViewStore> views() {
        return Optional.empty();
    }

    /**
     * Rows to be scanned.
     *
     * @return an empty table, the same for the length of a test; empty, unless overridden, where there is none
     */
    @Override
    public Optional<ScannedRows> rows() {
        return Optional.empty();
    }

    /**
     * Begins a transaction of an application's on the store under test.
     *
     * @return an open one; empty, unless overridden, for a store that takes part in none
     */
    @Override
    public Optional<OpenTransaction> begin() {
        return Optional.empty();
    }

    /**
     * Makes the store under test crash, as by the death of its server, and waits until it has come back. Open transactions are
     * lost, and whatever else is not durable.
     *
     * @return true if it did; false, unless overridden, for a store that can't be made to
     */
    @Override
    public boolean crash() {
        return false;
    }

    /**
     * Makes the number of open children that a job's row has wrong, as a mistake elsewhere would.
     *
     * @param parent a job that has fanned out
     * @param open what its row is to say
     * @return true if it does so now; false, unless overridden, for a store whose counters can't be made wrong
     */
    @Override
    public boolean miscount(JobId parent, int open) {
        return false;
    }

    /**
     * Audits and repairs of the jobs of the store under test, by the same time.
     *
     * @return the same for the length of a test; empty, unless overridden, where there are none
     */
    @Override
    public Optional<AuditStore> audits() {
        return Optional.empty();
    }

    /**
     * Damages what is stored of a job, as something else than Pawl may.
     *
     * @param job that is there
     * @param damage what is done to it
     * @return true if it was done; false, unless overridden, for a store that can't be damaged so
     */
    @Override
    public boolean damage(JobId job, Damage damage) {
        return false;
    }

    /**
     * Deletes a named lease's row, as an operator may.
     *
     * @param name a name that was acquired
     * @return true if it does so now; false, unless overridden, for a store that keeps names for ever
     */
    @Override
    public boolean deleteLease(String name) {
        return false;
    }

    /** The queue of this test alone. */
    @Override
    public final String queue() {
        return queue;
    }

    /** Unique per claim, as the library makes it. */
    @Override
    public final String holder(String worker) {
        return worker + "#" + claims.incrementAndGet();
    }

    @BeforeEach
    final void describePipelines() {
        jobs().describe(PIPELINE, 1, STAGES);
        jobs().describe(SHORT, 1, SHORT_STAGES);
    }
}
