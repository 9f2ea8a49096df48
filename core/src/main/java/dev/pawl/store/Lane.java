package dev.pawl.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * A queue whose elements are taken in batches, by at most so many threads at a time. A thread is borrowed from the executor
 * while there is something to do, and given back when there is not; what arrives meanwhile makes the next batch.
 */
final class Lane<T> {
    /** 16 million characters: far above what small ones come to, and far below what a statement, or a heap, takes. */
    static final long MAX_WEIGHT = 16 << 20;

    private final Executor executor;
    private final int maxBatch;
    private final ToLongFunction<T> weight;
    private final int maxDrainers;
    private final int crowd;
    private final Consumer<List<T>> work;
    private final ArrayDeque<T> waiting = new ArrayDeque<>();
    private int drainers;

    /** With elements that weigh nothing; see the other. */
    Lane(Executor executor, int maxBatch, int maxDrainers, int crowd, Consumer<List<T>> work) {
        this(executor, maxBatch, element -> 0, maxDrainers, crowd, work);
    }

    /**
     * @param weight of an element, about the characters that it takes; what is too heavy for a batch goes alone
     * @param crowd how many must wait before one more thread helps; the first comes at once
     * @param work what is done with a batch; must not throw
     */
    Lane(
            Executor executor,
            int maxBatch,
            ToLongFunction<T> weight,
            int maxDrainers,
            int crowd,
            Consumer<List<T>> work) {
        this.executor = executor;
        this.maxBatch = maxBatch;
        this.weight = weight;
        this.maxDrainers = maxDrainers;
        this.crowd = crowd;
        this.work = work;
    }

    /** Adds an element. Throws RejectedExecutionException, and adds nothing, if the executor takes no more. */
    void add(T element) {
        boolean start;
        synchronized (waiting) {
            waiting.add(element);
            start = drainers == 0 || (drainers < maxDrainers && waiting.size() >= crowd);
            if (start) {
                drainers++;
            }
        }
        if (start) {
            start(element);
        }
    }

    private void start(T element) {
        try {
            executor.execute(this::drain);
        } catch (RejectedExecutionException closed) {
            synchronized (waiting) {
                drainers--;
                waiting.remove(element);
            }
            throw closed;
        }
    }

    private void drain() {
        for (List<T> batch = next(); !batch.isEmpty(); batch = next()) {
            work.accept(batch);
        }
    }

    /** The next batch; empty if there is none, and then this thread counts no longer. */
    private List<T> next() {
        synchronized (waiting) {
            List<T> batch = new ArrayList<>(Math.min(maxBatch, waiting.size()));
            long together = 0;
            while (batch.size() < maxBatch && !waiting.isEmpty()) {
                together += weight.applyAsLong(waiting.element());
                if (together > MAX_WEIGHT && !batch.isEmpty()) {
                    break;
                }
                batch.add(waiting.remove());
            }
            if (batch.isEmpty()) {
                drainers--;
            }
            return batch;
        }
    }
}
