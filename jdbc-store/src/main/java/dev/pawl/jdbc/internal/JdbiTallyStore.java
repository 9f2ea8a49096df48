package dev.pawl.jdbc.internal;

import dev.pawl.lease.BusyException;
import dev.pawl.store.Removal;
import dev.pawl.store.Removed;
import dev.pawl.store.StoreException;
import dev.pawl.store.Tallies;
import dev.pawl.store.TallyStore;
import java.util.function.Function;

/** Counts in PostgreSQL. Safe for use by many threads. */
final class JdbiTallyStore implements TallyStore {
    private final Database database;
    private final Transactions readings;
    private final Transactions transactions;

    /** Readings are of transactions that set nothing. */
    JdbiTallyStore(Database database, Transactions readings, Transactions transactions) {
        this.database = database;
        this.readings = readings;
        this.transactions = transactions;
    }

    @Override
    public <T> T read(Function<Tallies, T> reading) {
        return readings.run("read what is counted", handle -> {
            ViewRequest.begin(handle);
            return reading.apply(new TallySql(handle, database.time().orElse(null)));
        });
    }

    @Override
    public <T> T write(Function<Tallies, T> counting) {
        try {
            return transactions.run(
                    "count what has ended",
                    handle ->
                            counting.apply(new TallySql(handle, database.time().orElse(null))));
        } catch (StoreException failure) {
            if (SqlFailures.has(failure, SqlFailures.LOCK_NOT_AVAILABLE)) {
                throw new BusyException("the count of a queue");
            }
            throw failure;
        }
    }

    @Override
    public Removed remove(Removal what) {
        return transactions.run(
                "remove ended jobs of queue " + what.queue(),
                handle -> new Removing(handle, what, database.time().orElse(null)).step());
    }
}
