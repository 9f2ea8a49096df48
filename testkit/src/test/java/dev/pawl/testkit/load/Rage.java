package dev.pawl.testkit.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that do what they do again and again, in each others' way. */
final class Rage {
    private Rage() {}

    /** A step of one thread's, again and again. */
    @FunctionalInterface
    interface Step {
        void take(Random random) throws Exception;
    }

    /** All at once, each at least once, until the time is over; throws what any of them threw. */
    static void on(Duration length, Random seeds, List<Step> steps) throws Exception {
        long end = System.nanoTime() + length.toNanos();
        ExecutorService threads = Executors.newFixedThreadPool(steps.size());
        try {
            List<Future<?>> running = new ArrayList<>();
            for (Step step : steps) {
                Random random = new Random(seeds.nextLong());
                running.add(threads.submit(() -> {
                    do {
                        step.take(random);
                    } while (System.nanoTime() < end);
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
