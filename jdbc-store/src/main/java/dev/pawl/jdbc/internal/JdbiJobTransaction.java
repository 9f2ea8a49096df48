package dev.pawl.jdbc.internal;

import dev.pawl.PawlException;
import dev.pawl.job.Attempt;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.Enqueued;
import dev.pawl.job.JobTransaction;
import dev.pawl.job.NewJob;
import dev.pawl.job.Outcome;
import dev.pawl.job.Stage;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.Refusal;
import dev.pawl.lease.RefusedException;
import dev.pawl.store.Answer;
import dev.pawl.store.HeldJob;
import dev.pawl.store.JobState;
import dev.pawl.store.JobStore;
import dev.pawl.store.JobWrite;
import dev.pawl.store.RefusedWrite;
import dev.pawl.worker.WorkerContext;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Pawl's part in a transaction on a connection of the caller's. */
public final class JdbiJobTransaction implements JobTransaction {
    private final Database database;
    private final WorkerContext context;
    private final CallersTransaction transaction;
    private final JobStore store;

    /**
     * In the connection's transaction.
     *
     * @param connection the caller's, which is never committed, rolled back or closed here
     */
    public JdbiJobTransaction(Database database, WorkerContext context, Connection connection) {
        this.database = database;
        this.context = context;
        this.transaction = new CallersTransaction(database, connection);
        this.store = new JdbiJobStore(database, transaction);
    }

    /** Refuses a connection on which nothing could be part of anything. */
    public JdbiJobTransaction checked() {
        transaction.check();
        return this;
    }

    @Override
    public Enqueued enqueue(NewJob<?> job) {
        return enqueueAll(List.of(job)).get(0);
    }

    @Override
    public List<Enqueued> enqueueAll(List<? extends NewJob<?>> jobs) {
        transaction.check();
        return orPoisoned("an enqueue failed", () -> {
            context.rows().describe(jobs, store, false);
            return store.enqueue(context.rows().of(jobs));
        });
    }

    @Override
    public void fence(Attempt<?> attempt) {
        transaction.check();
        HeldJob<?> held = HeldJob.of(attempt);
        JobWrite.Renew fencing = held.renewal();
        Answer answer = orPoisoned(
                "a fence failed",
                () -> new Fencing(database, transaction)
                        .fence(fencing, held.job().stage()));
        held.fencedByTransaction();
        orRefused(held, fencing, answer);
    }

    @Override
    public void saveProgress(Attempt<?> attempt, Object progress) {
        transaction.check();
        HeldJob<?> held = HeldJob.of(attempt);
        JobWrite.SaveProgress write = held.saving(progress);
        held.fencedByTransaction();
        write(held, write);
        held.saved(write);
    }

    @Override
    public <R> Outcome<R> record(Attempt<?> attempt, Outcome<R> outcome) {
        transaction.check();
        HeldJob<?> held = HeldJob.of(attempt);
        JobState after = write(held, held.writing(outcome));
        if (attempt instanceof ClaimedJob) { // nobody else will tell it
            held.answered(after);
        }
        return new Outcome.Recorded<>(outcome);
    }

    @Override
    public <R> void checkpoint(ClaimedJob<?> job, Stage<R> stage, R result) {
        checkpoint(job, stage, Optional.of(result));
    }

    @Override
    public void checkpoint(ClaimedJob<?> job, Stage<Void> stage) {
        checkpoint(job, stage, Optional.empty());
    }

    private void checkpoint(ClaimedJob<?> job, Stage<?> stage, Optional<?> result) {
        transaction.check();
        HeldJob<?> held = HeldJob.of(job);
        held.answered(write(held, held.checkpoint(held.pipeline().positionOf(stage), result)));
    }

    private JobState write(HeldJob<?> held, JobWrite.Fenced write) {
        return orRefused(
                held,
                write,
                orPoisoned("a write failed", () -> store.write(List.of(write)).get(0)));
    }

    /** A repeat is refused here, since the caller's rows of the first time stand, and must not be written again. */
    private JobState orRefused(HeldJob<?> held, JobWrite.Fenced write, Answer answer) {
        if (answer instanceof Answer.Done done) {
            return done.job();
        }
        if (answer instanceof Answer.Busy) {
            throw poisoned("a write was busy", new BusyException("job " + held.id()));
        }
        Refusal refusal = answer instanceof Answer.Refused refused ? refused.refusal() : new Refusal.AlreadyDone();
        RefusedWrite report = RefusedWrite.of(write, refusal);
        if (!(refusal instanceof Refusal.AlreadyDone)) {
            context.refusals().add(report);
        }
        throw poisoned(write.job() + ": " + report.describe(), RefusedException.of(held.lease(), refusal));
    }

    private <T> T orPoisoned(String why, Supplier<T> work) {
        try {
            return work.get();
        } catch (PawlException failure) {
            throw poisoned(why + ": " + failure.getMessage(), failure);
        }
    }

    private <X extends PawlException> X poisoned(String why, X failure) {
        Poison.into(transaction, why, failure);
        return failure;
    }
}
