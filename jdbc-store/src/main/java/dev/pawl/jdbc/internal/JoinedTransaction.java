package dev.pawl.jdbc.internal;

import dev.pawl.job.Attempt;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.Enqueued;
import dev.pawl.job.JobTransaction;
import dev.pawl.job.NewJob;
import dev.pawl.job.Outcome;
import dev.pawl.job.Stage;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * Pawl's part in whichever transaction the calling thread has. Each call borrows the connection and gives it back: its
 * {@code close} leaves the transaction open, since that is what the data source is for.
 *
 * @param source gives the thread's connection
 * @param in takes part in a connection's transaction
 */
public record JoinedTransaction(DataSource source, Function<Connection, JobTransaction> in) implements JobTransaction {
    @Override
    public Enqueued enqueue(NewJob<?> job) {
        return joined(transaction -> transaction.enqueue(job));
    }

    @Override
    public List<Enqueued> enqueueAll(List<? extends NewJob<?>> jobs) {
        return joined(transaction -> transaction.enqueueAll(jobs));
    }

    @Override
    public void fence(Attempt<?> attempt) {
        joined(transaction -> {
            transaction.fence(attempt);
            return true;
        });
    }

    @Override
    public void saveProgress(Attempt<?> attempt, Object progress) {
        joined(transaction -> {
            transaction.saveProgress(attempt, progress);
            return true;
        });
    }

    @Override
    public <R> Outcome<R> record(Attempt<?> attempt, Outcome<R> outcome) {
        return joined(transaction -> transaction.record(attempt, outcome));
    }

    @Override
    public <R> void checkpoint(ClaimedJob<?> job, Stage<R> stage, R result) {
        joined(transaction -> {
            transaction.checkpoint(job, stage, result);
            return true;
        });
    }

    @Override
    public void checkpoint(ClaimedJob<?> job, Stage<Void> stage) {
        joined(transaction -> {
            transaction.checkpoint(job, stage);
            return true;
        });
    }

    private <T> T joined(Function<JobTransaction, T> call) {
        try (Connection connection = source.getConnection()) {
            return call.apply(in.apply(connection));
        } catch (SQLException failure) {
            throw SqlFailures.notConnected("take part in the thread's transaction", failure);
        }
    }
}
