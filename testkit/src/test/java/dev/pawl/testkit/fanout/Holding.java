package dev.pawl.testkit.fanout;

import dev.pawl.Json;
import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.lease.Fence;
import dev.pawl.store.Claimed;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.JobState;
import dev.pawl.store.JobWrite;
import dev.pawl.store.NewChild;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A job that is held at a stage, and the writes that its holder would make. */
record Holding(JobId id, Fence fence, int stage, Optional<JobId> parent) {
    static final Duration LEASE = Duration.ofMinutes(10);
    private static final Json RESULT = Json.of("{\"found\": 3}");
    private static final int MANY = 1_000;

    static Holding of(Claimed claimed) {
        JobState job = claimed.job();
        return new Holding(
                job.id(),
                job.fence().orElseThrow(),
                job.stage(),
                job.family().parent().map(link -> new JobId(job.id().queue(), link.id())));
    }

    /** The same lease, at the stage after. */
    Holding atNextStage() {
        return new Holding(id, fence, stage + 1, parent);
    }

    JobWrite checkpoint() {
        return new JobWrite.Checkpoint(id, fence, stage, Optional.of(RESULT), LEASE);
    }

    JobWrite fail() {
        return new JobWrite.Fail(id, fence, stage, ErrorInfo.of("no such day"), Optional.empty());
    }

    JobWrite fanOut(FanIn policy, List<NewChild> children) {
        return new JobWrite.FanOut(id, fence, stage, policy, children);
    }

    JobWrite cancelChildren() {
        return new JobWrite.CancelChildren(id, fence, stage, MANY, LEASE);
    }
}
