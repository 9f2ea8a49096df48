package dev.pawl.store;

import dev.pawl.job.Enqueued;
import dev.pawl.job.JobId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Concurrent calls to a store, written together in its next transaction. It adds no waiting when idle, and nobody is
 * answered before the commit. A durable commit is the cost; here it is shared.
 *
 * <p>Renewals, keyed enqueues (which may wait for another's key) and all other enqueues have lanes of their own, so that
 * none holds up a checkpoint. At most one write to a job is under way at a time, and its answer is known before the next
 * begins (rule J14). A batch that fails is split, so that each call gets its own answer (rule J15). Safe for use by many
 * threads.
 */
public final class GroupCommit {
    private static final int MAX_WRITES = 500;
    private static final int MAX_ENQUEUES = 200;
    private static final int CROWD = 32;

    private final JobStore store;
    private final Lane<Pending> writes;
    private final Lane<Pending> renewals;
    private final Lane<Enqueue> enqueues;
    private final Lane<Enqueue> keyedEnqueues;
    private final Map<JobId, Queue<Pending>> underWay = new HashMap<>();
    private final Map<JobId, CompletableFuture<JobState>> awaited = new ConcurrentHashMap<>();

    /**
     * On top of a store.
     *
     * @param store where to write
     * @param executor whose threads write, at most five at a time; {@code Runnable::run} writes in the caller's thread
     */
    public GroupCommit(JobStore store, Executor executor) {
        this.store = store;
        this.writes = new Lane<>(executor, MAX_WRITES, 2, CROWD, this::write);
        this.renewals = new Lane<>(executor, MAX_WRITES, 1, CROWD, this::write);
        this.enqueues = new Lane<>(executor, MAX_ENQUEUES, 1, CROWD, this::insert);
        this.keyedEnqueues = new Lane<>(executor, MAX_ENQUEUES, 1, CROWD, this::insert);
    }

    private record Pending(JobWrite write, CompletableFuture<Answer> answer) {}

    private record Enqueue(List<NewRow> rows, CompletableFuture<List<Enqueued>> answer) {}

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
        Enqueue enqueue = new Enqueue(rows, new CompletableFuture<>());
        boolean keyed = rows.stream().anyMatch(row -> row.key().isPresent());
        try {
            (keyed ? keyedEnqueues : enqueues).add(enqueue);
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
            (pending.write() instanceof JobWrite.Renew ? renewals : writes).add(pending);
        } catch (RejectedExecutionException closed) {
            next(pending);
            pending.answer().completeExceptionally(isClosed(closed));
        }
    }

    private static IllegalStateException isClosed(RejectedExecutionException cause) {
        return new IllegalStateException("this Pawl is closed: nothing was written", cause);
    }

    private void write(List<Pending> batch) {
        bisecting(
                batch,
                pending -> store.write(pending.stream().map(Pending::write).toList()),
                Pending::answer,
                this::next);
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
        List<Enqueued> all = store.enqueue(
                batch.stream().flatMap(enqueue -> enqueue.rows().stream()).toList());
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
