package dev.pawl.jdbc.internal;

import dev.pawl.lease.Refusal;
import dev.pawl.scan.Page;
import dev.pawl.store.ScanAnswer;
import dev.pawl.store.ScanStore;
import dev.pawl.store.ScanWrite;
import dev.pawl.store.StoreException;
import dev.pawl.worker.PageHandling;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/**
 * Pages of a scan in transactions that Pawl opens: the application's rows and the cursor's move are one commit.
 *
 * @param <T> a row
 */
public final class PageTransactions<T> implements PageHandling<T> {
    private final Database database;
    private final Supplier<Handle> handles;
    private final Duration lease;
    private final Body<T> body;

    /**
     * On handles of the application's.
     *
     * @param handles opens one
     * @param lease the scan's lease's length
     * @param body what is done with each page
     */
    public PageTransactions(Database database, Supplier<Handle> handles, Duration lease, Body<T> body) {
        this.database = database;
        this.handles = handles;
        this.lease = lease;
        this.body = body;
    }

    /** What is done with a page in a transaction. */
    @FunctionalInterface
    public interface Body<T> {
        /** Handles a page. */
        void handle(Page<T> page, Handle handle) throws Exception;
    }

    @Override
    public ScanAnswer handle(Page<T> page, ScanWrite.Move move) throws Exception {
        String what = "handle a page of scan " + move.scan() + " in a transaction";
        try (LentTransaction transaction = new LentTransaction(what, handles, database.socketTimeout(), lease)) {
            ScanAnswer answer;
            try {
                body.handle(page, transaction.handle());
                answer = moved(transaction, move);
            } catch (Throwable failure) {
                transaction.rollBack(failure);
                checkConnected(what, failure);
                throw failure;
            }
            if (answer instanceof ScanAnswer.Done) {
                commit(what, transaction);
                return answer;
            }
            transaction.rollBack(new IllegalStateException("the cursor was not moved"));
            return isDoneAlready(answer) ? asItIs(move) : answer;
        }
    }

    /** A database that can't be reached is no page's fault, whoever was about to ask it. */
    private static void checkConnected(String what, Throwable failure) {
        if (!(failure instanceof StoreException) && SqlFailures.isConnectionLost(failure)) {
            throw SqlFailures.notWritten(what, failure);
        }
    }

    /** Last, so that a client which freezes in its own code holds no row of Pawl's. */
    private ScanAnswer moved(LentTransaction transaction, ScanWrite.Move move) throws SQLException {
        transaction.takenBack();
        if (!move.hasSuccessor()) {
            transaction.holdsARow();
        }
        return JdbiScanStore.ofPage(database, transaction.connection(), LentTransaction.HOLDING_A_ROW)
                .write(move);
    }

    /** An earlier transaction, whose commit was not known to have succeeded, has both handled the page and moved the cursor. */
    private static boolean isDoneAlready(ScanAnswer answer) {
        return answer instanceof ScanAnswer.Refused refused && refused.refusal() instanceof Refusal.AlreadyDone;
    }

    private ScanAnswer asItIs(ScanWrite.Move move) {
        return new JdbiScanStore(database)
                .find(move.scan())
                .<ScanAnswer>map((ScanStore.Seen seen) -> new ScanAnswer.Done(seen.scan(), seen.at(), true))
                .orElseGet(() -> new ScanAnswer.Refused(new Refusal.Missing()));
    }

    /** If the answer is lost, the next walk finds the cursor where the commit left it. */
    private static void commit(String what, LentTransaction transaction) {
        try {
            transaction.commit();
        } catch (JdbiException failure) {
            throw SqlFailures.isConnectionLost(failure)
                    ? SqlFailures.unknown(what, failure)
                    : SqlFailures.notWritten(what, failure);
        }
    }
}
