package dev.pawl.testkit.model;

import dev.pawl.Json;
import dev.pawl.job.Enqueued;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.store.Answer;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.Claimed;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.JobStore;
import dev.pawl.store.JobWrite;
import dev.pawl.store.NewRow;
import dev.pawl.store.RefusedWrite;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Takes every release for a failure, so that the attempt is not given back. */
record ForgetfulStore(JobStore real) implements JobStore {
    @Override
    public List<Answer> write(List<? extends JobWrite> writes) {
        return real.write(writes.stream().map(ForgetfulStore::forget).toList());
    }

    private static JobWrite forget(JobWrite write) {
        return write instanceof JobWrite.Release release && release.delay().isZero()
                ? new JobWrite.Fail(
                        release.job(),
                        release.fence(),
                        release.stage(),
                        ErrorInfo.of("given back"),
                        Optional.of(Duration.ZERO))
                : write;
    }

    @Override
    public List<String> describe(String pipeline, int version, List<String> stages) {
        return real.describe(pipeline, version, stages);
    }

    @Override
    public List<Enqueued> enqueue(List<NewRow> jobs) {
        return real.enqueue(jobs);
    }

    @Override
    public List<Claimed> claim(ClaimRequest request) {
        return real.claim(request);
    }

    @Override
    public Optional<JobSnapshot> find(JobId id) {
        return real.find(id);
    }

    @Override
    public Map<Integer, Json> results(JobId id, Set<Integer> stages) {
        return real.results(id, stages);
    }

    @Override
    public List<Failure> failures(JobId id) {
        return real.failures(id);
    }

    @Override
    public void report(List<RefusedWrite> refused) {
        real.report(refused);
    }
}
