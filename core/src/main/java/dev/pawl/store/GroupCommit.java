package dev.pawl.store;

import dev.pawl.Json;
import dev.pawl.job.Enqueued;
import dev.pawl.job.JobId;
import dev.pawl.lease.BusyException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Concurrent calls to a store, written together in its next transaction. It adds no waiting when idle, and nobody is
 * answered before the commit. A durable commit is the cost; here it is shared.
 *
 * <p>Renewals, fan-outs (which may write thousands of rows), keyed enqueues (which may wait for another's key) and all other
 * enqueues have lanes of their own, so that none holds up a checkpoint. So have writes to a job, and enqueues of a key, that were busy the last time: the row may be
 * locked still, and each try waits a moment for it, so they go one by one, and hold up nobody else.
 *
 * <p>At most one write to a job is under way at a time, and its answer is known before the next begins (rule J14). A batch
 * that fails is split, so that each call gets its own answer (rule J15); and large values go in small batches, so that many
 * of them together don't exceed what a statement takes. Safe for use by many threads.
 */
public final class GroupCommit {
    private static final int MAX_WRITES = 500;
    private static final int MAX_ENQUEUES = 200;
    private static final int CROWD = 32;

    private final JobStore store;
    private final Lane<Pending> writes;
    private final Lane<Pending> busyWrites;
    private final Lane<Pending> renewals;
    private final Lane<Pending> fanOuts;
    private final Lane<Enqueue> enqueues;
    private final Lane<Enqueue> keyedEnqueues;
    private final Lane<Enqueue> busyEnqueues;
    private final Map<JobId, Queue<Pending>> underWay = new HashMap<>();
    private final BusyOnes<JobId> busyJobs = new BusyOnes<>();
    private final BusyOnes<Key> busyKeys = new BusyOnes<>();
    private final Map<JobId, CompletableFuture<JobState>> awaited = new ConcurrentHashMap<>();

    /**
     * On top of a store.
     *
     * @param store where to write
     * @param executor whose threads write, at most eight at a time; {@code Runnable::run} writes in the caller's thread
     */
    public GroupCommit(JobStore store, Executor executor) {
        this.store = store;
        this.writes = new Lane<>(executor, MAX_WRITES, GroupCommit::weight, 2, CROWD, this::write);
        this.busyWrites = new Lane<>(executor, 1, 1, CROWD, this::write);
        this.renewals = new Lane<>(executor, MAX_WRITES, 1, CROWD, this::write);
        this.fanOuts = new Lane<>(executor, MAX_ENQUEUES, GroupCommit::weight, 1, CROWD, this::write);
        this.enqueues = new Lane<>(executor, MAX_ENQUEUES, Enqueue::weight, 1, CROWD, this::insert);
        this.keyedEnqueues = new Lane<>(executor, MAX_ENQUEUES, Enqueue::weight, 1, CROWD, this::insert);
        this.busyEnqueues = new Lane<>(executor, 1, 1, CROWD, this::insert);
    }

    private record Pending(JobWrite write, CompletableFuture<Answer> answer) {}

    private static long weight(Pending pending) {
        if (pending.write() instanceof JobWrite.FanOut fanOut) {
            long parent = weightOfRow(Json.NULL);
            return fanOut.children().stream()
                    .mapToLong(child -> weightOfRow(child.payload()))
                    .reduce(parent, Long::sum);
        }
        if (pending.write() instanceof JobWrite.SaveProgress save) {
            return save.progress().text().length();
        }
        return pending.write() instanceof JobWrite.Checkpoint done
                ? done.result().map(result -> result.text().length()).orElse(0)
                : 0;
    }

    private record Enqueue(List<NewRow> rows, Set<Key> keys, CompletableFuture<List<Enqueued>> answer) {
        long weight() {
            return rows.stream().mapToLong(row -> weightOfRow(row.payload())).sum();
        }
    }

    /** A row is worth a thousand characters, so that calls with many of them don't make one endless transaction. */
    private static long weightOfRow(Json payload) {
        return 1_000L + payload.text().length();
    }

    private record Key(String queue, String pipeline, String key) {
        static Optional<Key> of(NewRow row) {
            return row.key().map(key -> new Key(row.id().queue(), row.pipeline(), key));
        }
    }

    /**
     * Writes to a job, without blocking.
     *
     * @param write what to write
     * @return completed after the commit, on one of the executor's threads; exceptionally with a {@link StoreException} if
     *     the store failed, or IllegalStateException if Pawl was closed
     */
    public CompletableFuture<Answer> submit(JobWrite write) {
        Pending pending = new Pending(write, new CompletableFuture<>());
        synchronized (underWay) {
            Queue<Pending> behind = underWay.get(write.job());
            if (behind != null) {
                behind.add(pending);
                return pending.answer();
            }
            underWay.put(write.job(), new ArrayDeque<>(0));
        }
        start(pending);
        return pending.answer();
    }

    /**
     * Inserts jobs, all or none of them, without blocking.
     *
     * @param rows what to insert
     * @return completed after the commit, on one of the executor's threads; exceptionally as with {@link #submit}
     */
    public CompletableFuture<List<Enqueued>> enqueue(List<NewRow> rows) {
        Enqueue enqueue = new Enqueue(
                rows,
                rows.stream().flatMap(row -> Key.of(row).stream()).collect(Collectors.toSet()),
                new CompletableFuture<>());
        try {
            laneOf(enqueue).add(enqueue);
        } catch (RejectedExecutionException closed) {
            enqueue.answer().completeExceptionally(isClosed(closed));
        }
        return enqueue.answer();
    }

    /**
     * Whether a write to the job is waiting or under way. By the time of the answer this may have changed.
     *
     * @param job the job's id
     * @return true if a further write would wait for another
     */
    public boolean isUnderWay(JobId job) {
        synchronized (underWay) {
            return underWay.containsKey(job);
        }
    }

    /**
     * A signal for whoever waits for a job's end: completed when a write that was made here ends the job. One that is ended
     * elsewhere gives none.
     *
     * @param job the job's id
     * @return shared by all who wait for the job; to be given back by {@link #forget}
     */
    public CompletableFuture<JobState> onEnd(JobId job) {
        return awaited.computeIfAbsent(job, id -> new CompletableFuture<>());
    }

    /**
     * Ends the waiting for a job's end.
     *
     * @param job the job's id
     * @param signal as given by {@link #onEnd}; others that wait for the same job go on by looking
     */
    public void forget(JobId job, CompletableFuture<JobState> signal) {
        awaited.remove(job, signal);
    }

    private void start(Pending pending) {
        try {
            laneOf(pending.write()).add(pending);
        } catch (RejectedExecutionException closed) {
            next(pending);
            pending.answer().completeExceptionally(isClosed(closed));
        }
    }

    private Lane<Pending> laneOf(JobWrite write) {
        if (write instanceof JobWrite.Renew) {
            return renewals; // these never wait
        }
        if (write instanceof JobWrite.FanOut) {
            return fanOuts;
        }
        return busyJobs.hasAnyOf(Set.of(write.job())) ? busyWrites : writes;
    }

    private Lane<Enqueue> laneOf(Enqueue enqueue) {
        if (enqueue.keys().isEmpty()) {
            return enqueues; // these have nobody to wait for
        }
        return busyKeys.hasAnyOf(enqueue.keys()) ? busyEnqueues : keyedEnqueues;
    }

    /** What was busy goes the slow way until it was seen not to be. */
    private void learn(JobWrite write, Answer answer) {
        if (write instanceof JobWrite.Renew) {
            return;
        }
        if (answer instanceof Answer.Busy) {
            busyJobs.busy(Set.of(write.job()));
        } else {
            busyJobs.free(Set.of(write.job()));
        }
    }

    private static IllegalStateException isClosed(RejectedExecutionException cause) {
        return new IllegalStateException("this Pawl is closed: nothing was written", cause);
    }

    private void write(List<Pending> batch) {
        bisecting(batch, this::writeTogether, Pending::answer, this::next);
    }

    private List<Answer> writeTogether(List<Pending> batch) {
        List<Answer> answers = store.write(batch.stream().map(Pending::write).toList());
        for (int i = 0; i < batch.size(); i++) {
            learn(batch.get(i).write(), answers.get(i));
        }
        return answers;
    }

    /** Lets the next write to the same job begin. */
    private void next(Pending done) {
        Pending next;
        synchronized (underWay) {
            Queue<Pending> behind = underWay.get(done.write().job());
            next = behind == null ? null : behind.poll();
            if (next == null) {
                underWay.remove(done.write().job());
            }
        }
        if (next != null) {
            start(next);
        }
    }

    private void insert(List<Enqueue> batch) {
        bisecting(batch, this::insertTogether, Enqueue::answer, done -> {});
    }

    private List<List<Enqueued>> insertTogether(List<Enqueue> batch) {
        List<Enqueued> all;
        try {
            all = store.enqueue(
                    batch.stream().flatMap(enqueue -> enqueue.rows().stream()).toList());
        } catch (BusyException locked) {
            if (batch.size() == 1) {
                busyKeys.busy(batch.get(0).keys());
            }
            throw locked;
        }
        batch.forEach(enqueue -> busyKeys.free(enqueue.keys()));
        List<List<Enqueued>> each = new ArrayList<>(batch.size());
        int from = 0;
        for (Enqueue enqueue : batch) {
            int to = from + enqueue.rows().size();
            each.add(List.copyOf(all.subList(from, to)));
            from = to;
        }
        return each;
    }

    /**
     * Has the batch written, and tells each its answer. Where the batch fails, but the store can be reached, its halves are
     * written apart, down to the one that fails, whose failure it is.
     */
    private <T, A> void bisecting(
            List<T> batch,
            Function<List<T>, List<A>> work,
            Function<T, CompletableFuture<A>> answer,
            Consumer<T> before) {
        List<A> answers;
        try {
            answers = work.apply(batch);
        } catch (RuntimeException | Error failure) {
            if (batch.size() > 1 && !concernsAll(failure)) {
                int half = batch.size() / 2;
                bisecting(batch.subList(0, half), work, answer, before);
                bisecting(batch.subList(half, batch.size()), work, answer, before);
                return;
            }
            batch.forEach(one -> {
                before.accept(one);
                answer.apply(one).completeExceptionally(failure);
            });
            return;
        }
        for (int i = 0; i < batch.size(); i++) {
            before.accept(batch.get(i));
            signalEnd(answers.get(i));
            answer.apply(batch.get(i)).complete(answers.get(i));
        }
    }

    private static boolean concernsAll(Throwable failure) {
        return failure instanceof Error
                || (failure instanceof StoreException store && store.kind() != StoreException.Kind.FAILED);
    }

    private void signalEnd(Object answer) {
        if (!awaited.isEmpty()
                && answer instanceof Answer.Done done
                && done.job().status().isEnded()) {
            CompletableFuture<JobState> waiting = awaited.remove(done.job().id());
            if (waiting != null) {
                waiting.complete(done.job());
            }
        }
    }
}
