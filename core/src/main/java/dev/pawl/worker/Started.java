package dev.pawl.worker;

import dev.pawl.Running;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What was started on a Pawl and goes on: nothing begins once its end has. Safe for use by many threads. */
public final class Started {
    private final Set<Running> running = new LinkedHashSet<>();
    private boolean over;

    /** Nothing yet. */
    public Started() {}

    /**
     * Begins something, or refuses it: what has begun here is closed by {@link #close}, and what is refused has left nothing.
     *
     * @param one to be closed
     * @param begin starts its threads; quick
     * @throws IllegalStateException if the end has come; nothing has begun
     */
    void begin(Running one, Runnable begin) {
        try {
            beginUnlessOver(one, begin);
        } catch (RuntimeException | Error failure) { // no more threads to be had, say: some may have begun
            ended(one);
            one.close();
            throw failure;
        }
    }

    private synchronized void beginUnlessOver(Running one, Runnable begin) {
        if (over) {
            throw WorkerContext.isClosed();
        }
        running.add(one);
        begin.run();
    }

    /** It is closed, or ended by itself. */
    synchronized void ended(Running one) {
        running.remove(one);
    }

    /** Lets nothing begin any more, and closes what goes on, all of it, whatever one of them throws. */
    public void close() {
        RuntimeException failed = null;
        for (Running one : last()) {
            try {
                one.close();
            } catch (RuntimeException failure) {
                if (failed == null) {
                    failed = failure;
                } else {
                    failed.addSuppressed(failure);
                }
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    private synchronized List<Running> last() {
        over = true;
        return List.copyOf(running);
    }
}
