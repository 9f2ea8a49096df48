package dev.pawl.jdbc.internal;

import dev.pawl.lease.Refusal;
import dev.pawl.scan.ScanState;
import dev.pawl.scan.SkippedPage;
import dev.pawl.store.ScanAnswer;
import dev.pawl.store.ScanStore;
import dev.pawl.store.ScanTransition;
import dev.pawl.store.ScanWrite;
import dev.pawl.store.StoreException;
import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Scans in PostgreSQL: each write reads the scan's row under its lock, lets the pure transition decide, and writes it back.
 * Safe for use by many threads, unless it is a part of one transaction.
 */
public final class JdbiScanStore implements ScanStore {
    private static final int TRIES_TO_CREATE = 25;

    private final Database database;
    private final Transactions transactions;
    private final boolean callers;

    private JdbiScanStore(Database database, Transactions transactions, boolean callers) {
        this.database = database;
        this.transactions = transactions;
        this.callers = callers;
    }

    /** In transactions of its own: each call is one, durable when it returns. */
    public JdbiScanStore(Database database) {
        this(database, new OwnTransactions(database), false);
    }

    /** As a part of the transaction on the caller's connection, which is never committed, rolled back or closed here. */
    public JdbiScanStore(Database database, Connection connection) {
        this(database, new CallersTransaction(database, connection), true);
    }

    @Override
    public ScanAnswer write(ScanWrite write) {
        return callers ? orPoisoned(write) : orBusy(write);
    }

    private ScanAnswer orBusy(ScanWrite write) {
        try {
            return decided(write);
        } catch (StoreException failure) {
            if (SqlFailures.has(failure, SqlFailures.LOCK_NOT_AVAILABLE)) {
                return new ScanAnswer.Busy();
            }
            throw failure;
        }
    }

    /** The caller's rows must not be committed beside a write that was not done, nor a second time. */
    private ScanAnswer orPoisoned(ScanWrite write) {
        try {
            ScanAnswer answer = decided(write);
            if (answer instanceof ScanAnswer.Done done && !(done.repeated() && write instanceof ScanWrite.Fenced)) {
                return answer;
            }
            Refusal refusal =
                    answer instanceof ScanAnswer.Refused refused ? refused.refusal() : new Refusal.AlreadyDone();
            String why = words(write) + ": the walker " + refusal.describe();
            Poison.into(transactions, why, new IllegalStateException(why));
            return new ScanAnswer.Refused(refusal);
        } catch (StoreException failure) {
            Poison.into(transactions, words(write) + " failed: " + failure.getMessage(), failure);
            throw failure;
        }
    }

    private ScanAnswer decided(ScanWrite write) {
        return transactions.run(words(write), handle -> write(sql(handle), write));
    }

    @Override
    public Optional<Seen> find(String scan) {
        return transactions.run("read scan " + scan, handle -> sql(handle).find(scan));
    }

    @Override
    public List<ScanState> all() {
        return transactions.run("read all scans", handle -> sql(handle).all());
    }

    @Override
    public List<SkippedPage> skipped(String scan, int max) {
        return transactions.run(
                "read the skipped pages of scan " + scan, handle -> sql(handle).skipped(scan, max));
    }

    private ScanSql sql(Handle handle) {
        return new ScanSql(handle, database.time().orElse(null));
    }

    private static String words(ScanWrite write) {
        return write.getClass().getSimpleName().toLowerCase(Locale.ROOT) + " scan " + write.scan();
    }

    /** The frequent kind is one guarded statement. What that did not write, and all else, is decided under the row's lock. */
    private ScanAnswer write(ScanSql sql, ScanWrite write) {
        if (write instanceof ScanWrite.Move move && move.hasSuccessor()) {
            Optional<Seen> moved = sql.move(move);
            if (moved.isPresent()) {
                return new ScanAnswer.Done(moved.get().scan(), moved.get().at(), false);
            }
        }
        return decided(sql, write);
    }

    private static ScanAnswer decided(ScanSql sql, ScanWrite write) {
        for (int attempt = 1; attempt <= TRIES_TO_CREATE; attempt++) {
            Optional<Seen> seen = sql.lock(write.scan());
            Instant now = seen.map(Seen::at).orElseGet(sql::now);
            ScanTransition transition = write.on(seen.map(Seen::scan), now);
            if (transition instanceof ScanTransition.Refused refused) {
                return new ScanAnswer.Refused(refused.refusal());
            }
            if (transition instanceof ScanTransition.Repeated repeated) {
                return new ScanAnswer.Done(repeated.scan(), now, true);
            }
            ScanTransition.Moved moved = (ScanTransition.Moved) transition;
            if (seen.isPresent()) {
                sql.update(moved.scan());
                moved.skipped().ifPresent(sql::record);
                return new ScanAnswer.Done(moved.scan(), now, false);
            }
            if (sql.insert(moved.scan())) {
                return new ScanAnswer.Done(moved.scan(), now, false);
            } // somebody else has created it meanwhile
        }
        throw new IllegalStateException("scan " + write.scan() + " was there and gone " + TRIES_TO_CREATE
                + " times: who deletes it all the time?");
    }
}
