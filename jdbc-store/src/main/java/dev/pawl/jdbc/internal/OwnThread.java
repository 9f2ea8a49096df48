package dev.pawl.jdbc.internal;

import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A thread of Pawl's own, to which no framework has bound a transaction: what a data source gives it is nobody else's. It inherits
 * nothing of the thread that made it.
 */
public final class OwnThread extends Thread {
    private static final ExecutorService CALLS = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            work -> new OwnThread(work, "pawl-call"));

    /** A daemon. */
    public OwnThread(Runnable work, String name) {
        super(null, work, name, 0, false);
        setDaemon(true);
    }

    /** What is called. */
    @FunctionalInterface
    public interface Call<T, X extends Exception> {
        /** Does it. */
        T call() throws X;
    }

    static boolean isCurrent() {
        return Thread.currentThread() instanceof OwnThread;
    }

    /**
     * Calls on a thread of Pawl's own, and waits for the answer, through interrupts too, as a driver does: in this thread if it is
     * one.
     *
     * @return what the call returned
     * @throws X what it threw
     */
    public static <T, X extends Exception> T call(Call<T, X> call) throws X {
        if (isCurrent()) {
            return call.call();
        }
        FutureTask<T> answer = new FutureTask<>(call::call);
        CALLS.execute(answer);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return answer.get();
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException failure) {
            Throwable thrown = failure.getCause();
            if (thrown instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (thrown instanceof Error error) {
                throw error;
            }
            @SuppressWarnings("unchecked") // what else a call throws is an X
            X declared = (X) Objects.requireNonNull(thrown);
            throw declared;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
