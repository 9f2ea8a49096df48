package dev.pawl.jdbc.internal;

import dev.pawl.scan.Lap;
import dev.pawl.scan.Page;
import dev.pawl.scan.ScanState;
import dev.pawl.store.RowSource;
import dev.pawl.store.ScanAnswer;
import dev.pawl.store.ScanStore;
import dev.pawl.store.ScanTransition;
import dev.pawl.store.ScanWrite;
import dev.pawl.store.Slice;
import dev.pawl.store.StoreException;
import dev.pawl.worker.PageHandling;
import dev.pawl.worker.ReadPage;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/**
 * Pages of a scan in transactions that Pawl opens: the application's rows and the cursor's move are one commit. A page's transaction is
 * begun by the request that reads its rows, and ended by the one that moves the cursor.
 *
 * @param <T> a row
 */
public final class PageTransactions<T> implements PageHandling<T> {
    /** If the rows took longer to read and to make, the page gets a transaction that is fresh: the database may have ended this one. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final Database database;
    private final Supplier<Handle> handles;
    private final Duration lease;
    private final Body<T> body;
    private final Duration fresh;
    private final MoveSql sql;
    private final String beginning;

    /**
     * On handles of the application's.
     *
     * @param handles opens one
     * @param lease the scan's lease's length
     * @param body what is done with each page
     */
    public PageTransactions(Database database, Supplier<Handle> handles, Duration lease, Body<T> body) {
        this(database, handles, lease, body, FRESH);
    }

    /** With another patience for the rows, for tests. */
    PageTransactions(Database database, Supplier<Handle> handles, Duration lease, Body<T> body, Duration fresh) {
        this.database = database;
        this.handles = handles;
        this.lease = lease;
        this.body = body;
        this.fresh = fresh;
        this.sql = new MoveSql(database.schema());
        this.beginning = LentTransaction.beginning(lease, fresh);
    }

    /** What is done with a page in a transaction. */
    @FunctionalInterface
    public interface Body<T> {
        /** Handles a page. */
        void handle(Page<T> page, Handle handle) throws Exception;
    }

    @Override
    public ReadPage<T> read(RowSource<T> rows, ScanState scan) {
        return rows instanceof SqlRowSource<T> source ? new Begun(source, scan) : PageHandling.super.read(rows, scan);
    }

    @Override
    public ScanAnswer handle(Page<T> page, ScanWrite.Move move) throws Exception {
        return handle(lent(move), page, move, Optional.empty());
    }

    private LentTransaction lent(ScanWrite.Move move) {
        return new LentTransaction(words(move), handles, database.socketTimeout(), lease);
    }

    private static String words(ScanWrite.Move move) {
        return "handle a page of scan " + move.scan() + " in a transaction";
    }

    private ScanAnswer handle(LentTransaction lent, Page<T> page, ScanWrite.Move move, Optional<ScanState> before)
            throws Exception {
        try (lent) {
            try {
                body.handle(page, lent.handle());
                lent.takenBack();
            } catch (Throwable failure) {
                lent.rollBack(failure);
                checkConnected(words(move), failure);
                throw failure;
            }
            return before.isPresent() && move.hasSuccessor() ? moved(lent, move, before.get()) : decided(lent, move);
        } catch (NotMoved notMoved) { // the connection has been given back
            return whyNot(move).orElseThrow(notMoved::failure);
        }
    }

    /** A database that can't be reached is no page's fault, whoever was about to ask it. */
    private static void checkConnected(String what, Throwable failure) {
        if (!(failure instanceof StoreException) && SqlFailures.isConnectionLost(failure)) {
            throw SqlFailures.notWritten(what, failure);
        }
    }

    /** Last, so that a client which freezes in its own code holds no row of Pawl's, and with the commit, so that none does after it. */
    private ScanAnswer moved(LentTransaction lent, ScanWrite.Move move, ScanState before) throws NotMoved {
        try {
            new CallersTransaction(database, lent.connection()).check();
            Instant now =
                    sql.moveAndCommit(lent.connection(), move, database.time().orElse(null));
            lent.commit(); // of nothing any more, which Jdbi doesn't know
            return done(move, before, now);
        } catch (SQLException | JdbiException failure) {
            lent.rollBack(failure);
            if (SqlFailures.isConnectionLost(failure)) {
                throw SqlFailures.unknown(words(move), failure);
            }
            StoreException notWritten = SqlFailures.notWritten(words(move), failure);
            if (SqlFailures.has(failure, MoveSql.NOT_MOVED)) {
                throw new NotMoved(notWritten);
            }
            throw notWritten;
        } catch (RuntimeException failure) {
            lent.rollBack(failure);
            throw failure;
        }
    }

