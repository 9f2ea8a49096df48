package dev.pawl.dashboard;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers that are kept for a moment, failures too: who asks for what was just asked shares its answer, and who asks while it is being
 * looked up waits for the same. So a hundred pages cost the database what one costs.
 */
final class Memo<V> {
    private static final int MOST = 100;

    private final Map<String, Entry<V>> entries = new ConcurrentHashMap<>();
    private final Executor runner;
    private final Duration patience;
    private final LongSupplier nanos;

    /**
     * Without answers.
     *
     * @param runner by whose threads they are looked up; must not wait for a memo of the same runner, unless it is the caller's thread
     * @param patience how long is waited for one
     * @param nanos a clock that only rises
     */
    Memo(Executor runner, Duration patience, LongSupplier nanos) {
        this.runner = runner;
        this.patience = patience;
        this.nanos = nanos;
    }

    private record Entry<V>(FutureTask<V> task, long bornAt) {}

    /** An answer that is not older than that, and was not asked for earlier than that. */
    V get(String key, Duration fresh, Callable<V> question) {
        long now = nanos.getAsLong();
        FutureTask<V> mine = new FutureTask<>(question);
        FutureTask<V> task = entries.compute(
                        key,
                        (any, known) -> known != null && isGood(known, now, fresh) ? known : new Entry<>(mine, now))
                .task();
        if (task.equals(mine)) {
            run(mine);
            sweep(now);
        }
        return await(task);
    }

    /** Young enough, or still being looked up. */
    private boolean isGood(Entry<V> known, long now, Duration fresh) {
        long age = now - known.bornAt();
        return age < fresh.toNanos() || (!known.task().isDone() && age < patience.toNanos());
    }

    void forget() {
        entries.clear();
    }

    private void run(FutureTask<V> mine) {
        try {
            runner.execute(mine);
        } catch (RejectedExecutionException full) {
            entries.values().removeIf(entry -> entry.task().equals(mine));
            mine.cancel(false);
            throw Problem.tooSlow("Too many questions are being asked of the database. Ask again in a moment.");
        }
    }

    private void sweep(long now) {
        if (entries.size() > MOST / 8) {
            entries.values()
                    .removeIf(entry -> entry.task().isDone()
                            && now - entry.bornAt() > Duration.ofSeconds(5).toNanos());
        }
        if (entries.size() > 2 * MOST) {
            entries.clear(); // those who wait have their tasks
        }
    }

    private V await(FutureTask<V> task) {
        try {
            return task.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw Problem.tooSlow("The database has not answered within " + patience.toSeconds()
                    + " s. Ask again in a moment, or ask for less.");
        } catch (CancellationException e) {
            throw Problem.tooSlow("Too many questions are being asked of the database. Ask again in a moment.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.tooSlow("The dashboard is being closed.");
        } catch (ExecutionException e) {
            throw unchecked(e.getCause());
        }
    }

    private static RuntimeException unchecked(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
    }
}
