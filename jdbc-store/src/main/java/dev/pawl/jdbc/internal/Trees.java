package dev.pawl.jdbc.internal;

import dev.pawl.job.JobId;
import dev.pawl.store.Answer;
import dev.pawl.store.JobState;
import dev.pawl.store.JobWrite;
import dev.pawl.store.Lifecycle;
import dev.pawl.store.Transition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;

/** Jobs of one queue that are retried with what failed below them, within one transaction. No row is waited for. */
final class Trees {
    private final Handle handle;
    private final String queue;
    private final Argument now;

    Trees(Handle handle, String queue, Argument now) {
        this.handle = handle;
        this.queue = queue;
        this.now = now;
    }

    private FamilySql sql() {
        return handle.attach(FamilySql.class);
    }

    /** What a retry comes to: an answer, and the rows that are to be written. */
    record Retried(Answer answer, List<JobState> rows) {
        static Retried not(Answer answer) {
            return new Retried(answer, List.of());
        }
    }

    /**
     * Gives a job another chance, and with it what failed of its children, and of theirs.
     *
     * @param write what was asked for
     * @param ended the job as it ended, locked
     * @param at the time
     * @param others jobs to which this transaction writes otherwise
     */
    Retried retry(JobWrite.Retry write, JobState ended, Instant at, Set<JobId> others) {
        Retried tree = tree(write, ended, at);
        if (ended.family().parent().isEmpty() || tree.rows().isEmpty()) {
            return tree;
        }
        JobId parentId = new JobId(queue, ended.family().parent().get().id());
        List<JobState> found = handle.attach(DecideSql.class).look(queue, uuids(List.of(parentId)));
        List<JobState> locked = others.contains(parentId) ? List.of() : lock(found);
        if (!found.isEmpty() && locked.isEmpty()) {
            return Retried.not(new Answer.Busy());
        }
        Optional<JobState> parent = locked.stream().findFirst();
        Optional<JobState> counting = parent.flatMap(job -> Lifecycle.childRetried(job, ended));
        if (counting.isEmpty()) {
            return Retried.not(new Answer.Refused(Lifecycle.whyNotRetried(parent, ended)));
        }
        tree.rows().add(counting.get());
        return tree;
    }

    /** Generation by generation: the rows begin with the job's own. */
    private Retried tree(JobWrite.Retry write, JobState root, Instant at) {
        List<JobState> rows = new ArrayList<>();
        List<JobState> generation = List.of(root);
        while (!generation.isEmpty()) {
            List<JobState> parents = generation.stream()
                    .filter(job -> job.family().fan().isPresent())
                    .toList();
            Optional<Map<UUID, List<JobState>>> bad = bad(parents);
            if (bad.isEmpty()) {
                return Retried.not(new Answer.Busy());
            }
            for (JobState job : generation) {
                Transition again = new JobWrite.Retry(job.id(), write.by()).on(job, Optional.empty(), at);
                if (!(again instanceof Transition.Moved moved)) {
                    return Retried.not(Answer.to(again));
                }
                int children =
                        bad.get().getOrDefault(job.id().uuid(), List.of()).size();
                rows.add(Lifecycle.childrenRetried(moved.job(), children));
            }
            generation = bad.get().values().stream().flatMap(List::stream).toList();
        }
        return new Retried(new Answer.Done(rows.get(0)), rows);
    }

    /** Their children that failed or were cancelled, by parent; empty if somebody has one of those locked. */
    private Optional<Map<UUID, List<JobState>>> bad(List<JobState> parents) {
        if (parents.isEmpty()) {
            return Optional.of(Map.of());
        }
        Argument ids = SqlArrays.uuids(parents, job -> job.id().uuid());
        Argument fans = SqlArrays.longs(parents, Trees::fanOf);
        List<JobState> children = sql().lockBad(queue, ids, fans);
        return children.size() < sql().countBad(queue, ids, fans)
                ? Optional.empty()
                : Optional.of(children.stream()
                        .collect(Collectors.groupingBy(
                                child -> child.family().parent().orElseThrow().id())));
    }

    /** As they are under their locks, without those that somebody else has locked. */
    private List<JobState> lock(List<JobState> jobs) {
        if (jobs.isEmpty()) {
            return List.of();
        }
        Argument noResults = SqlArrays.ints(jobs, job -> -1);
        Argument ids = uuids(jobs.stream().map(JobState::id).toList());
        return handle.attach(DecideSql.class).lock(queue, ids, noResults, now).stream()
                .map(JobRows.Locked::job)
                .toList();
    }

    private static Argument uuids(List<JobId> ids) {
        return SqlArrays.uuids(ids, JobId::uuid);
    }

    private static long fanOf(JobState parent) {
        return parent.family().fan().orElseThrow().by().token().value();
    }
}
