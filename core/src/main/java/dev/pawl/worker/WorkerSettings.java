package dev.pawl.worker;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/** How a worker is to work; see {@link Worker.Builder}. */
record WorkerSettings(
        String queue,
        String name,
        int concurrency,
        int prefetch,
        Duration lease,
        Duration pollInterval,
        Duration grace,
        Optional<Duration> silence,
        Optional<Executor> executor,
        boolean housekeeping,
        Retention retention) {}
