package dev.pawl.jdbc.internal;

import dev.pawl.Json;
import dev.pawl.job.Attempt;
import dev.pawl.job.JobTransaction;
import dev.pawl.scan.Page;
import dev.pawl.store.Backfill;
import dev.pawl.store.HeldJob;
import java.sql.Connection;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/**
 * Transactions that Pawl opens for the pages of a backfill: the application's rows and the progress beyond the page are one
 * commit.
 */
public final class BackfillTransactions {
    private final Supplier<Handle> handles;
    private final SocketTimeout socketTimeout;
    private final Function<Connection, JobTransaction> in;

    /**
     * On handles of the application's.
     *
     * @param handles opens one
     * @param in takes part in a connection's transaction
     */
    public BackfillTransactions(Database database, Supplier<Handle> handles, Function<Connection, JobTransaction> in) {
        this.handles = handles;
        this.socketTimeout = database.socketTimeout();
        this.in = in;
    }

    /** What is done with a page in a transaction. */
    @FunctionalInterface
    public interface Body<P, T> {
        /** Handles a page. */
        void handle(Attempt<P> attempt, Page<T> page, Handle handle) throws Exception;
    }

    /**
     * Handles a page, saves the progress as the last thing, and commits.
     *
     * @throws Exception of the body, or a refusal; rolled back
     */
    public <P, T> void handle(Attempt<P> attempt, Page<T> page, Json progress, Body<P, T> body) throws Exception {
        String what = "handle a page of the backfill at stage '" + attempt.stage() + "' of " + attempt.id();
        HeldJob<?> held = HeldJob.of(attempt);
        Optional<Json> before = held.progress(Json.class);
        try (LentTransaction transaction = new LentTransaction(what, handles, socketTimeout, held.length())) {
            try {
                body.handle(Backfill.withoutProgress(attempt), page, transaction.handle());
                transaction.takenBack();
                transaction.holdsARow();
                in.apply(transaction.connection()).saveProgress(attempt, progress);
            } catch (Throwable failure) {
                held.progressIs(before);
                transaction.rollBack(failure);
                throw failure;
            }
            commit(what, transaction, held, before);
        }
    }

    /** If the answer is lost, the attempt fails, and the next claim finds the progress where the commit left it. */
    private static void commit(String what, LentTransaction transaction, HeldJob<?> held, Optional<Json> before) {
        try {
            transaction.commit();
        } catch (JdbiException failure) {
            if (SqlFailures.isConnectionLost(failure)) {
                throw SqlFailures.unknown(what, failure);
            }
            held.progressIs(before);
            throw SqlFailures.notWritten(what, failure);
        }
    }
}
