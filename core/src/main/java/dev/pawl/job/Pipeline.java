package dev.pawl.job;

import dev.pawl.internal.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a kind of job does: takes a {@code P}, passes its stages in order, ends in an {@code R} (the last stage's result).
 *
 * <p>The name, version and stage names are recorded in the database, and can't change under that version: a worker that
 * describes them differently does not start. Changed stages are a new {@link Builder#version version}; see
 * {@link Builder#continuing} for what becomes of the jobs under way. Immutable.
 *
 * @param <P> the payload
 * @param <R> the last stage's result
 */
public final class Pipeline<P, R> {
    /** So that a position fits the schema, and a page. */
    private static final int MOST_STAGES = 1_000;

    private final Builder<P> head;
    private final List<Stage<?>> stages;
    private final Stage<R> last;

    private Pipeline(Builder<P> head, List<Stage<?>> before, Stage<R> last) {
        Objects.requireNonNull(last, "stage");
        if (before.stream().anyMatch(stage -> stage.name().equals(last.name()))) {
            throw new IllegalArgumentException("pipeline " + head.name + " has a stage '" + last
                    + "' already: stage names are unique within a pipeline");
        }
        Checks.between("stages of pipeline " + head.name, before.size() + 1, 1, MOST_STAGES);
        List<Stage<?>> all = new ArrayList<>(before);
        all.add(last);
        this.head = head;
        this.stages = List.copyOf(all);
        this.last = last;
    }

    /**
     * Begins a pipeline.
     *
     * @param <P> the payload
     * @param name 1 to 63 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit
     * @param payloadType the payload's type, which the codec can write and read
     * @return what still needs a stage
     */
    public static <P> Builder<P> named(String name, Class<P> payloadType) {
        return new Builder<>(Checks.name("pipeline", name), payloadType, 1, Optional.empty());
    }

    /**
     * This pipeline with one more stage.
     *
     * @param <T> the stage's result
     * @param stage the next stage
     * @return a copy
     * @throws IllegalArgumentException if the pipeline has a stage of this name
     */
    public <T> Pipeline<P, T> then(Stage<T> stage) {
        return new Pipeline<>(head, stages, stage);
    }

    /**
     * The name, shared by all versions.
     *
     * @return the name
     */
    public String name() {
        return head.name;
    }

    /**
     * The version.
     *
     * @return at least 1
     */
    public int version() {
        return head.version;
    }

    /**
     * The payload's type.
     *
     * @return the type
     */
    public Class<P> payloadType() {
        return head.payloadType;
    }

    /**
     * The stages, in order.
     *
     * @return at least one
     */
    public List<Stage<?>> stages() {
        return stages;
    }

    /**
     * The stages' names, in order.
     *
     * @return at least one
     */
    public List<String> stageNames() {
        return stages.stream().map(Stage::name).toList();
    }

    /**
     * The last stage.
     *
     * @return whose result is the job's
     */
    public Stage<R> last() {
        return last;
    }

    /**
     * Where a stage stands.
     *
     * @param stage a stage of this pipeline
     * @return its position, 0 for the first
     * @throws IllegalArgumentException if the pipeline has no such stage, or one of this name with another result type
     */
    public int positionOf(Stage<?> stage) {
        int position = stages.indexOf(Objects.requireNonNull(stage, "stage"));
        if (position < 0) {
            throw new IllegalArgumentException("pipeline " + this + " has no stage '" + stage + "' with result type "
                    + stage.resultType().getName() + "; its stages are " + stages);
        }
        return position;
    }

    /**
     * The older version whose jobs go on as this one.
     *
     * @return empty if none
     */
    public Optional<Pipeline<P, ?>> continued() {
        return head.older;
    }

    /** {@code recap v2}. */
    @Override
    public String toString() {
        return head.name + " v" + head.version;
    }

    /**
     * A pipeline that still needs its first stage. Immutable; each method returns a changed copy.
     *
     * @param <P> the payload
     */
    public static final class Builder<P> {
        private final String name;
        private final Class<P> payloadType;
        private final int version;
        private final Optional<Pipeline<P, ?>> older;

        private Builder(String name, Class<P> payloadType, int version, Optional<Pipeline<P, ?>> older) {
            this.name = name;
            this.payloadType = Objects.requireNonNull(payloadType, "payloadType");
            this.version = version;
            this.older = older;
        }

        /**
         * The version; 1 unless told otherwise.
         *
         * @param number at least 1
         * @return a copy
         */
        public Builder<P> version(int number) {
            return new Builder<>(
                    name,
                    payloadType,
                    Checks.between("version of pipeline " + name, number, 1, Integer.MAX_VALUE),
                    older);
        }

        /**
         * Jobs of the older version, and of those that it continues, go on as this one, at their next claim, if the stages
         * that they have checkpointed are the first stages here too. Others are left to workers that still run the older
         * version.
         *
         * @param pipeline a lower version of the same pipeline; set this one's version first
         * @return a copy
         * @throws IllegalArgumentException if it has another name, or its version is not lower
         */
        public Builder<P> continuing(Pipeline<P, ?> pipeline) {
            Objects.requireNonNull(pipeline, "pipeline");
            if (!pipeline.name().equals(name) || pipeline.version() >= version) {
                throw new IllegalArgumentException("pipeline " + name + " v" + version
                        + " can only continue a lower version of itself, but was to continue " + pipeline);
            }
            return new Builder<>(name, payloadType, version, Optional.of(pipeline));
        }

        /**
         * The pipeline with its first stage.
         *
         * @param <R> the stage's result
         * @param first the first stage
         * @return a pipeline
         */
        public <R> Pipeline<P, R> then(Stage<R> first) {
            return new Pipeline<>(this, List.of(), first);
        }
    }
}
