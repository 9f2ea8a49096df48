package dev.pawl.testkit.audit;

import dev.pawl.job.FanIn;
import dev.pawl.job.JobId;
import dev.pawl.lease.Fence;
import dev.pawl.store.Claimed;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.JobWrite;
import dev.pawl.store.NewChild;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A job that is held at a stage, and the writes that its holder would make. */
record Held(JobId id, Fence fence, int stage) {
    static final Duration LEASE = Duration.ofMinutes(10);

    static Held of(Claimed claimed) {
        return new Held(
                claimed.job().id(),
                claimed.job().fence().orElseThrow(),
                claimed.job().stage());
    }

    Held atNextStage() {
        return new Held(id, fence, stage + 1);
    }

    JobWrite checkpoint() {
        return new JobWrite.Checkpoint(id, fence, stage, Optional.empty(), LEASE);
    }

    JobWrite fail() {
        return new JobWrite.Fail(id, fence, stage, ErrorInfo.of("no such day"), Optional.empty());
    }

    JobWrite failForNow() {
        return new JobWrite.Fail(id, fence, stage, ErrorInfo.of("no answer"), Optional.of(Duration.ofMinutes(5)));
    }

    JobWrite release() {
        return new JobWrite.Release(id, fence, stage, Duration.ZERO);
    }

    JobWrite fanOut(FanIn policy, List<NewChild> children) {
        return new JobWrite.FanOut(id, fence, stage, policy, children);
    }
}
