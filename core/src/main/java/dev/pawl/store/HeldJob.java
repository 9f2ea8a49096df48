package dev.pawl.store;

import dev.pawl.Json;
import dev.pawl.job.Attempt;
import dev.pawl.job.JobId;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.lease.Fence;
import dev.pawl.lease.Lease;
import dev.pawl.lease.Refusal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A claimed job in the hands of this process: what it knows of the job, and the writes that it would make. It writes
 * nothing itself. Safe for use by the thread that works on the job beside those that renew its lease.
 *
 * @param <P> the payload
 */
public final class HeldJob<P> {
    private final Pipeline<P, ?> pipeline;
    private final JsonValues values;
    private final JobStore store;
    private final Claimed claimed;
    private final Duration length;
    private final HeldFamily family;
    private final Map<Integer, Json> results = new HashMap<>();

    private JobState job;
    private Lease lease;
    private Optional<Json> progress;
    private long lastNumber;
    private boolean fencedByTransaction;

    /**
     * A job that was just claimed.
     *
     * @param pipeline the job's, as the claimer runs it
     * @param claimed what the claim brought
     * @param length of the lease
     * @param values the door to JSON
     * @param store to read earlier results
     */
    public HeldJob(Pipeline<P, ?> pipeline, Claimed claimed, Duration length, JsonValues values, JobStore store) {
        this.pipeline = pipeline;
        this.claimed = claimed;
        this.length = length;
        this.values = values;
        this.store = store;
        this.job = claimed.job();
        this.lease = claimed.lease(length);
        this.progress = claimed.progress();
        this.lastNumber = claimed.job().progressNo();
        this.family = new HeldFamily(this, values, store);
    }

    /**
     * The held job behind an attempt.
     *
     * @param attempt as a handler got it
     * @return what Pawl knows of it
     * @throws IllegalArgumentException if Pawl did not make the attempt
     */
    public static HeldJob<?> of(Attempt<?> attempt) {
        Objects.requireNonNull(attempt, "attempt");
        if (attempt instanceof HeldAttempt<?> ours) {
            return ours.held();
        }
        throw new IllegalArgumentException("this attempt was not made by Pawl, so that it holds no job: " + attempt);
    }

    /**
     * The job.
     *
     * @return its id
     */
    public JobId id() {
        return claimed.job().id();
    }

    /**
     * The job's pipeline.
     *
     * @return as the claimer runs it
     */
    public Pipeline<P, ?> pipeline() {
        return pipeline;
    }

    /**
     * The claim that brought the job.
     *
     * @return as it was then
     */
    public Claimed claimed() {
        return claimed;
    }

    /**
     * The length of the lease.
     *
     * @return as the claim asked for it
     */
    public Duration length() {
        return length;
    }

    /**
     * The job as it was by the last answer.
     *
     * @return its state
     */
    public synchronized JobState job() {
        return job;
    }

    /**
     * The lease as it was by the last answer.
     *
     * @return the lease
     */
    public synchronized Lease lease() {
        return lease;
    }

    /**
     * What its writes carry.
     *
     * @return token and holder
     */
    public Fence fence() {
        return lease().fence();
    }

    /**
     * The current stage.
     *
     * @return one of the pipeline's
     * @throws IllegalStateException if the job has completed
     */
    public Stage<?> stage() {
        JobState now = job();
        if (now.stage() == now.stages()) {
            throw new IllegalStateException("job " + id() + " has completed: there is no stage left");
        }
        return pipeline.stages().get(now.stage());
    }

    /**
     * Takes note of an answer.
     *
     * @param after the job as it is now
     * @return whether this process still holds it
     */
    public synchronized boolean answered(JobState after) {
        if (after.stage() != job.stage()) {
            progress = Optional.empty();
            lastNumber = 0;
            fencedByTransaction = false;
            family.stagePassed();
        }
        boolean ours = after.fence().equals(Optional.of(lease.fence()));
        if (ours) {
            JobState.Phase.Running running = (JobState.Phase.Running) after.phase();
            lease = new Lease(lease.subject(), lease.holder(), lease.token(), running.expiresAt(), length);
        }
        job = after;
        return ours;
    }

