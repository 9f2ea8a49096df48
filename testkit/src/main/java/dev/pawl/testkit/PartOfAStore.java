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

/** A store in memory as one of its open transactions sees it, and writes to it. */
record PartOfAStore(InMemoryJobStore store, Uncommitted transaction) implements JobStore {
    @Override
    public List<String> describe(String pipeline, int version, List<String> stages) {
        return store.transactions().within(transaction, () -> store.describe(pipeline, version, stages));
    }

    @Override
    public List<Enqueued> enqueue(List<NewRow> jobs) {
        return store.transactions().within(transaction, () -> store.enqueue(jobs));
    }

    @Override
    public List<Claimed> claim(ClaimRequest request) {
        return store.transactions().within(transaction, () -> store.claim(request));
    }

    @Override
    public List<Answer> write(List<? extends JobWrite> writes) {
        return store.transactions().within(transaction, () -> store.write(writes));
    }

    @Override
    public Optional<JobSnapshot> find(JobId id) {
        return store.transactions().within(transaction, () -> store.find(id));
    }

    @Override
    public Map<Integer, Json> results(JobId id, Set<Integer> stages) {
        return store.transactions().within(transaction, () -> store.results(id, stages));
    }

    @Override
    public List<Failure> failures(JobId id) {
        return store.transactions().within(transaction, () -> store.failures(id));
    }

    @Override
    public Children.Counts countChildren(JobId parent, FencingToken fan) {
        return store.transactions().within(transaction, () -> store.countChildren(parent, fan));
    }

    @Override
    public List<ChildRow> children(JobId parent, FencingToken fan, Optional<String> after, int limit) {
        return store.transactions().within(transaction, () -> store.children(parent, fan, after, limit));
    }

    @Override
    public List<ChildRow> failedChildren(JobId parent, FencingToken fan, int limit) {
        return store.transactions().within(transaction, () -> store.failedChildren(parent, fan, limit));
    }

    @Override
    public int cancelOrphans(String queue, int most) {
        return store.transactions().within(transaction, () -> store.cancelOrphans(queue, most));
    }

    @Override
    public void report(List<RefusedWrite> refused) {
        store.transactions().within(transaction, () -> {
            store.report(refused);
            return refused;
        });
    }
}
