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
import java.sql.Statement;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Transactions that Pawl opens for handlers: the application's rows and the outcome are one commit. */
public final class HandlerTransactions {
    private static final Logger LOG = LoggerFactory.getLogger(HandlerTransactions.class);
    private static final Duration SHORTEST_IDLE = Duration.ofSeconds(10);
    private static final Duration IDLE_WITH_THE_ROW = Duration.ofSeconds(5);

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
        Handle handle = open(what);
        int timeout = begin(what, handle, held.length());
        try {
            Outcome.Recorded<R> outcome;
            try {
                outcome = record(attempt, handle, body, in.apply(handle.getConnection()));
            } catch (AlreadyRecorded done) {
                rollBack(handle, done);
                return told(attempt, held, done.outcome());
            } catch (Throwable failure) {
                rollBack(handle, failure);
                throw failure;
            }
            commit(what, handle, write, outcome.outcome());
            return told(attempt, held, outcome);
        } finally {
            giveBack(handle, timeout);
        }
    }

    /** A worker tells the held job by itself; of one that was claimed by hand, nobody else does. */
    private static <P, R> Outcome<R> told(Attempt<P> attempt, HeldJob<?> held, Outcome<R> outcome) {
        if (attempt instanceof ClaimedJob && outcome instanceof Outcome.Recorded<R> recorded) {
            held.recorded(held.writing(recorded.outcome()));
        }
        return outcome;
    }

    /** What the commit said stands, whatever becomes of the connection. */
    private void giveBack(Handle handle, int timeout) {
        try (handle) {
            socketTimeout.restore(handle.getConnection(), timeout);
        } catch (JdbiException | SQLException failure) {
            LOG.debug("could not give a connection back", failure);
        }
    }

    private <P, R> Outcome.Recorded<R> record(
            Attempt<P> attempt, Handle handle, Body<P, R> body, JobTransaction transaction) throws Exception {
        Attempt<P> within = HeldAttempt.savingBy(
                attempt, (held, progress) -> saveProgress(attempt, progress, handle.getConnection(), transaction));
        Outcome<R> outcome = body.handle(within, handle);
        socketTimeout.shorten(
                handle.getConnection()); // the body's statements take as long as they take, but Pawl's don't
        if (outcome instanceof Outcome.Recorded<R> recorded) {
            return recorded;
        }
        limitIdle(handle, IDLE_WITH_THE_ROW); // from here on the job's row is locked
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

    private Handle open(String what) {
        try {
            return handles.get();
        } catch (JdbiException failure) {
            throw SqlFailures.notConnected(what, failure);
        }
    }

    /** Returns the connection's socket timeout, which then holds again for the body. */
    private int begin(String what, Handle handle, Duration lease) {
        try {
            int timeout = socketTimeout.shorten(handle.getConnection());
            handle.begin();
            execute(
                    handle,
                    "set transaction isolation level read committed read write; set local synchronous_commit = on");
            limitIdle(handle, lease.compareTo(SHORTEST_IDLE) > 0 ? lease : SHORTEST_IDLE);
            socketTimeout.restore(handle.getConnection(), timeout);
            return timeout;
        } catch (JdbiException | SQLException failure) {
            closeAfter(handle, failure);
            throw SqlFailures.notWritten(what, failure);
        }
    }

    private static void limitIdle(Handle handle, Duration idle) throws SQLException {
        long millis = Math.min(Integer.MAX_VALUE, idle.toMillis());
        execute(handle, "set local idle_in_transaction_session_timeout = " + millis);
    }

    private static void execute(Handle handle, String sql) throws SQLException {
        try (Statement statement = handle.getConnection().createStatement()) {
            statement.execute(sql);
        }
    }

    private void commit(String what, Handle handle, CommitOutcome.Write write, Outcome<?> outcome) {
        try {
            handle.commit();
        } catch (JdbiException failure) {
            boolean happened =
                    SqlFailures.isConnectionLost(failure) && commitOutcome.happened(what, write, outcome, failure);
            if (!happened) {
                throw SqlFailures.notWritten(what, failure);
            }
        }
    }

    private void rollBack(Handle handle, Throwable failure) {
        try {
            socketTimeout.shorten(handle.getConnection());
            handle.rollback();
        } catch (JdbiException | SQLException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

    private static void closeAfter(Handle handle, Exception failure) {
        try {
            handle.close();
        } catch (JdbiException alsoFailed) {
            failure.addSuppressed(alsoFailed);
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
