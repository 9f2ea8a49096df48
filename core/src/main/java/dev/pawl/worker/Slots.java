package dev.pawl.worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The jobs that are ready to be handled, and the threads that handle them: as many tasks on the executor as there is work
 * for, and no more than the concurrency. A task takes one job after the other and ends when none is ready.
 */
final class Slots {
    private static final double NANOS_OF_HORIZON = 100e6;
    private static final double WEIGHT = 1.0 / 16;

    private final Executor executor;
    private final int concurrency;
    private final Consumer<HandledJob> work;
    private final Runnable onEmpty;
    private final ArrayDeque<HandledJob> ready = new ArrayDeque<>();
    private int taken;
    private long seen;
    private double meanNanos;

    Slots(Executor executor, int concurrency, Consumer<HandledJob> work, Runnable onEmpty) {
        this.executor = executor;
        this.concurrency = concurrency;
        this.work = work;
        this.onEmpty = onEmpty;
        this.meanNanos = NANOS_OF_HORIZON * concurrency; // until something is known, nothing is prefetched
    }

    /** Started work goes before new work, so that it ends sooner. */
    void next(HandledJob job) {
        add(job, true);
    }

    void claimed(HandledJob job) {
        add(job, false);
    }

    private void add(HandledJob job, boolean first) {
        boolean start;
        synchronized (this) {
            if (first) {
                ready.addFirst(job);
            } else {
                ready.addLast(job);
            }
            start = taken < concurrency;
            if (start) {
                taken++;
            }
        }
        if (start) {
            try {
                executor.execute(this::run);
            } catch (RuntimeException | Error refused) {
                synchronized (this) {
                    taken--;
                    ready.remove(job);
                }
                throw refused;
            }
        }
    }

    private void run() {
        for (HandledJob job = poll(); job != null; job = poll()) {
            if (ready() == 0) {
                onEmpty.run();
            }
            long from = System.nanoTime();
            work.accept(job);
            took(System.nanoTime() - from);
        }
    }

    private synchronized @Nullable HandledJob poll() {
        HandledJob job = ready.poll();
        if (job == null) {
            taken--;
        }
        return job;
    }

    private synchronized void took(long nanos) {
        seen++;
        meanNanos += Math.max(WEIGHT, 1.0 / seen)
                * (nanos - meanNanos); // the first alone says more than the guess before it
    }

    synchronized int ready() {
        return ready.size();
    }

    /** How many jobs the handlers finish in a tenth of a second, if all goes on as it did, less the one at hand. */
    synchronized int perHorizon() {
        double finished = NANOS_OF_HORIZON * concurrency / Math.max(1, meanNanos);
        return Math.max(0, (int) Math.min(Integer.MAX_VALUE, finished) - 1); // slow handlers must not cost a slot
    }

    /** Takes out those that have been ready since before a time without having begun. */
    synchronized List<HandledJob> takeUnbegun(long before) {
        List<HandledJob> taken = new ArrayList<>();
        ready.removeIf(job -> {
            boolean stale = !job.begun() && job.readyAt() - before < 0;
            if (stale) {
                taken.add(job);
            }
            return stale;
        });
        return taken;
    }

    /** Takes out all. */
    synchronized List<HandledJob> takeAll() {
        List<HandledJob> all = List.copyOf(ready);
        ready.clear();
        return all;
    }
}
