package dev.pawl.jdbc.internal;

import dev.pawl.lease.BusyException;
import dev.pawl.store.StoreException;
import dev.pawl.store.Tallies;
import dev.pawl.store.TallyStore;
import java.util.function.Function;

/** Counts in PostgreSQL. Safe for use by many threads. */
final class JdbiTallyStore implements TallyStore {
    private final Database database;
    private final Transactions transactions;

    JdbiTallyStore(Database database) {
        this.database = database;
        this.transactions = new OwnTransactions(database);
    }

    @Override
    public <T> T read(Function<Tallies, T> reading) {
        return transactions.run("read what is counted", handle -> {
            handle.execute(JdbiViewStore.SETTINGS);
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
}
