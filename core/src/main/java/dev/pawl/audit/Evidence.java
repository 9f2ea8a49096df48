package dev.pawl.audit;

import dev.pawl.internal.Checks;
import dev.pawl.job.JobId;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** What only the application knows (rule A5). Asked by the thread that plans or audits; what it throws is let through. */
public sealed interface Evidence {
    /**
     * Whether a job's outputs exist: of a job whose row is of no use any more, it says whether the job is done.
     *
     * @param pipeline the name of the jobs' pipeline
     * @param outputsExist true if all that the job was to make is there
     * @return the evidence
     */
    static Evidence of(String pipeline, Predicate<JobId> outputsExist) {
        return new Outputs(pipeline, outputsExist);
    }

    /**
     * How many rows wait for a scan, by a count of the application's own.
     *
     * @param scan the scan's name
     * @param rows counts them; a count that stops early will do
     * @return the evidence
     */
    static Evidence waiting(String scan, LongSupplier rows) {
        return new Waiting(scan, rows);
    }

    /**
     * See {@link #of}.
     *
     * @param pipeline the name of the jobs' pipeline
     * @param exist true if all that the job was to make is there
     */
    record Outputs(String pipeline, Predicate<JobId> exist) implements Evidence {
        /** Checks the name. */
        public Outputs {
            Checks.name("pipeline", pipeline);
            Objects.requireNonNull(exist, "outputsExist");
        }
    }

    /**
     * See {@link #waiting}.
     *
     * @param scan the scan's name
     * @param rows counts them
     */
    record Waiting(String scan, LongSupplier rows) implements Evidence {
        /** Checks the name. */
        public Waiting {
            Checks.name("scan", scan);
            Objects.requireNonNull(rows, "rows");
        }
    }
}