    /**
     * Takes note of a renewal: how long the lease lasts. Where the job stands it does not tell, since a transaction of the
     * handler's may have moved the job just before the renewal looked, or just after.
     *
     * @param found the job as the renewal found it
     */
    public synchronized void renewed(JobState found) {
        if (found.phase() instanceof JobState.Phase.Running running
                && found.fence().equals(Optional.of(lease.fence()))
                && running.expiresAt().isAfter(lease.expiresAt())) {
            lease = new Lease(lease.subject(), lease.holder(), lease.token(), running.expiresAt(), length);
        }
    }

    /**
     * What the job is about.
     *
     * @return the payload
     */
    public P payload() {
        return values.read(claimed.payload(), pipeline.payloadType());
    }

    /**
     * The result of a stage that the job has passed. Read once, unless this process made it.
     *
     * @param <R> the result
     * @param earlier the stage
     * @return its result
     * @throws IllegalArgumentException if the job has not passed such a stage, or it has no result
     */
    public <R> R result(Stage<R> earlier) {
        int position = pipeline.positionOf(Objects.requireNonNull(earlier, "earlier"));
        if (position >= job().stage()) {
            throw new IllegalArgumentException(
                    "job " + id() + " has not passed stage '" + earlier + "' yet: it is at '" + stage() + "'");
        }
        Json json = recorded(position);
        if (json == null) {
            throw new IllegalArgumentException("stage '" + earlier + "' of job " + id() + " has no result");
        }
        return values.read(json, earlier.resultType());
    }

    private synchronized @org.jspecify.annotations.Nullable Json recorded(int position) {
        if (!results.containsKey(position)) {
            results.putAll(store.results(id(), Set.of(position)));
        }
        return results.get(position);
    }

    /**
     * What was last saved inside the current stage.
     *
     * @param <T> the progress
     * @param type its type
     * @return empty if nothing was saved
     */
    public <T> Optional<T> progress(Class<T> type) {
        Objects.requireNonNull(type, "type");
        Optional<Json> saved;
        synchronized (this) {
            saved = progress;
        }
        return saved.map(json -> values.read(json, type));
    }

    /**
     * The write that renews the lease.
     *
     * @return a renewal
     */
    public JobWrite.Renew renewal() {
        return new JobWrite.Renew(id(), fence(), length);
    }

    /**
     * The write that saves progress. Each call bears a higher number, also after one whose answer was lost.
     *
     * @param value the progress
     * @return the write
     */
    public synchronized JobWrite.SaveProgress saving(Object value) {
        Json json = values.write("progress of job " + id(), value);
        lastNumber = Math.max(lastNumber, job.progressNo()) + 1;
        return new JobWrite.SaveProgress(id(), lease.fence(), job.stage(), lastNumber, json, length);
    }

    /**
     * Takes note of saved progress.
     *
     * @param saved what was written
     */
    public synchronized void saved(JobWrite.SaveProgress saved) {
        progress = Optional.of(saved.progress());
    }

    /**
     * Takes note that a transaction which had saved progress was rolled back.
     *
     * @param before what had been saved before it
     */
    public synchronized void progressIs(Optional<Json> before) {
        progress = before;
    }

    /**
     * The write that a handler's outcome amounts to.
     *
     * @param outcome not recorded already
     * @return a checkpoint, a release, or a failure
     * @throws IllegalArgumentException if it is {@link Outcome.Recorded}, or has a result where the stage has none
     */
    public JobWrite.AtStage writing(Outcome<?> outcome) {
        if (outcome instanceof Outcome.Done<?> done) {
            return checkpoint(job().stage(), done.result());
        }
        if (outcome instanceof Outcome.Later<?> later) {
            return new JobWrite.Release(id(), fence(), job().stage(), later.delay());
        }
        if (outcome instanceof Outcome.Failed<?> failed) {
            return failing(ErrorInfo.of(failed.reason()), Optional.empty());
        }
        throw new IllegalArgumentException("outcome of job " + id() + " is recorded already: " + outcome);
    }

