package dev.pawl.testkit;

import dev.pawl.job.Failure;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.JobState;
import dev.pawl.store.JobWrite;
import dev.pawl.store.RefusedWrite;
import dev.pawl.testkit.JobRow.Trouble;
import java.time.Instant;
import java.util.Optional;

/** What went wrong with a job, as it is recorded. */
final class Troubles {
    private Troubles() {}

    static Trouble failed(JobState job, JobWrite.Fail write, Instant now) {
        return new Trouble(Failure.Kind.FAILED, job.stage(), job.attempt(), write.fence(), now, write.error());
    }

    /** Told of the former holder; empty if there was none. */
    static Optional<Trouble> takenOver(JobState before, JobState after, Instant now) {
        return before.fence().map(former -> {
            ErrorInfo error =
                    ErrorInfo.of("its lease expired, and " + after.fence().orElseThrow() + " took over");
            return new Trouble(Failure.Kind.TAKEN_OVER, before.stage(), before.attempt(), former, now, error);
        });
    }

    /** A renewal names no stage: then it is the job's. */
    static Trouble refused(JobState job, RefusedWrite write, Instant now) {
        ErrorInfo error = ErrorInfo.of(write.describe());
        int current = Math.min(job.stage(), job.stages() - 1); // the last, if it completed
        return new Trouble(Failure.Kind.REFUSED, write.stage().orElse(current), 0, write.fence(), now, error);
    }
}
