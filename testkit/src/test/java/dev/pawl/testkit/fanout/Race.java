package dev.pawl.testkit.fanout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Threads in step: in each round all of them begin at the same instant. */
final class Race {
    private static final long PATIENCE_SECONDS = 100;

    private Race() {}

    /** One thread's part of a round. */
    @FunctionalInterface
    interface Racer {
        void run(int round) throws Exception;
    }

    /** Runs all the rounds, and throws what the first one threw that failed. */
    static void run(int rounds, Racer... racers) throws Exception {
        CyclicBarrier start = new CyclicBarrier(racers.length);
        ExecutorService threads = Executors.newFixedThreadPool(racers.length);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (Racer racer : racers) {
                running.add(threads.submit(() -> run(rounds, start, racer, threads)));
            }
            Exception failure = null;
            for (Future<?> one : running) {
                try {
                    one.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                } catch (ExecutionException failed) {
                    failure = failure == null || !isStopped(failed.getCause()) ? failed : failure;
                }
            }
            if (failure != null) {
                throw failure;
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Void run(int rounds, CyclicBarrier start, Racer racer, ExecutorService threads) throws Exception {
        try {
            for (int round = 0; round < rounds; round++) {
                start.await();
                racer.run(round);
            }
            return null;
        } catch (Exception | Error failure) {
            threads.shutdownNow(); // nobody waits for one that does not come
            throw failure;
        }
    }

    private static boolean isStopped(Throwable failure) {
        return failure instanceof BrokenBarrierException || failure instanceof InterruptedException;
    }
}
