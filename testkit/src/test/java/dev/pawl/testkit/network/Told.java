package dev.pawl.testkit.network;

import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.Fence;
import dev.pawl.lease.Lease;
import dev.pawl.store.RefusedWrite;
import dev.pawl.worker.WorkerListener;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a worker's listener was told. */
public final class Told implements WorkerListener {
    private final List<String> all = new CopyOnWriteArrayList<>();
    private final List<RuntimeException> storeFailures = new CopyOnWriteArrayList<>();

    /** In short, and in order, but for what the store failed with. */
    public List<String> all() {
        return all;
    }

    /** What the store failed with. */
    public List<RuntimeException> storeFailures() {
        return storeFailures;
    }

    @Override
    public void takenOver(JobId job, String stage, Lease lease, Fence from, int takeovers) {
        all.add("taken over at " + stage);
    }

    @Override
    public void checkpointed(JobId job, String stage, Duration took) {
        all.add("checkpointed " + stage);
    }

    @Override
    public void failed(JobId job, String stage, int attempt, String message, Optional<Duration> retryIn) {
        all.add("failed at " + stage + ": " + message);
    }

    @Override
    public void ended(JobId job, JobStatus as) {
        all.add("ended " + as);
    }

    @Override
    public void refused(RefusedWrite write) {
        all.add("refused " + write.describe());
    }

    @Override
    public void storeFailed(String what, RuntimeException failure) {
        storeFailures.add(failure);
    }
}
