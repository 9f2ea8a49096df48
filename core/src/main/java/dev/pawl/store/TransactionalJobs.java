package dev.pawl.store;

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
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Pawl's part in a caller's transaction, over a store that is a part of it: which answers let the transaction go on, and
 * which make it unable to commit, is the same for every store (rule J10). For implementers.
 */
public abstract class TransactionalJobs implements JobTransaction {
    private final JobStore store;
    private final NewRows rows;
    private final Refusals refusals;

    /**
     * For stores.
     *
     * @param store a part of the caller's transaction
     * @param rows turns what is enqueued into rows
     * @param refusals takes note of refused writes, outside of the transaction
     */
    protected TransactionalJobs(JobStore store, NewRows rows, Refusals refusals) {
        this.store = store;
        this.rows = rows;
        this.refusals = refusals;
    }

    /**
     * Refuses a transaction in which nothing can be a part of anything.
     *
     * @throws IllegalStateException if there is none open, or it can't write
     */
    protected abstract void check();

    /**
     * Holds a job's row until the end of the transaction, without a change to it.
     *
     * @param fence what its holder would renew with
     * @param stage the position at which the holder believes the job to be
     * @return done, refused or busy
     */
    protected abstract Answer hold(JobWrite.Renew fence, int stage);

    /**
     * Makes the transaction unable to commit, as far as it can.
     *
     * @param why for the exception that the commit is to throw
     * @param failure what is about to be thrown here, which is told if this fails, too
     */
    protected abstract void poison(String why, Throwable failure);

    @Override
    public final Enqueued enqueue(NewJob<?> job) {
        return enqueueAll(List.of(Objects.requireNonNull(job, "job"))).get(0);
    }

    @Override
    public final List<Enqueued> enqueueAll(List<? extends NewJob<?>> jobs) {
        check();
        List<NewRow> toInsert = rows.of(jobs); // which refuses nonsense before anything is written
        return orPoisoned("an enqueue failed", () -> {
            rows.describe(jobs, store, false);
            return store.enqueue(toInsert);
        });
    }

    @Override
    public final void fence(Attempt<?> attempt) {
        check();
        HeldJob<?> held = HeldJob.of(attempt);
        JobWrite.Renew fencing = held.renewal();
        Answer answer =
                orPoisoned("a fence failed", () -> hold(fencing, held.job().stage()));
        held.fencedByTransaction();
        orRefused(held, fencing, answer);
    }

    @Override
    public final void saveProgress(Attempt<?> attempt, Object progress) {
        check();
        HeldJob<?> held = HeldJob.of(attempt);
        JobWrite.SaveProgress write = held.saving(progress);
        held.fencedByTransaction();
        write(held, write);
        held.saved(write);
    }

    @Override
    public final <R> Outcome<R> record(Attempt<?> attempt, Outcome<R> outcome) {
        Objects.requireNonNull(outcome, "outcome");
        check();
        HeldJob<?> held = HeldJob.of(attempt);
        JobState after = write(held, held.writing(outcome));
        if (attempt instanceof ClaimedJob) { // nobody else will tell it
            held.answered(after);
        }
        return new Outcome.Recorded<>(outcome);
    }

    @Override
    public final <R> void checkpoint(ClaimedJob<?> job, Stage<R> stage, R result) {
        checkpoint(job, stage, Optional.of(Objects.requireNonNull(result, "result")));
    }

    @Override
    public final void checkpoint(ClaimedJob<?> job, Stage<Void> stage) {
        checkpoint(job, stage, Optional.empty());
    }

    private void checkpoint(ClaimedJob<?> job, Stage<?> stage, Optional<?> result) {
        check();
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
            refusals.add(report);
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
        poison(why, failure);
        return failure;
    }
}
