package dev.pawl.jdbc.internal;

import dev.pawl.job.Attempt;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.JobTransaction;
import dev.pawl.job.Outcome;
import dev.pawl.lease.Refusal;
import dev.pawl.lease.RefusedException;
import dev.pawl.store.HeldAttempt;
import dev.pawl.store.HeldJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/** Transactions that Pawl opens for handlers: the application's rows and the outcome are one commit. */
public final class HandlerTransactions {
    private final Supplier<Handle> handles;
    private final CommitOutcome commitOutcome;
    private final SocketTimeout socketTimeout;

    /**
     * On handles of the application's.
     *
     * @param handles opens one
     */
    public HandlerTransactions(Database database, Supplier<Handle> handles) {
        this.handles = handles;
        this.commitOutcome = new CommitOutcome(database);
        this.socketTimeout = database.socketTimeout();
    }

    /** A stage's code in a transaction. */
    @FunctionalInterface
    public interface Body<P, R> {
        /** Makes one try at the stage. */
        Outcome<R> handle(Attempt<P> attempt, Handle handle) throws Exception;
    }

    /**
     * Runs the body, records its outcome last, and commits.
     *
     * @param in takes part in a connection's transaction
     * @return the outcome as recorded
     * @throws Exception of the body, or a refusal; rolled back
     */
    public <P, R> Outcome<R> run(Attempt<P> attempt, Body<P, R> body, Function<Connection, JobTransaction> in)
            throws Exception {
        String what = "run stage '" + attempt.stage() + "' of " + attempt.id() + " in a transaction";
        HeldJob<?> held = HeldJob.of(attempt);
        CommitOutcome.Write write =
                new CommitOutcome.Write(held.id(), held.fence(), held.job().stage());
        try (LentTransaction transaction = new LentTransaction(what, handles, socketTimeout, held.length())) {
            Outcome.Recorded<R> outcome;
            try {
                outcome = record(attempt, transaction, body, in.apply(transaction.connection()));
            } catch (AlreadyRecorded done) {
                transaction.rollBack(done);
                return told(attempt, held, done.outcome());
            } catch (Throwable failure) {
                transaction.rollBack(failure);
                throw failure;
            }
            commit(what, transaction, write, outcome.outcome());
            return told(attempt, held, outcome);
        }
    }

    /** A worker tells the held job by itself; of one that was claimed by hand, nobody else does. */
    private static <P, R> Outcome<R> told(Attempt<P> attempt, HeldJob<?> held, Outcome<R> outcome) {
        if (attempt instanceof ClaimedJob && outcome instanceof Outcome.Recorded<R> recorded) {
            held.recorded(held.writing(recorded.outcome()));
        }
        return outcome;
    }

    private <P, R> Outcome.Recorded<R> record(
            Attempt<P> attempt, LentTransaction lent, Body<P, R> body, JobTransaction transaction) throws Exception {
        Attempt<P> within = HeldAttempt.savingBy(
                attempt, (held, progress) -> saveProgress(attempt, progress, lent.connection(), transaction));
        Outcome<R> outcome = body.handle(within, lent.handle());
        lent.takenBack(); // the body's statements take as long as they take, but Pawl's don't
        if (outcome instanceof Outcome.Recorded<R> recorded) {
            return recorded;
        }
        lent.holdsARow(); // the job's
        try {
            transaction.record(within, outcome);
        } catch (RefusedException refused) {
            if (refused.refusal() instanceof Refusal.AlreadyDone) {
                throw new AlreadyRecorded(new Outcome.Recorded<>(outcome));
            }
            throw refused;
        }
        return new Outcome.Recorded<>(outcome);
    }

    private void saveProgress(Attempt<?> attempt, Object progress, Connection connection, JobTransaction transaction) {
        try {
            int timeout = socketTimeout.shorten(connection);
            transaction.saveProgress(attempt, progress);
            socketTimeout.restore(connection, timeout);
        } catch (SQLException failure) {
            throw SqlFailures.notWritten("save progress of " + attempt.id(), failure);
        }
    }

    private void commit(String what, LentTransaction transaction, CommitOutcome.Write write, Outcome<?> outcome) {
        try {
            transaction.commit();
        } catch (JdbiException failure) {
            boolean happened =
                    SqlFailures.isConnectionLost(failure) && commitOutcome.happened(what, write, outcome, failure);
            if (!happened) {
                throw SqlFailures.notWritten(what, failure);
            }
        }
    }

    /** The same outcome was recorded by a transaction whose commit was not known to have succeeded. */
    private static final class AlreadyRecorded extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Outcome<?> outcome;

        AlreadyRecorded(Outcome<?> outcome) {
            super("recorded already");
            this.outcome = outcome;
        }

        @SuppressWarnings("unchecked") // made and caught in one call, of one type
        <R> Outcome<R> outcome() {
            return (Outcome<R>) outcome;
        }
    }
}
