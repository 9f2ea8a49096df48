package dev.pawl.store;

import dev.pawl.job.JobStatus;
import dev.pawl.lease.FencingToken;
import dev.pawl.lease.Refusal;
import dev.pawl.store.JobState.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The rules of a job's life, as pure functions: {@code docs/contract.md} in Java. */
public final class Lifecycle {
    private Lifecycle() {}

    /**
     * A claim's effect on one job; which it may take is {@link JobState#isClaimable}. A takeover is counted apart from the
     * attempts, so that an outage uses up nobody's (rule J13).
     *
     * @param job as it is
     * @param runs what the claimer makes of the job's pipeline version
     * @param token higher than any that the job ever had
     * @param holder unique per claim
     * @param length of the lease
     * @param now the store's time
     * @return the job as it is to be
     * @throws IllegalArgumentException if the token is not higher than the job's
     */
    public static JobState claimed(
            JobState job, ClaimRequest.Runs runs, FencingToken token, String holder, Duration length, Instant now) {
        if (job.token().filter(last -> last.compareTo(token) >= 0).isPresent()) {
            throw new IllegalArgumentException("token " + token + " is not higher than the job's "
                    + job.token().get());
        }
        boolean takeover = job.phase() instanceof Phase.Running;
        JobState adopted = runs.startsOver(job.stage()) ? job.startingOver() : job;
        JobState counted = takeover
                ? adopted.trying(Math.max(1, adopted.attempt()), adopted.takeovers() + 1)
                : adopted.trying(adopted.attempt() + 1, adopted.takeovers());
        Instant due = job.phase().dueAt().orElseThrow();
        return counted.adoptedBy(runs.asVersion(), runs.stages())
                .held(token, new Phase.Running(holder, now.plus(length), due), now);
    }

    static Transition renew(JobState job, JobWrite.Renew write, Instant now) {
        return ifHeld(job, write, () -> job.leasedUntil(now.plus(write.length())));
    }

    static Transition saveProgress(JobState job, JobWrite.SaveProgress write, Instant now) {
        return ifAtStage(job, write, () -> {
            if (write.number() == job.progressNo()) {
                return new Transition.Repeated(job);
            }
            if (write.number() < job.progressNo()) {
                return refused(new Refusal.Conflict(
                        "progress " + job.progressNo() + " is saved already, and " + write.number() + " is older"));
            }
            return moved(job.progress(write.number()).leasedUntil(now.plus(write.length())));
        });
    }

    static Transition checkpoint(JobState job, JobWrite.Checkpoint write, Optional<Recorded> recorded, Instant now) {
        Optional<Recorded> ours = recorded.filter(row -> row.fence().equals(write.fence()));
        if (write.stage() < job.stage() && ours.isPresent()) { // whoever holds the job now
            return ours.get().result().equals(write.result())
                    ? new Transition.Repeated(job)
                    : refused(new Refusal.Conflict(
                            "stage position " + write.stage() + " is checkpointed with another result"));
        }
        return ifAtStage(
                job,
                write,
                () -> moved(
                        job.stage() + 1 == job.stages()
                                ? job.completed(now)
                                : job.pastStage().leasedUntil(now.plus(write.length()))));
    }

    static Transition fail(JobState job, JobWrite.Fail write, Instant now) {
        return ifAtStage(
                job,
                write,
                () -> moved(write.retryIn()
                        .map(delay -> job.to(new Phase.Waiting(now.plus(delay)), now))
                        .orElseGet(() -> ended(job, JobStatus.FAILED, now))));
    }

    static Transition release(JobState job, JobWrite.Release write, Instant now) {
        return ifAtStage(job, write, () -> {
            Instant due = write.delay().isZero() ? job.phase().dueAt().orElseThrow() : now.plus(write.delay());
            return moved(job.trying(job.attempt() - 1, job.takeovers()).to(new Phase.Waiting(due), now));
        });
    }

    static Transition cancel(JobState job, Instant now) {
        if (job.phase() instanceof Phase.Ended end) {
            return end.as() == JobStatus.CANCELLED
                    ? new Transition.Repeated(job)
                    : refused(new Refusal.Ended(end.as().name(), end.at()));
        }
        return moved(ended(job, JobStatus.CANCELLED, now));
    }

    static Transition retry(JobState job, Instant now) {
        if (!(job.phase() instanceof Phase.Ended end) || end.as() == JobStatus.COMPLETED) {
            return refused(new Refusal.NotAllowed("retry", job.status().name()));
        }
        Phase next = job.token().isPresent() ? new Phase.Waiting(now) : new Phase.Pending(now);
        return moved(job.trying(0, 0).to(next, now));
    }

    private static JobState ended(JobState job, JobStatus as, Instant now) {
        return job.to(new Phase.Ended(as, now), now);
    }

    private interface Step {
        Transition take();
    }

    private interface Move {
        JobState make();
    }

    private static Transition ifAtStage(JobState job, JobWrite.AtStage write, Step step) {
        return whyNotHeld(job, write)
                .or(() -> job.stage() == write.stage()
                        ? Optional.empty()
                        : Optional.of(new Refusal.NotAtStage(write.stage(), job.stage())))
                .map(Lifecycle::refused)
                .orElseGet(step::take);
    }

    private static Transition ifHeld(JobState job, JobWrite.Fenced write, Move move) {
        return whyNotHeld(job, write).map(Lifecycle::refused).orElseGet(() -> moved(move.make()));
    }

    /** The one place that decides whether a holder still holds (rule L3), and why not (rule L7). Empty if it does. */
    private static Optional<Refusal> whyNotHeld(JobState job, JobWrite.Fenced write) {
        if (job.phase() instanceof Phase.Ended end) {
            return Optional.of(new Refusal.Ended(end.as().name(), end.at()));
        }
        FencingToken current = job.token().orElse(null);
        if (current
                == null) { // never claimed: a writer that says otherwise outlived a deleted namesake or lost commits
            return Optional.of(new Refusal.Missing());
        }
        Optional<String> holder =
                job.phase() instanceof Phase.Running running ? Optional.of(running.holder()) : Optional.empty();
        if (!current.equals(write.fence().token())) {
            return Optional.of(new Refusal.Superseded(current, holder, job.since()));
        }
        if (holder.isEmpty()) {
            return Optional.of(new Refusal.Released(job.since()));
        }
        return holder.get().equals(write.fence().holder())
                ? Optional.empty()
                : Optional.of(new Refusal.Superseded(current, holder, job.since()));
    }

    private static Transition moved(JobState job) {
        return new Transition.Moved(job);
    }

    private static Transition refused(Refusal refusal) {
        return new Transition.Refused(refusal);
    }
}
