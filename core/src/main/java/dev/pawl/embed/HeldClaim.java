package dev.pawl.embed;

import dev.pawl.job.ClaimedJob;
import dev.pawl.job.JobStatus;
import dev.pawl.job.RetryPolicy;
import dev.pawl.job.Stage;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.Lease;
import dev.pawl.lease.Refusal;
import dev.pawl.store.Answer;
import dev.pawl.store.Commits;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.GroupCommit;
import dev.pawl.store.HeldAttempt;
import dev.pawl.store.HeldJob;
import dev.pawl.store.JobState;
import dev.pawl.store.JobWrite;
import dev.pawl.store.Refusals;
import dev.pawl.store.RefusedWrite;
import dev.pawl.store.StoreException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** A job in the hands of a caller who runs a loop of their own. */
final class HeldClaim<P> extends HeldAttempt<P> implements ClaimedJob<P> {
    private final HeldJob<P> held;
    private final GroupCommit commits;
    private final Refusals refusals;
    private volatile boolean leftUnsure;

    HeldClaim(HeldJob<P> held, GroupCommit commits, Refusals refusals) {
        super(held, (job, progress) -> save(job, progress, commits, refusals), () -> {});
        this.held = held;
        this.commits = commits;
        this.refusals = refusals;
    }

    private static void save(HeldJob<?> held, Object progress, GroupCommit commits, Refusals refusals) {
        held.mayWriteAlone();
        JobWrite.SaveProgress write = held.saving(progress);
        Answer answer = Commits.await(commits.submit(write));
        held.answered(refusals.orThrow(write, held.lease(), answer));
        held.saved(write);
    }

    @Override
    public String stage() {
        return held.stage().name();
    }

    @Override
    public Lease renew() {
        held.renewed(write(held.renewal()));
        return held.lease();
    }

    @Override
    public <R> JobStatus checkpoint(Stage<R> stage, R result) {
        return checkpoint(stage, Optional.of(Objects.requireNonNull(result, "result")));
    }

    @Override
    public JobStatus checkpoint(Stage<Void> stage) {
        return checkpoint(stage, Optional.empty());
    }

    private JobStatus checkpoint(Stage<?> stage, Optional<?> result) {
        held.mayWriteAlone();
        JobState after = write(held.checkpoint(held.pipeline().positionOf(stage), result));
        held.answered(after);
        return after.status();
    }

    @Override
    public Optional<Refusal> fail(Throwable cause, RetryPolicy policy) {
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(policy, "policy");
        Optional<Duration> retryIn = policy.retryIn(number(), cause, ThreadLocalRandom.current());
        return leave(held.failing(ErrorInfo.of(cause), retryIn));
    }

    @Override
    public Optional<Refusal> release() {
        return leave(held.releasing());
    }

    private JobState write(JobWrite.Fenced write) {
        Answer answer = Commits.await(commits.submit(write));
        return refusals.orThrow(write, held.lease(), answer);
    }

    private Optional<Refusal> leave(JobWrite.AtStage write) {
        boolean repeated = leftUnsure;
        Answer answer;
        try {
            answer = Commits.await(commits.submit(write));
        } catch (StoreException failure) {
            leftUnsure |= failure.mayHaveHappened();
            throw failure;
        }
        if (answer instanceof Answer.Refused refused) {
            if (repeated && held.letGoBefore(write, refused.refusal())) {
                return Optional.empty();
            }
            refusals.add(RefusedWrite.of(write, refused.refusal()));
            return Optional.of(refused.refusal());
        }
        if (answer instanceof Answer.Busy) {
            throw new BusyException("job " + held.id());
        }
        return Optional.empty();
    }
}
