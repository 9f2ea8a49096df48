package dev.pawl.worker;

import dev.pawl.job.Attempt;
import dev.pawl.job.Children;
import dev.pawl.job.FanIn;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.RetryPolicy;
import dev.pawl.job.Stage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The code of one pipeline: a handler, or a fan-out, for each of its stages. Immutable; a value, so that production hands it to a
 * {@link Worker} and a test to the testkit. Whoever runs it refuses it if a stage has no handler.
 *
 * @param <P> the payload
 */
public final class Handlers<P> {
    private final Pipeline<P, ?> pipeline;
    private final List<@Nullable StageCode<P>> code;
    private final RetryPolicy policy;

    private Handlers(Pipeline<P, ?> pipeline, List<@Nullable StageCode<P>> code, RetryPolicy policy) {
        this.pipeline = pipeline;
        this.code = Collections.unmodifiableList(code);
        this.policy = policy;
    }

    /**
     * Begins the code of a pipeline.
     *
     * @param <P> the payload
     * @param pipeline the pipeline
     * @return handlers, for no stage yet
     */
    public static <P> Handlers<P> of(Pipeline<P, ?> pipeline) {
        int stages = Objects.requireNonNull(pipeline, "pipeline").stages().size();
        List<@Nullable StageCode<P>> none = new ArrayList<>(Collections.nCopies(stages, null));
        return new Handlers<>(pipeline, none, RetryPolicy.standard());
    }

    /**
     * Sets the policy of the stages that follow; {@link RetryPolicy#standard()} before.
     *
     * @param policy when a failed attempt is tried again
     * @return a copy
     */
    public Handlers<P> retrying(RetryPolicy policy) {
        return new Handlers<>(pipeline, code, Objects.requireNonNull(policy, "policy"));
    }

    /**
     * The code of a stage.
     *
     * @param <R> the stage's result
     * @param stage one of the pipeline's
     * @param handler what to do
     * @return a copy
     * @throws IllegalArgumentException if the pipeline has no such stage, or it has its handler
     */
    public <R> Handlers<P> on(Stage<R> stage, Handler<P, R> handler) {
        Objects.requireNonNull(handler, "handler");
        return with(free(stage), new StageCode.Handled<>(handler, policy));
    }

    /**
     * Begins the code of a stage that is done by children: {@code fanOut(STAGE).into(PIPELINE, …).join(…)}. It starts them all
     * in one write, and waits without a lease and without a worker until they have ended; then it is joined. A worker on the
     * same queue must run the children's pipeline, this one or another.
     *
     * @param <R> the stage's result
     * @param stage one of the pipeline's
     * @return what still needs its children
     * @throws IllegalArgumentException if the pipeline has no such stage, or it has its handler
     */
    public <R> FanOut<P, R> fanOut(Stage<R> stage) {
        return new FanOut<>(this, free(stage));
    }

    /**
     * A fan-out that still needs its children.
     *
     * @param <P> the parent's payload
     * @param <R> the stage's result
     */
    public static final class FanOut<P, R> {
        private final Handlers<P> handlers;
        private final int position;

        private FanOut(Handlers<P> handlers, int position) {
            this.handlers = handlers;
            this.position = position;
        }

        /**
         * One child for each entry, named by its key. None at all: the join comes at once.
         *
         * @param <C> the children's payload
         * @param <CR> the children's result
         * @param children their pipeline
         * @param split names them
         * @return what still needs its join
         */
        public <C, CR> Join<P, R, CR> into(Pipeline<C, CR> children, Split<P, C> split) {
            Objects.requireNonNull(children, "children");
            Objects.requireNonNull(split, "split");
            return new Join<>((fanIn, joiner) -> handlers.with(
                    position, new StageCode.FannedOut<>(children, split, fanIn, joiner, handlers.policy)));
        }
    }

    /**
     * A fan-out that still needs its join.
     *
     * @param <P> the parent's payload
     * @param <R> the stage's result
     * @param <CR> the children's result
     */
    public static final class Join<P, R, CR> {
        private final BiFunction<FanIn, Joiner<P, CR, R>, Handlers<P>> complete;

        private Join(BiFunction<FanIn, Joiner<P, CR, R>, Handlers<P>> complete) {
            this.complete = complete;
        }

