package dev.pawl.job;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The ended children of a stage, at its join. Iterates in the order of their keys, in pages that are read as needed: there is
 * nothing to close, and no limit to their number. To be used while the attempt lasts, by its thread.
 *
 * @param <R> the result of a child that completed
 */
public interface Children<R> extends Iterable<Children.Child<R>> {
    /**
     * How many there are, by how they ended.
     *
     * @return counted when the join began
     */
    Counts counts();

    /**
     * The results of those that completed, all in memory, in the order of their keys.
     *
     * @return empty for pipelines whose last stage has no result
     */
    List<R> results();

    /**
     * A child that has ended.
     *
     * @param <R> its result
     * @param key its key within the stage
     * @param id the job that it is
     * @param status completed, failed or cancelled
     * @param result of its last stage, if it completed and the stage has one
     * @param failure what it failed with, if it failed
     */
    record Child<R>(String key, JobId id, JobStatus status, Optional<R> result, Optional<String> failure) {
        /** Checks that nothing is missing. */
        public Child {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(status, "status");
            Objects.requireNonNull(result, "result");
            Objects.requireNonNull(failure, "failure");
        }
    }

    /**
     * How many children a stage has.
     *
     * @param total all of them
     * @param open those that have not ended
     * @param failed those that failed
     * @param cancelled those that were cancelled
     */
    record Counts(int total, int open, int failed, int cancelled) {
        /** Checks that none is negative. */
        public Counts {
            if (total < 0 || open < 0 || failed < 0 || cancelled < 0) {
                throw new IllegalArgumentException("counts of children must not be negative, but were: total " + total
                        + ", open " + open + ", failed " + failed + ", cancelled " + cancelled);
            }
        }

        /**
         * Those that completed.
         *
         * @return the others of the total
         */
        public int completed() {
            return Math.max(0, total - open - failed - cancelled);
        }

        /** {@code 17 of 20 children completed, 1 open, 2 failed, 0 cancelled}. */
        @Override
        public String toString() {
            return completed() + " of " + total + " children completed, " + open + " open, " + failed + " failed, "
                    + cancelled + " cancelled";
        }
    }
}
