package dev.pawl.job;

import dev.pawl.internal.Checks;
import java.util.Objects;

/**
 * A named step of a pipeline, and the type of the result with which it is checkpointed. Declare each once, as a constant:
 * it is the key under which handlers are registered and results are read, so that neither can be mistyped.
 *
 * @param <R> the result
 * @param name 1 to 63 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit
 * @param resultType the result's type; {@code Void.class} for none
 */
public record Stage<R>(String name, Class<R> resultType) {
    /** Checks the name. */
    public Stage {
        Checks.name("stage", name);
        Objects.requireNonNull(resultType, "resultType");
    }

    /**
     * A stage without a result.
     *
     * @param name its name
     * @return the stage
     */
    public static Stage<Void> named(String name) {
        return new Stage<>(name, Void.class);
    }

    /**
     * A stage with a result.
     *
     * @param <R> the result
     * @param name its name
     * @param resultType the result's type, which the codec can write and read
     * @return the stage
     */
    public static <R> Stage<R> named(String name, Class<R> resultType) {
        return new Stage<>(name, resultType);
    }

    /** The name. */
    @Override
    public String toString() {
        return name;
    }
}