        /**
         * Joins when all children have completed; {@link FanIn#ALL}.
         *
         * @param joiner makes the stage's result
         * @return a copy of the handlers
         */
        public Handlers<P> join(Joiner<P, CR, R> joiner) {
            return join(FanIn.ALL, joiner);
        }

        /**
         * Joins when the policy says so; else the parent fails.
         *
         * @param policy kept with the children from their start on
         * @param joiner makes the stage's result
         * @return a copy of the handlers
         */
        public Handlers<P> join(FanIn policy, Joiner<P, CR, R> joiner) {
            return complete.apply(Objects.requireNonNull(policy, "policy"), Objects.requireNonNull(joiner, "joiner"));
        }
    }

    /**
     * Names the children of an attempt's stage. An attempt like any other: it runs again where it failed, or where the children it
     * named were not started, since the worker died or lost its lease before; not once they were.
     *
     * @param <P> the parent's payload
     * @param <C> the children's payload
     */
    @FunctionalInterface
    public interface Split<P, C> {
        /**
         * Names the children.
         *
         * @param attempt the parent, its payload, earlier results and progress
         * @return payloads by key: at most 100,000, each key 1 to 255 printable characters; they start in the map's order
         * @throws Exception if it failed; the stage's retry policy decides what then
         */
        Map<String, C> split(Attempt<P> attempt) throws Exception;
    }

    /**
     * Makes the stage's result of its children's. An attempt like any other: retried, fenced, checkpointed.
     *
     * @param <P> the parent's payload
     * @param <CR> the children's result
     * @param <R> the stage's result
     */
    @FunctionalInterface
    public interface Joiner<P, CR, R> {
        /**
         * Makes one try at the join.
         *
         * @param attempt the parent
         * @param children all of which have ended
         * @return what became of it
         * @throws Exception if it failed; the stage's retry policy decides what then
         */
        Outcome<R> join(Attempt<P> attempt, Children<CR> children) throws Exception;
    }

    /**
     * A copy with another handler in the place of the stage's, or of its children, under the same policy: for tests.
     *
     * @param <R> the stage's result
     * @param stage one that has a handler
     * @param handler what to do instead
     * @return a copy
     * @throws IllegalArgumentException if the stage has no handler
     */
    public <R> Handlers<P> replacing(Stage<R> stage, Handler<P, R> handler) {
        Objects.requireNonNull(handler, "handler");
        int position = pipeline.positionOf(stage);
        StageCode<P> replaced = code.get(position);
        if (replaced == null) {
            throw new IllegalArgumentException(
                    "stage '" + stage + "' of pipeline " + pipeline + " has no handler to replace");
        }
        return with(position, new StageCode.Handled<>(handler, replaced.policy()));
    }

    /**
     * The pipeline.
     *
     * @return whose stages these handle
     */
    public Pipeline<P, ?> pipeline() {
        return pipeline;
    }

    /**
     * Refuses handlers that leave out a stage.
     *
     * @throws IllegalArgumentException naming the stages that have none
     */
    void requireComplete() {
        List<String> missing = new ArrayList<>();
        for (int position = 0; position < code.size(); position++) {
            if (code.get(position) == null) {
                missing.add(pipeline.stages().get(position).name());
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("pipeline " + pipeline + " has stages without a handler: " + missing
                    + "; add them with on(stage, handler)");
        }
    }

    StageCode<P> at(int position) {
        return Objects.requireNonNull(code.get(position), "incomplete handlers");
    }

    /** The pipelines of the children of any stage. */
    List<Pipeline<?, ?>> childPipelines() {
        return code.stream()
                .flatMap(stage -> Objects.requireNonNull(stage, "incomplete handlers").childPipeline().stream())
                .toList();
    }

    private int free(Stage<?> stage) {
        int position = pipeline.positionOf(stage);
        if (code.get(position) != null) {
            throw new IllegalArgumentException("stage '" + stage + "' of pipeline " + pipeline
                    + " has its handler already;" + " replacing(…) makes a copy with another");
        }
        return position;
    }

    private Handlers<P> with(int position, StageCode<P> itsCode) {
        List<@Nullable StageCode<P>> changed = new ArrayList<>(code);
        changed.set(position, itsCode);
        return new Handlers<>(pipeline, changed, policy);
    }

    /** {@code handlers of recap v1}. */
    @Override
    public String toString() {
        return "handlers of " + pipeline;
    }
}
