package dev.pawl.embed;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.internal.Checks;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.Enqueued;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobNotEndedException;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.Jobs;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.Refusal;
import dev.pawl.lease.RefusedException;
import dev.pawl.store.Answer;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.Claimed;
import dev.pawl.store.Commits;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.HeldJob;
import dev.pawl.store.JobState;
import dev.pawl.store.JobWrite;
import dev.pawl.store.NewRow;
import dev.pawl.store.QueueStore;
import dev.pawl.store.StoreException;
import dev.pawl.worker.HandlerRegistry;
import dev.pawl.worker.WorkerContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jobs over a store, in transactions of Pawl's own. */
final class StoredJobs implements Jobs {
    private static final int TAKEOVERS = HandlerRegistry.STANDARD_TAKEOVERS;
    private static final Logger LOG = LoggerFactory.getLogger(StoredJobs.class);
    private static final int TRIES = 3;
    private static final int ORPHANS_AT_ONCE = 500;
    private static final int LOOKS_AT_LOCKED = 10;
    private static final long LOCKED_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long FIRST_LOOK_MILLIS = 10;
    private static final long LAST_LOOK_MILLIS = 500;

    private final WorkerContext context;
    private final QueueStore queues;

    StoredJobs(WorkerContext context, QueueStore queues) {
        this.context = context;
        this.queues = queues;
    }

    @Override
    public Enqueued enqueue(NewJob<?> job) {
        return enqueueAll(List.of(Objects.requireNonNull(job, "job"))).get(0);
    }

    @Override
    public List<Enqueued> enqueueAll(List<? extends NewJob<?>> jobs) {
        context.checkOpen();
        List<NewRow> rows = context.rows().of(jobs); // which refuses nonsense before anything is written
        if (rows.isEmpty()) {
            return List.of();
        }
        context.rows().describe(jobs, context.store(), true);
        List<Enqueued> answers = insert(rows, jobs);
        answers.stream().map(answer -> answer.id().queue()).distinct().forEach(context.wakeups()::wake);
        return answers;
    }

    /** The rows bear their ids, so that an enqueue whose answer was lost can be repeated (rule J9). */
    private List<Enqueued> insert(List<NewRow> rows, List<? extends NewJob<?>> jobs) {
        for (int tries = 1; ; tries++) {
            try {
                List<Enqueued> answers = Commits.await(context.commits().enqueue(rows));
                return tries == 1 ? answers : ours(answers, rows, jobs);
            } catch (StoreException failure) {
                if (!failure.mayHaveHappened() || tries == TRIES) {
                    throw failure;
                }
            }
        }
    }

    /** A job that a repeat finds under an id that was made here was created by this call, whose first answer was lost. */
    private static List<Enqueued> ours(List<Enqueued> answers, List<NewRow> rows, List<? extends NewJob<?>> jobs) {
        List<Enqueued> told = new ArrayList<>(answers.size());
        for (int i = 0; i < answers.size(); i++) {
            JobId id = answers.get(i).id();
            boolean madeHere =
                    jobs.get(i).settings().id().isEmpty() && rows.get(i).id().equals(id);
            told.add(madeHere ? new Enqueued(id, true) : answers.get(i));
        }
        return List.copyOf(told);
    }

    @Override
    public <P> List<ClaimedJob<P>> claim(Pipeline<P, ?> pipeline, int max, Duration lease) {
        return claim(pipeline, Objects.requireNonNull(pipeline, "pipeline").name(), max, lease);
    }

    @Override
    public <P> List<ClaimedJob<P>> claim(Pipeline<P, ?> pipeline, String queue, int max, Duration lease) {
        context.checkOpen();
        Objects.requireNonNull(pipeline, "pipeline");
        String holder = context.newHolder();
        ClaimRequest request = ClaimRequest.everywhere(queue, HandlerRegistry.runsOf(pipeline), holder, lease, max);
        context.rows().describe(pipeline, context.store(), true);
        List<Claimed> found;
        List<ClaimedJob<P>> jobs = new ArrayList<>();
        do { // what is exhausted is not handed out, and came alone
            found = context.store().claim(request);
            hold(pipeline, found, lease, jobs);
        } while (jobs.isEmpty() && !found.isEmpty());
        return List.copyOf(jobs);
    }

