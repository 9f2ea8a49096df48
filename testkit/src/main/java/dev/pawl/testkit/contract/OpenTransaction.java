package dev.pawl.testkit.contract;

import dev.pawl.job.JobId;
import dev.pawl.job.JobTransaction;
import dev.pawl.lease.BusyException;
import dev.pawl.store.ScanStore;
import java.util.Optional;
import java.util.Set;

/**
 * A transaction of an application's that is open on the store under test, beside the store's own. To be used by one thread.
 */
public interface OpenTransaction extends AutoCloseable {
    /**
     * Pawl's part in it.
     *
     * @return what the store offers to callers with a transaction of their own
     */
    JobTransaction jobs();

    /**
     * The scans as this transaction sees them, and writes to them.
     *
     * @return empty, unless overridden, where there are none beside the store under test
     */
    default Optional<ScanStore> scans() {
        return Optional.empty();
    }

    /**
     * Locks a job's row until the end of this transaction, by SQL of the application's own, say, and changes nothing.
     *
     * @param id a job's
     * @throws BusyException or waits, if another open transaction has it locked
     */
    void hold(JobId id);

    /**
     * Locks a named lease's row until the end of this transaction, and changes nothing.
     *
     * @param name of a lease that was acquired before
     */
    void holdLease(String name);

    /**
     * Writes a row of the application's own.
     *
     * @param row unique
     */
    void insert(String row);

    /**
     * Reads the application's own rows.
     *
     * @return those that are committed, and those of this transaction
     */
    Set<String> rows();

    /**
     * Commits.
     *
     * @throws Exception if it can't commit; nothing of it remains, and it is over
     */
    void commit() throws Exception;

    /** Ends it without a trace. Does nothing if it is over, or its connection is lost. */
    @Override
    void close();
}
