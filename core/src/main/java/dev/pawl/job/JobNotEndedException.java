package dev.pawl.job;

import dev.pawl.PawlException;
import java.time.Duration;

/** A job that was waited for has not ended in time. Nothing was changed; it goes on. */
public final class JobNotEndedException extends PawlException {
    private static final long serialVersionUID = 1L;

    private final transient JobSnapshot job;

    /**
     * For Pawl itself.
     *
     * @param job as last seen
     * @param waited how long it was waited
     */
    public JobNotEndedException(JobSnapshot job, Duration waited) {
        super("job has not ended within " + waited + ": " + job);
        this.job = job;
    }

    /**
     * The job as last seen.
     *
     * @return the job (null only after this exception was serialised)
     */
    public JobSnapshot job() {
        return job;
    }
}