    private <P> void hold(Pipeline<P, ?> pipeline, List<Claimed> found, Duration lease, List<ClaimedJob<P>> jobs) {
        for (Claimed claimed : found) {
            HeldJob<P> held = new HeldJob<>(pipeline, claimed, lease, context.values(), context.store());
            if (claimed.job().takeovers() > TAKEOVERS) {
                failExhausted(held);
            } else {
                jobs.add(new HeldClaim<>(held, context.commits(), context.refusals()));
            }
        }
    }

    /** Unless it can't be written now: then it is claimed once more after the lease. */
    private void failExhausted(HeldJob<?> held) {
        ErrorInfo error = ErrorInfo.of("taken over " + held.job().takeovers() + " times at stage '" + held.stage()
                + "', and at most " + TAKEOVERS + " are allowed: it was not handed out again");
        Commits.await(context.commits().submit(held.failing(error, Optional.empty())));
    }

    @Override
    public Optional<JobSnapshot> find(JobId id) {
        Objects.requireNonNull(id, "id");
        context.checkOpen();
        return context.store().find(id);
    }

    @Override
    public List<Failure> failures(JobId id) {
        Objects.requireNonNull(id, "id");
        context.checkOpen();
        return context.store().failures(id);
    }

    @Override
    public <R> Optional<R> result(JobId id, Pipeline<?, R> pipeline) {
        return result(id, pipeline, Objects.requireNonNull(pipeline, "pipeline").last());
    }

    @Override
    public <R> Optional<R> result(JobId id, Pipeline<?, ?> pipeline, Stage<R> stage) {
        Objects.requireNonNull(pipeline, "pipeline").positionOf(stage);
        return find(id).flatMap(job -> result(job, pipeline, stage));
    }

    /** By the stage's name: in the job's own version it may stand elsewhere. */
    private <R> Optional<R> result(JobSnapshot job, Pipeline<?, ?> pipeline, Stage<R> stage) {
        if (!job.pipeline().equals(pipeline.name())) {
            throw new IllegalArgumentException("job " + job.id() + " is of pipeline " + job.pipeline() + " v"
                    + job.version() + ", and has no result of a stage of " + pipeline);
        }
        int position = job.stages().indexOf(stage.name());
        Json json = context.store().results(job.id(), Set.of(position)).get(position);
        return Optional.ofNullable(json).map(text -> context.values().read(text, stage.resultType()));
    }

    @Override
    public Map<String, Json> results(JobId id) {
        Map<String, Json> byStage = new LinkedHashMap<>();
        find(id).ifPresent(job -> {
            int done = Math.min(job.stagesDone(), job.stages().size()); // of an unknown pipeline no stage is known
            Set<Integer> positions = IntStream.range(0, done).boxed().collect(Collectors.toSet());
            Map<Integer, Json> results = done == 0 ? Map.of() : context.store().results(id, positions);
            for (int position = 0; position < done; position++) {
                Json result = results.get(position);
                if (result != null) {
                    byStage.put(job.stages().get(position), result);
                }
            }
        });
        return Collections.unmodifiableMap(byStage);
    }

    @Override
    public JobSnapshot await(JobId id, Duration timeout) throws InterruptedException {
        Objects.requireNonNull(id, "id");
        long deadline =
                System.nanoTime() + Checks.notNegative("timeout", timeout).toNanos();
        CompletableFuture<JobState> end = context.commits().onEnd(id); // before the look, so that none is missed
        try {
            for (long pause = FIRST_LOOK_MILLIS; ; pause = Math.min(2 * pause, LAST_LOOK_MILLIS)) {
                JobSnapshot job = find(id).orElseThrow(() -> missing(id));
                long left = deadline - System.nanoTime();
                if (job.status().isEnded()) {
                    return job;
                }
                if (left <= 0) {
                    throw new JobNotEndedException(job, timeout);
                }
                awaitEnd(end, Math.min(left, TimeUnit.MILLISECONDS.toNanos(pause)));
            }
        } finally {
            context.commits().forget(id, end);
        }
    }

