package dev.pawl.testkit;

import dev.pawl.job.JobId;
import dev.pawl.lease.BusyException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The transactions that are open on an {@link InMemoryJobStore}, under its lock, and the one that is at work. */
final class OpenTransactions {
    private final Object lock;
    private final Set<Uncommitted> open = new LinkedHashSet<>();
    private Optional<Uncommitted> atWork = Optional.empty();

    OpenTransactions(Object lock) {
        this.lock = lock;
    }

    /** The store's lock. */
    Object mutex() {
        return lock;
    }

    Uncommitted begin() {
        synchronized (lock) {
            Uncommitted transaction = new Uncommitted();
            open.add(transaction);
            return transaction;
        }
    }

    /** What is done in there sees what the transaction wrote, and is a part of it. */
    <T> T within(Uncommitted transaction, Supplier<T> work) {
        synchronized (lock) {
            check(transaction);
            atWork = Optional.of(transaction);
            try {
                return work.get();
            } finally {
                atWork = Optional.empty();
            }
        }
    }

    void rollBack(Uncommitted transaction) {
        synchronized (lock) {
            open.remove(transaction);
        }
    }

    // ---- what the store calls, under its lock ----

    /** The one in which the store does what it does now; empty outside of any. */
    Optional<Uncommitted> atWork() {
        return atWork;
    }

    /** For the one at work, if there is one. */
    void lock(JobId id) {
        if (isLockedByAnother(id)) {
            throw new BusyException("job " + id);
        }
        atWork.ifPresent(transaction -> transaction.lock(id));
    }

    boolean isLockedByAnother(JobId id) {
        return open.stream()
                .filter(transaction -> !atWork.equals(Optional.of(transaction)))
                .anyMatch(transaction -> transaction.hasLocked(id));
    }

    boolean isScanLockedByAnother(String scan) {
        return open.stream()
                .filter(transaction -> !atWork.equals(Optional.of(transaction)))
                .anyMatch(transaction -> transaction.hasLockedScan(scan));
    }

    /** The rows as the one at work sees them. */
    Map<JobId, JobRow> seenOver(Map<JobId, JobRow> committed) {
        return atWork.map(transaction -> {
                    Map<JobId, JobRow> seen = new LinkedHashMap<>(committed);
                    seen.putAll(transaction.rows());
                    return seen;
                })
                .orElse(committed);
    }

    /** What others than the one at work have enqueued. */
    Stream<JobRow> newRowsOfOthers(Map<JobId, JobRow> committed) {
        return open.stream()
                .filter(transaction -> !atWork.equals(Optional.of(transaction)))
                .flatMap(transaction -> transaction.rows().values().stream())
                .filter(row -> !committed.containsKey(row.state().id()));
    }

    /** A change that is no transaction's, and that none shall lose. */
    void change(JobId id, UnaryOperator<JobRow> change) {
        open.forEach(transaction -> transaction.rows().computeIfPresent(id, (same, row) -> change.apply(row)));
    }

    void end(Uncommitted transaction) {
        check(transaction);
        open.remove(transaction);
    }

    void rollBackAll() {
        open.clear();
    }

    private void check(Uncommitted transaction) {
        if (!open.contains(transaction)) {
            throw new IllegalStateException("the transaction is over: begin another one");
        }
    }
}
