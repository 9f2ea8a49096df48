package dev.pawl.worker;

import dev.pawl.job.Pipeline;
import dev.pawl.job.RetryPolicy;
import dev.pawl.job.Stage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The code of one pipeline: a handler for each of its stages. Immutable; a value, so that production hands it to a
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

    /** What is done at one stage. */
    record StageCode<P>(Handler<P, ?> handler, RetryPolicy policy) {}

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
        int position = pipeline.positionOf(stage);
        if (code.get(position) != null) {
            throw new IllegalArgumentException("stage '" + stage + "' of pipeline " + pipeline
                    + " has its handler already;" + " replacing(…) makes a copy with another");
        }
        return with(position, handler, policy);
    }

    /**
     * A copy with another handler in the place of the stage's, under the same policy: for tests.
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
        return with(position, handler, replaced.policy());
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

    private Handlers<P> with(int position, Handler<P, ?> handler, RetryPolicy itsPolicy) {
        List<@Nullable StageCode<P>> changed = new ArrayList<>(code);
        changed.set(position, new StageCode<>(handler, itsPolicy));
        return new Handlers<>(pipeline, changed, policy);
    }

    /** {@code handlers of recap v1}. */
    @Override
    public String toString() {
        return "handlers of " + pipeline;
    }
}