    private static void awaitEnd(CompletableFuture<JobState> end, long nanos) throws InterruptedException {
        try {
            if (end.isDone()) { // and yet it was not ended by the last look: it was retried since, say
                TimeUnit.NANOSECONDS.sleep(nanos);
            } else {
                end.get(nanos, TimeUnit.NANOSECONDS);
            }
        } catch (TimeoutException lookAgain) {
            // that's what the pause is for
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("nobody fails this signal", impossible);
        }
    }

    private static RefusedException missing(JobId id) {
        return new RefusedException("there is no job " + id + ", or no longer", new Refusal.Missing());
    }

    @Override
    public void cancel(JobId id, Actor by) {
        named(new JobWrite.Cancel(Objects.requireNonNull(id, "id"), Objects.requireNonNull(by, "by")), "cancelled");
        cancelChildren(id);
        context.wakeups().wake(id.queue()); // its parent may be claimable now
    }

    /**
     * Step by step, so that no transaction is long, until the job counts none that are open. What is left, since the store can't be
     * reached or rows stay locked, any worker on the queue goes on with.
     */
    private void cancelChildren(JobId id) {
        try {
            int looks = 0;
            while (context.store().cancelOrphans(id.queue(), ORPHANS_AT_ONCE) > 0
                    || (hasOpenChildren(id) && ++looks < LOOKS_AT_LOCKED)) {
                LockSupport.parkNanos(looks * LOCKED_NANOS);
            }
        } catch (StoreException leftToWorkers) {
            LOG.warn(
                    "queue {}: children of a cancelled job are left to be cancelled by its workers",
                    id.queue(),
                    leftToWorkers);
        }
    }

    private boolean hasOpenChildren(JobId id) {
        return context.store()
                .find(id)
                .flatMap(JobSnapshot::children)
                .filter(children -> children.open() > 0)
                .isPresent();
    }

    @Override
    public void retry(JobId id, Actor by) {
        named(new JobWrite.Retry(Objects.requireNonNull(id, "id"), Objects.requireNonNull(by, "by")), "retried");
        context.wakeups().wake(id.queue());
    }

    private void named(JobWrite.Named write, String done) {
        context.checkOpen();
        Answer answer = Commits.await(context.commits().submit(write));
        if (answer instanceof Answer.Refused refused) {
            throw refused(write.job(), done, refused.refusal());
        }
        if (answer instanceof Answer.Busy) {
            throw new BusyException("job " + write.job());
        }
    }

    private static RefusedException refused(JobId job, String done, Refusal refusal) {
        String why = "it " + refusal.describe();
        if (refusal instanceof Refusal.Ended ended) {
            why = "it ended as " + ended.as() + " at " + ended.at();
        } else if (refusal instanceof Refusal.Missing) {
            why = "there is no such job, or no longer";
        }
        return new RefusedException("job " + job + " can't be " + done + ": " + why, refusal);
    }

    @Override
    public void pause(String queue, Actor by) {
        Checks.name("queue", queue);
        Objects.requireNonNull(by, "by");
        context.checkOpen();
        queues.pause(queue, by);
    }

    @Override
    public void resume(String queue, Actor by) {
        Checks.name("queue", queue);
        Objects.requireNonNull(by, "by");
        context.checkOpen();
        queues.resume(queue, by);
        context.wakeups().wake(queue);
    }

    @Override
    public boolean isPaused(String queue) {
        Checks.name("queue", queue);
        context.checkOpen();
        return queues.isPaused(queue);
    }
}
