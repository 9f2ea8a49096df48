package dev.pawl.worker;

import dev.pawl.job.Attempt;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.Claimed;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.HeldAttempt;
import dev.pawl.store.HeldJob;
import dev.pawl.store.JobStore;
import dev.pawl.store.JobWrite;
import dev.pawl.store.JsonValues;
import dev.pawl.store.NewRows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;

/**
 * The code of all pipelines that one worker runs, and how a stage of it is run: claimed, handled, and turned into the write
 * that its outcome amounts to. It has no threads and writes nothing; a {@link Worker} and the testkit's worker in slow
 * motion share it. An application has no use for it.
 */
public final class HandlerRegistry {
    /** How often a job may be taken over at one stage, unless told otherwise. */
    public static final int STANDARD_TAKEOVERS = 5;

    private static final Duration UNTIL_JUDGED_AGAIN = Duration.ofSeconds(1);

    private final Map<String, Handlers<?>> byPipeline = new LinkedHashMap<>();
    private final int takeovers;
    private final RandomGenerator random;

    /**
     * For one worker.
     *
     * @param all handlers of different pipelines, complete
     * @param takeovers how often a job may be taken over at one stage
     * @param random for the jitter of retries
     * @throws IllegalArgumentException if there are none, two of one pipeline, or a stage has no handler
     */
    public HandlerRegistry(List<Handlers<?>> all, int takeovers, RandomGenerator random) {
        if (all.isEmpty()) {
            throw new IllegalArgumentException(
                    "a worker must run the handlers of at least one pipeline: call run(handlers)");
        }
        for (Handlers<?> handlers : all) {
            handlers.requireComplete();
            if (byPipeline.put(handlers.pipeline().name(), handlers) != null) {
                throw new IllegalArgumentException(
                        "a worker runs one version of a pipeline, but was given two handlers of "
                                + handlers.pipeline().name()
                                + "; a version that continues an older one takes its jobs along");
            }
        }
        this.takeovers = takeovers;
        this.random = random;
    }

    /**
     * Sees to it that the pipelines, and those of their children, are recorded as they are here.
     *
     * @param rows remembers which are
     * @param store where to record
     * @throws IllegalArgumentException if one is recorded with other stages
     */
    public void describe(NewRows rows, JobStore store) {
        for (Handlers<?> handlers : byPipeline.values()) {
            rows.describe(handlers.pipeline(), store, true);
            handlers.childPipelines().forEach(children -> rows.describe(children, store, true));
        }
    }

    /**
     * What claims may take: each pipeline as it is, and each version that it continues.
     *
     * @return the runs of a claim request
     */
    public List<ClaimRequest.Runs> runs() {
        return byPipeline.values().stream()
                .flatMap(handlers -> runsOf(handlers.pipeline()).stream())
                .toList();
    }

    /**
     * What a claim for one pipeline may take.
     *
     * @param pipeline the pipeline
     * @return itself, and each version that it continues
     */
    public static List<ClaimRequest.Runs> runsOf(Pipeline<?, ?> pipeline) {
        List<ClaimRequest.Runs> runs = new ArrayList<>();
        int stages = pipeline.stages().size();
        runs.add(ClaimRequest.Runs.asIs(pipeline.name(), pipeline.version(), stages));
        Optional<? extends Pipeline<?, ?>> older = pipeline.continued();
        while (older.isPresent()) {
            Pipeline<?, ?> from = older.get();
            runs.add(new ClaimRequest.Runs(
                    from.name(), from.version(), common(from.stages(), pipeline.stages()), pipeline.version(), stages));
            older = from.continued();
        }
        return runs;
    }

    private static int common(List<Stage<?>> older, List<Stage<?>> newer) {
        int common = 0;
        while (common < Math.min(older.size(), newer.size())
                && older.get(common).equals(newer.get(common))) {
            common++;
        }
        return common;
    }

    /**
     * Takes a claimed job in hand.
     *
     * @param claimed what the claim brought
     * @param length of the lease
     * @param values the door to JSON
     * @param store to read earlier results
     * @return the job
     */
    public HeldJob<?> hold(Claimed claimed, Duration length, JsonValues values, JobStore store) {
        return new HeldJob<>(handlersOf(claimed.job().pipeline()).pipeline(), claimed, length, values, store);
    }

    /**
     * Whether the job has been taken over so often that it must not be run again (rule J13).
     *
     * @param held a job
     * @return the write that fails it, or empty if it may run
     */
    public Optional<JobWrite.AtStage> exhausted(HeldJob<?> held) {
        int count = held.job().takeovers();
        return count <= takeovers
                ? Optional.empty()
                : Optional.of(held.failing(
                        ErrorInfo.of("taken over " + count + " times at stage '" + held.stage() + "', and at most "
                                + takeovers
                                + " are allowed: it seems to kill or freeze its workers, and was not run again"),
                        Optional.empty()));
    }

    /**
     * Makes one try at the job's current stage, in this thread: runs its handler, or starts its children, or judges them.
     *
     * @param held the job
     * @param rows makes the children's
     * @param saver how the attempt saves progress
     * @param heartbeat is told of signs of life
     * @return what came of it
     * @throws Exception what the handler threw
     */
    public Attempted run(HeldJob<?> held, NewRows rows, BiConsumer<HeldJob<?>, Object> saver, Runnable heartbeat)
            throws Exception {
        return runTyped(held, rows, saver, heartbeat);
    }

    @SuppressWarnings("unchecked") // a job's payload has its pipeline's type, and the handlers are the pipeline's
    private <P> Attempted runTyped(
            HeldJob<P> held, NewRows rows, BiConsumer<HeldJob<?>, Object> saver, Runnable heartbeat) throws Exception {
        Handlers<P> handlers = (Handlers<P>) handlersOf(held.pipeline().name());
        Attempt<P> attempt = new HeldAttempt<>(held, saver, heartbeat);
        return handlers.at(held.job().stage()).run(held, attempt, rows);
    }

    /**
     * The write that a thrown failure amounts to, by the stage's policy. Where the store failed when it was asked about the
     * stage's children, nobody made an attempt: the job is given back for a moment.
     *
     * @param held the job
     * @param cause what the handler threw
     * @return the write
     */
    public JobWrite.AtStage failing(HeldJob<?> held, Throwable cause) {
        if (cause instanceof UnjudgedException) {
            return held.releasing(UNTIL_JUDGED_AGAIN);
        }
        int stage = held.job().stage();
        Optional<Duration> retryIn = handlersOf(held.pipeline().name())
                .at(stage)
                .policy()
                .retryIn(Math.max(1, held.job().attempt()), cause, random);
        return held.failing(ErrorInfo.of(cause), retryIn);
    }

    private Handlers<?> handlersOf(String pipeline) {
        Handlers<?> handlers = byPipeline.get(pipeline);
        if (handlers == null) {
            throw new IllegalStateException(
                    "claimed a job of pipeline " + pipeline + ", for which there are no handlers here");
        }
        return handlers;
    }

    /** {@code [recap v1, recap-genre v1]}. */
    @Override
    public String toString() {
        return byPipeline.values().stream().map(Handlers::pipeline).toList().toString();
    }
}