    /** The guard has seen that the scan was still at this step, so what became of it need not be read. */
    private static ScanAnswer done(ScanWrite.Move move, ScanState before, Instant now) {
        if (move.on(Optional.of(before), now) instanceof ScanTransition.Moved moved) {
            return new ScanAnswer.Done(moved.scan(), now, false);
        }
        throw new IllegalStateException(words(move) + ": it was moved, but from another place than " + before);
    }

    /** The end of a lap, among others, is decided under the row's lock. */
    private ScanAnswer decided(LentTransaction lent, ScanWrite.Move move) throws NotMoved {
        ScanAnswer answer;
        try {
            lent.holdsARow();
            answer = new JdbiScanStore(database, lent.connection()).write(move);
        } catch (RuntimeException failure) {
            lent.rollBack(failure);
            throw failure;
        }
        if (answer instanceof ScanAnswer.Done) {
            commit(words(move), lent);
            return answer;
        }
        IllegalStateException notMoved = new IllegalStateException("the move was refused: " + answer);
        lent.rollBack(notMoved);
        throw new NotMoved(SqlFailures.notWritten(words(move), notMoved));
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

    /**
     * Why a move that was rolled back had been refused: whoever has lost the scan, or is behind its step, is so for ever. One that was
     * made by an earlier transaction, whose commit was not known to have succeeded, has had its page handled there.
     *
     * @return empty if nothing speaks against it
     */
    private Optional<ScanAnswer> whyNot(ScanWrite.Move move) {
        Optional<ScanStore.Seen> seen = new JdbiScanStore(database).find(move.scan());
        Instant now = seen.map(ScanStore.Seen::at).orElse(Instant.EPOCH);
        ScanTransition transition = move.on(seen.map(ScanStore.Seen::scan), now);
        if (transition instanceof ScanTransition.Refused refused) {
            return Optional.of(new ScanAnswer.Refused(refused.refusal()));
        }
        return transition instanceof ScanTransition.Repeated repeated
                ? Optional.of(new ScanAnswer.Done(repeated.scan(), now, true))
                : Optional.empty();
    }

    /** Nothing of the transaction is there, and somebody has to look why. */
    private static final class NotMoved extends Exception {
        private static final long serialVersionUID = 1L;

        private final StoreException failure;

        NotMoved(StoreException failure) {
            super(failure);
            this.failure = failure;
        }

        StoreException failure() {
            return failure;
        }
    }

    /** A page whose transaction was begun by the request that has read it. */
    private final class Begun implements ReadPage<T> {
        private final long since = System.nanoTime();
        private final ScanState scan;
        private final Slice<T> slice;
        private final LentTransaction lent;
        private boolean over;

        Begun(SqlRowSource<T> source, ScanState scan) {
            Lap lap = scan.lap();
            Reads.Left<SliceReader<T>> left =
                    source.read(lap.cursor(), lap.end().orElseThrow(), beginning);
            this.scan = scan;
            this.lent = new LentTransaction(
                    "handle a page of a scan", left.handle(), database.socketTimeout(), left.timeout());
            try {
                this.slice = left.result().slice();
            } catch (RuntimeException failure) {
                close();
                throw failure;
            }
            if (slice.rows().isEmpty()) {
                close();
            }
        }

        @Override
        public Slice<T> slice() {
            return slice;
        }

        @Override
        public ScanAnswer handle(Page<T> page, ScanWrite.Move move) throws Exception {
            if (System.nanoTime() - since > fresh.toNanos()) {
                close();
                return PageTransactions.this.handle(lent(move), page, move, Optional.of(scan));
            }
            over = true;
            return PageTransactions.this.handle(lent, page, move, Optional.of(scan));
        }

        @Override
        public void close() {
            if (!over) {
                over = true;
                lent.rollBack(new IllegalStateException("the page is not handled in it"));
                lent.close();
            }
        }
    }
}
