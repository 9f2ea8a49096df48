package dev.pawl.worker;

import dev.pawl.internal.Checks;
import dev.pawl.job.JobStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;

/** Collects the settings, each checked as it comes. */
final class WorkerBuilder implements Worker.Builder {
    private static final Duration SHORTEST_LEASE = Duration.ofMillis(100);
    private static final Duration SHORTEST_POLL = Duration.ofMillis(1);
    private static final int LONGEST_NAME = 100;

    private final WorkerContext context;
    private final String queue;
    private final List<Handlers<?>> handlers = new ArrayList<>();
    private final List<WorkerListener> listeners = new ArrayList<>();
    private String name;
    private int concurrency = 10;
    private int prefetch = 1_000;
    private int takeovers = HandlerRegistry.STANDARD_TAKEOVERS;
    private Duration lease = Duration.ofSeconds(30);
    private Duration pollInterval = Duration.ofSeconds(1);
    private Duration grace = Duration.ofSeconds(30);
    private Optional<Duration> silence = Optional.empty();
    private Optional<Executor> executor = Optional.empty();
    private boolean housekeeping = true;
    private Retention retention = Retention.FOR_EVER;

    WorkerBuilder(WorkerContext context, String queue) {
        this.context = context;
        this.queue = queue;
        this.name = context.name();
    }

    @Override
    public Worker.Builder run(Handlers<?> more) {
        handlers.add(Objects.requireNonNull(more, "handlers"));
        return this;
    }

    @Override
    public Worker.Builder name(String worker) {
        Checks.printable("worker name", worker);
        Checks.between("characters of the worker name", worker.length(), 1, LONGEST_NAME);
        name = worker;
        return this;
    }

    @Override
    public Worker.Builder concurrency(int most) {
        concurrency = Checks.between("concurrency", most, 1, 10_000);
        return this;
    }

    @Override
    public Worker.Builder prefetch(int jobs) {
        prefetch = Checks.between("prefetch", jobs, 0, 9_000);
        return this;
    }

    @Override
    public Worker.Builder lease(Duration length) {
        lease = Checks.atLeast("lease length", Checks.positive("lease length", length), SHORTEST_LEASE);
        return this;
    }

    @Override
    public Worker.Builder pollInterval(Duration interval) {
        pollInterval = Checks.atLeast("poll interval", Checks.positive("poll interval", interval), SHORTEST_POLL);
        return this;
    }

    @Override
    public Worker.Builder takeovers(int max) {
        takeovers = Checks.between("takeovers", max, 0, Integer.MAX_VALUE - 1);
        return this;
    }

    @Override
    public Worker.Builder letGoAfterSilence(Duration longest) {
        silence = Optional.of(Checks.positive("silence", longest));
        return this;
    }

    @Override
    public Worker.Builder executor(Executor callers) {
        executor = Optional.of(Objects.requireNonNull(callers, "executor"));
        return this;
    }

    @Override
    public Worker.Builder grace(Duration onClose) {
        grace = Checks.notNegative("grace", onClose);
        return this;
    }

    @Override
    public Worker.Builder listener(WorkerListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
        return this;
    }

    @Override
    public Worker.Builder keep(JobStatus outcome, Duration time) {
        retention = retention.keep(queue, outcome, time);
        return this;
    }

    @Override
    public Worker.Builder housekeeping(boolean on) {
        housekeeping = on;
        return this;
    }

    @Override
    public Worker start() {
        context.checkOpen();
        if (!housekeeping && !retention.queues().isEmpty()) {
            throw new IllegalStateException(
                    "the worker on queue " + queue + " is told how long to keep jobs, and to do no"
                            + " housekeeping: leave one of the two, or tell pawl.housekeeping() how long to keep them");
        }
        HandlerRegistry registry = new HandlerRegistry(handlers, takeovers, new SplittableRandom());
        registry.describe(context.rows(), context.store());
        WorkerSettings settings = new WorkerSettings(
                queue,
                name,
                concurrency,
                prefetch,
                lease,
                pollInterval,
                grace,
                silence,
                executor,
                housekeeping,
                retention);
        RunningWorker worker = new RunningWorker(context, settings, registry, new Listeners(listeners));
        worker.start();
        return worker;
    }
}
