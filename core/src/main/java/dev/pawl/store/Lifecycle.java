package dev.pawl.store;

import dev.pawl.job.Children;
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
        return ifAtStage(job, write, () -> {
            if (job.family().openChildren() > 0) {
                return refused(new Refusal.Conflict(job.family().openChildren() + " of its children are open"));
            }
            return moved(
                    job.stage() + 1 == job.stages()
                            ? job.completed(now)
                            : job.pastStage().leasedUntil(now.plus(write.length())));
        });
    }

    static Transition fail(JobState job, JobWrite.Fail write, Instant now) {
        return ifAtStage(
                job,
                write,
                () -> moved(write.retryIn()
                        .map(delay -> job.keepingPlace().to(new Phase.Waiting(now.plus(delay)), now))
                        .orElseGet(() -> ended(job, JobStatus.FAILED, now))));
    }

    static Transition release(JobState job, JobWrite.Release write, Instant now) {
        return ifAtStage(job, write, () -> {
            JobState untried = job.trying(job.attempt() - 1, job.takeovers());
            return moved(
                    write.delay().isZero()
                            ? untried.to(new Phase.Waiting(job.phase().dueAt().orElseThrow()), now)
                            : untried.keepingPlace().to(new Phase.Waiting(now.plus(write.delay())), now));
        });
    }

    static Transition fanOut(JobState job, JobWrite.FanOut write, Instant now) {
        Optional<Family.Fan> before = job.family().fan();
        if (job.stage() == write.stage()
                && before.filter(fan -> fan.by().equals(write.fence())).isPresent()) { // whoever holds the job now
            return new Transition.Repeated(job);
        }
        return ifAtStage(job, write, () -> {
            if (before.isPresent()) {
                return refused(new Refusal.Conflict("its stage has fanned out already, "
                        + before.get().by() + ": " + before.get().counts()));
            }
            int n = write.children().size();
            Family.Fan fan = new Family.Fan(write.fence(), write.policy(), new Children.Counts(n, n, 0, 0));
            return moved(
                    job.fannedOut(fan, n == 0 ? new Phase.Waiting(job.place()) : new Phase.WaitingForChildren(), now));
        });
    }

    /** Claimable, until its children are counted. */
    static Transition awaitChildren(JobState job, JobWrite.AwaitChildren write, Instant now) {
        return ifFannedOut(
                job,
                write,
                () -> job.trying(Math.max(0, job.attempt() - 1), job.takeovers())
                        .to(new Phase.Waiting(job.place()), now));
    }

    /** Its children are still to be cancelled. */
    static Transition cancelChildren(JobState job, JobWrite.CancelChildren write, Instant now) {
        return ifFannedOut(job, write, () -> job.leasedUntil(now.plus(write.length())));
    }

    private static Transition ifFannedOut(JobState job, JobWrite.AtStage write, Move move) {
        return ifAtStage(
                job,
                write,
                () -> job.family().fan().isPresent()
                        ? moved(move.make())
                        : refused(new Refusal.Conflict("its stage has not fanned out")));
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
        int open = job.family().openChildren();
        if (open > 0) {
            return refused(new Refusal.NotAllowed("retry", end.as().name() + " with " + open + " children still open"));
        }
        return moved(again(job, now));
    }

    /**
     * A job that ended without completing, with another chance: claimable from now on, a child at its family's place.
     *
     * @param job as it ended
     * @param now the store's time
     * @return as it is to be, unless some of its children have another chance, too: {@link #childrenRetried}
     */
    public static JobState again(JobState job, Instant now) {
        Instant due = job.family()
                .place()
                .filter(place -> job.family().parent().isPresent())
                .orElse(now);
        Phase next = job.token().isPresent() ? new Phase.Waiting(due) : new Phase.Pending(due);
        return job.trying(0, 0).to(next, now);
    }

    /**
     * A job of which children have ended: counts them, and wakes it if it has nothing to wait for. That it is woken is all:
     * the verdict is its next holder's (rule F2).
     *
     * @param parent as it is, read under its lock, and of the same fan-out as the children
     * @param completed how many have completed
     * @param failed how many have failed
     * @param cancelled how many were cancelled
     * @return as it is to be
     */
    public static JobState childrenEnded(JobState parent, int completed, int failed, int cancelled) {
        Family.Fan fan = parent.family().fan().orElseThrow();
        Children.Counts before = fan.counts();
        int open = Math.max(
                0, before.open() - completed - failed - cancelled); // a counter that is wrong must not stop them
        return counting(
                parent,
                new Children.Counts(before.total(), open, before.failed() + failed, before.cancelled() + cancelled));
    }

    /**
     * A job whose children were counted anew, row by row.
     *
     * @param parent as it is, read under its lock
     * @param rows what was counted, after the lock was had
     * @return as it is to be: waiting for those that are open, unless it is decided
     */
    public static JobState recounted(JobState parent, Children.Counts rows) {
        Family.Fan fan = parent.family().fan().orElseThrow().counting(rows);
        boolean waits = parent.phase() instanceof Phase.Waiting && !fan.isDecided();
        return waits ? parent.counting(rows, new Phase.WaitingForChildren()) : counting(parent, rows);
    }

    /**
     * A job that ended and goes on, of whose children some have another chance: it waits for them.
     *
     * @param parent as {@link #again} has it
     * @param children how many of them failed or were cancelled, and are open again
     * @return as it is to be
     */
    public static JobState childrenRetried(JobState parent, int children) {
        if (children == 0) {
            return parent;
        }
        int total = parent.family().fan().orElseThrow().counts().total();
        return parent.counting(new Children.Counts(total, children, 0, 0), new Phase.WaitingForChildren());
    }

    /**
     * A job that waits for its children, of which one more is open again: possible only while it waits for others of the same
     * fan-out.
     *
     * @param parent as it is, read under its lock
     * @param child one that failed or was cancelled
     * @return as it is to be, or empty if the child can't be retried by itself
     */
    public static Optional<JobState> childRetried(JobState parent, JobState child) {
        boolean waitsForIt = parent.phase() instanceof Phase.WaitingForChildren
                && isOfFan(parent, child.family().parent().orElseThrow());
        if (!waitsForIt) {
            return Optional.empty();
        }
        Children.Counts before = parent.family().fan().orElseThrow().counts();
        boolean failed = child.status() == JobStatus.FAILED;
        return Optional.of(parent.counting(
                new Children.Counts(
                        before.total(),
                        before.open() + 1,
                        Math.max(0, before.failed() - (failed ? 1 : 0)),
                        Math.max(0, before.cancelled() - (failed ? 0 : 1))),
                parent.phase()));
    }

    /**
     * Why a child can't be retried by itself.
     *
     * @param parent as it is; empty if there is none any more
     * @param child one that failed or was cancelled
     * @return in words, with what to do
     */
    public static Refusal whyNotRetried(Optional<JobState> parent, JobState child) {
        String status = child.status() + " under a parent that "
                + parent.map(job -> job.phase() instanceof Phase.Ended
                                ? "is " + job.status() + " (retry that, " + job.id() + ")"
                                : "waits for its children no longer")
                        .orElse("is gone");
        return new Refusal.NotAllowed("retry", status);
    }

    /**
     * Whether a child's end concerns its parent's counts: they may be of a later fan-out.
     *
     * @param parent a job
     * @param child the link of a child of the job
     * @return true if it is of the current fan-out
     */
    public static boolean isOfFan(JobState parent, Family.Parent child) {
        return parent.family()
                .fan()
                .filter(fan -> fan.by().token().equals(child.fan()))
                .isPresent();
    }

    private static JobState counting(JobState parent, Children.Counts counts) {
        boolean wakes = parent.phase() instanceof Phase.WaitingForChildren
                && parent.family().fan().orElseThrow().counting(counts).isDecided();
        return parent.counting(counts, wakes ? new Phase.Waiting(parent.place()) : parent.phase());
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