    /**
     * Takes note of what the handler wrote itself, in a transaction that has committed.
     *
     * @param write what its outcome amounted to
     * @return whether this process still holds the job
     */
    public boolean recorded(JobWrite.AtStage write) {
        Transition transition =
                write.on(job(), Optional.empty(), lease().expiresAt().minus(length));
        return transition instanceof Transition.Moved moved && answered(moved.job());
    }

    /**
     * The write that checkpoints a stage.
     *
     * @param position the stage's
     * @param result of the stage's type; empty if it has none
     * @return the write
     */
    public JobWrite.Checkpoint checkpoint(int position, Optional<?> result) {
        Stage<?> stage = pipeline.stages().get(position);
        boolean without = stage.resultType() == Void.class;
        if (without == result.isPresent()) {
            throw new IllegalArgumentException("stage '" + stage + "' of job " + id()
                    + (without ? " has no result, but was done with one" : " has a result, but was done without one"));
        }
        Optional<Json> json =
                result.map(value -> values.write("result of stage '" + stage + "' of job " + id(), value));
        JobWrite.Checkpoint write = new JobWrite.Checkpoint(id(), fence(), position, json, length);
        json.ifPresent(text -> remember(position, text));
        return write;
    }

    private synchronized void remember(int position, Json result) {
        results.put(position, result); // read only once the job has passed the stage, and then this is what was written
    }

    /**
     * The write that reports a failed attempt.
     *
     * @param error what happened
     * @param retryIn when to try again; empty: the job fails
     * @return the write
     */
    public JobWrite.Fail failing(ErrorInfo error, Optional<Duration> retryIn) {
        return new JobWrite.Fail(id(), fence(), job().stage(), error, retryIn);
    }

    /**
     * The write that gives the job back at its old place.
     *
     * @return the write
     */
    public JobWrite.Release releasing() {
        return releasing(Duration.ZERO);
    }

    /**
     * The write that gives the job back for a while.
     *
     * @param delay how long
     * @return the write
     */
    public JobWrite.Release releasing(Duration delay) {
        return new JobWrite.Release(id(), fence(), job().stage(), delay);
    }

    /**
     * The children of the current stage: what is known of them, and the writes that are about them.
     *
     * @return the same for as long as the job is held
     */
    public HeldFamily family() {
        return family;
    }

    /**
     * Takes note of a write that lets go of the job, if it was done by an earlier call, whose answer was lost: its repeat is
     * refused, since the lease is gone.
     *
     * @param repeated what was asked for again
     * @param refusal the answer
     * @return whether it was done, so that there is nothing to report
     * @throws StoreException if the store can't be asked
     */
    public boolean letGoBefore(JobWrite.AtStage repeated, Refusal refusal) {
        boolean done = LetGo.happened(repeated, refusal, store);
        if (done) {
            recorded(repeated);
        }
        return done;
    }

    /** From now on, until the stage's end, progress can be saved in the caller's transaction only. */
    public synchronized void fencedByTransaction() {
        fencedByTransaction = true;
    }

    /**
     * Refuses to save progress beside a transaction that holds the job's row.
     *
     * @throws IllegalStateException if one does
     */
    public synchronized void mayWriteAlone() {
        if (fencedByTransaction) {
            throw new IllegalStateException(
                    "job " + id() + " is fenced by a transaction, which a write beside it would wait for:"
                            + " save progress with that transaction's JobTransaction");
        }
    }

    /** {@code recap/0190… at dedup, #7 (worker-2#8f3a17)}. */
    @Override
    public String toString() {
        JobState now = job();
        String at = now.stage() < now.stages() ? " at " + pipeline.stages().get(now.stage()) : " " + now.status();
        return id() + at + ", " + fence();
    }
}
