package dev.pawl.testkit;

import dev.pawl.Json;
import dev.pawl.job.Children;
import dev.pawl.job.Enqueued;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.lease.FencingToken;
import dev.pawl.store.Answer;
import dev.pawl.store.ChildRow;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.Claimed;
import dev.pawl.store.JobStore;
import dev.pawl.store.JobWrite;
import dev.pawl.store.NewRow;
import dev.pawl.store.RefusedWrite;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A store that passes every call on to another: for stores in tests that change just one of them. */
public abstract class ForwardingJobStore implements JobStore {
    private final JobStore real;

    /**
     * Over a store.
     *
     * @param real whom to ask
     */
    protected ForwardingJobStore(JobStore real) {
        this.real = real;
    }

    /**
     * Whom to ask; asked for once in each call.
     *
     * @return the store behind this one
     */
    protected JobStore real() {
        return real;
    }

    @Override
    public List<String> describe(String pipeline, int version, List<String> stages) {
        return real().describe(pipeline, version, stages);
    }

    @Override
    public List<Enqueued> enqueue(List<NewRow> jobs) {
        return real().enqueue(jobs);
    }

    @Override
    public List<Claimed> claim(ClaimRequest request) {
        return real().claim(request);
    }

    @Override
    public List<Answer> write(List<? extends JobWrite> writes) {
        return real().write(writes);
    }

    @Override
    public Optional<JobSnapshot> find(JobId id) {
        return real().find(id);
    }

    @Override
    public Map<Integer, Json> results(JobId id, Set<Integer> stages) {
        return real().results(id, stages);
    }

    @Override
    public List<Failure> failures(JobId id) {
        return real().failures(id);
    }

    @Override
    public Children.Counts countChildren(JobId parent, FencingToken fan) {
        return real().countChildren(parent, fan);
    }

    @Override
    public List<ChildRow> children(JobId parent, FencingToken fan, Optional<String> after, int limit) {
        return real().children(parent, fan, after, limit);
    }

    @Override
    public List<ChildRow> failedChildren(JobId parent, FencingToken fan, int limit) {
        return real().failedChildren(parent, fan, limit);
    }

    @Override
    public int cancelOrphans(String queue, int most) {
        return real().cancelOrphans(queue, most);
    }

    @Override
    public void report(List<RefusedWrite> refused) {
        real().report(refused);
    }
}
