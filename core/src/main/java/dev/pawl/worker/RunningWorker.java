package dev.pawl.worker;

import dev.pawl.job.JobId;
import dev.pawl.store.Claimed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ties it together: a thread that claims, slots that handle, {@link Recorder} which hands on what became of each attempt,
 * and {@link Renewer} which keeps the leases.
 */
final class RunningWorker implements Worker {
    private static final Logger log = LoggerFactory.getLogger(RunningWorker.class);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(5);
    private static final Duration LONGEST_PAUSE_AFTER_ERRORS = Duration.ofSeconds(10);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final WorkerContext context;
    private final WorkerSettings settings;
    private final HandlerRegistry registry;
    private final Listeners listeners;
    private final ScheduledExecutorService timer;
    private final Map<JobId, HandledJob> held = new ConcurrentHashMap<>();
    private final ExecutorService ownThreads;
    private final Slots slots;
    private final Alone alone = new Alone();
    private final Claimer claimer;
    private final Orphans orphans;
    private final Recorder recorder;
    private final StageRun stageRun;
    private final Renewer renewer;
    private final Thread claiming;
    private final @Nullable HousekeepingThread housekeeping;
    private final Signal signal = new Signal();
    private final Runnable onWake = this::wake;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicReference<@Nullable RejectedExecutionException> refusal = new AtomicReference<>();

    RunningWorker(WorkerContext context, WorkerSettings settings, HandlerRegistry registry, Listeners listeners) {
        this.context = context;
        this.settings = settings;
        this.registry = registry;
        this.listeners = listeners;
        this.ownThreads = Executors.newFixedThreadPool(settings.concurrency(), new NamedThreads(settings, "handler"));
        Executor executor = settings.executor().orElse(ownThreads);
        this.timer = Executors.newSingleThreadScheduledExecutor(new NamedThreads(settings, "timer"));
        this.recorder = new Recorder(context, listeners, timer, this::goOn, this::dropped, this::parentWoken);
        this.stageRun = new StageRun(registry, context, recorder);
        this.slots = new Slots(executor, settings.concurrency(), stageRun::run, this::roomMade);
        this.claimer = new Claimer(context.store(), settings, registry.runs());
        this.orphans = new Orphans(context.store(), settings.queue(), listeners);
        this.renewer = new Renewer(context, settings, listeners, held, slots, recorder, this::beginAloneAfterAll);
        this.claiming = new NamedThreads(settings, "claimer").newThread(this::claimUntilClosed);
        this.housekeeping =
                settings.housekeeping() ? Housekeeping.of(context, settings.queue(), settings.retention()) : null;
    }

    void start() {
        context.started().begin(this, () -> {
            claiming.start();
            renewer.start(timer);
            context.wakeups().add(settings.queue(), onWake);
        });
        log.info("{} started: {} handlers, lease {}", this, settings.concurrency(), settings.lease());
        if (housekeeping != null) {
            housekeeping.start();
        }
    }

    @Override
    public int held() {
        return held.size();
    }

    @Override
    public void wake() {
        signal.give();
    }

    private void claimUntilClosed() {
        Duration pause = SHORTEST_PAUSE;
        while (!closing.get()) {
            try {
                int free = free();
                boolean found = free > 0 && claim(free);
                boolean more = orphans.cancelIfDue();
                if (free == 0 && !more) {
                    signal.await(settings.pollInterval());
                }
                if (free == 0 || refusal.get() != null) {
                    continue;
                }
                pause = found ? SHORTEST_PAUSE : shorter(pause.multipliedBy(2), settings.pollInterval());
                if (!found && !more && signal.await(pause)) {
                    pause = SHORTEST_PAUSE;
                }
            } catch (InterruptedException closed) {
                return;
            } catch (RuntimeException failure) {
                pause = afterError(failure, pause);
            }
        }
    }

    private Duration afterError(RuntimeException failure, Duration pause) {
        Duration next = shorter(pause.multipliedBy(2), LONGEST_PAUSE_AFTER_ERRORS);
        log.warn("{} could not claim, tries again in {}: {}", this, next, failure.toString());
        listeners.tell(listener -> listener.storeFailed("claim", failure));
        try {
            TimeUnit.NANOSECONDS.sleep(next.toNanos());
        } catch (InterruptedException closed) {
            claiming.interrupt();
        }
        return next;
    }

    /**
     * How many jobs to claim now. Where handlers are quick, claims are kept large: while work is ready, the next is not made
     * before half of the room is free.
     */
    private int free() {
        if (alone.isReserved()) {
            return 0;
        }
        int room = settings.concurrency() + Math.min(settings.prefetch(), slots.perHorizon());
        int free = Math.max(0, room - held.size());
        return slots.ready() > 0 && free < room / 2 ? 0 : free;
    }

    /** Claims nothing while the executor takes nothing, but throws what it threw, so that there is a pause. */
    private boolean claim(int free) {
        RejectedExecutionException refused = refusal.getAndSet(null);
        if (refused != null) {
            throw refused;
        }
        long asked = System.nanoTime();
        List<Claimed> found = claimer.claim(free, mayTakeSuspects());
        for (Claimed claimed : found) {
            HandledJob job =
                    new HandledJob(registry.hold(claimed, settings.lease(), context.values(), context.store()), asked);
            HandledJob before = held.put(job.held().id(), job);
            if (before != null) { // its lease expired, and this very worker took it over
                before.stop(HandledJob.Stop.LOST);
            }
            recorder.claimed(job);
            begin(job, claimed.job().isSuspect() ? this::withCare : slots::claimed);
        }
        return !found.isEmpty();
    }

    /** One at a time, but none is waited for longer than a lease: it may take hours, and seems to kill nobody. */
    private boolean mayTakeSuspects() {
        long longAgo = System.nanoTime() - settings.lease().toNanos();
        return held.values().stream().noneMatch(job -> job.isSuspect() && job.readyAt() - longAgo >= 0);
    }

    /** The job may be the one that kills its workers: it never waits behind others, and the second time runs alone. */
    private void withCare(HandledJob job) {
        boolean again = job.held().job().takeovers() > 1
                && registry.exhausted(job.held()).isEmpty();
        if (again) {
            log.info(
                    "{}: taken over {} times, so it runs alone: {} claims nothing else until its stage is done",
                    job,
                    job.held().job().takeovers(),
                    this);
            alone.reserve(job);
            slots.takeAll().forEach(this::giveBack);
            beginAloneIfNothingElse();
        } else {
            slots.next(job);
        }
    }

    private void beginAloneIfNothingElse() {
        beginAlone(job -> held.size() == 1);
    }

    /** Rather beside others than never. */
    private void beginAloneAfterAll(long waitedSince) {
        beginAlone(job -> job.readyAt() - waitedSince < 0);
    }

    private void beginAlone(Predicate<HandledJob> may) {
        HandledJob job = alone.begin(may);
        if (job != null) {
            begin(job, slots::next);
        }
    }

    private void giveBack(HandledJob job) {
        recorder.record(job, job.held().releasing(), Duration.ZERO);
    }

    /** The job's next stage begins, or the job goes back, since nothing begins any more. */
    private void goOn(HandledJob job) {
        job.readyAt(System.nanoTime());
        job.goesOn();
        alone.done(job);
        begin(job, slots::next);
    }

    private void begin(HandledJob job, Consumer<HandledJob> start) {
        if (closing.get() || alone.excludes(job)) {
            giveBack(job);
            return;
        }
        try {
            start.accept(job);
        } catch (RejectedExecutionException refused) {
            log.warn("{}: the executor takes no more handlers, so the job is given back: {}", job, refused.toString());
            refusal.set(refused);
            giveBack(job);
        }
    }

    /** The job is no concern of this worker's any more. */
    private void dropped(HandledJob job, boolean givenBack) {
        held.remove(job.held().id(), job);
        if (alone.done(job) || givenBack) {
            claimer.lookBehind();
        }
        beginAloneIfNothingElse();
        roomMade();
    }

    /** Its place lies behind what was claimed since; other workers on the queue find it at their next full look. */
    private void parentWoken() {
        claimer.lookBehind();
        roomMade();
    }

    /** Wakes the claimer, but not for nothing: under load this is called for every job. */
    private void roomMade() {
        if (closing.get() || free() > 0) {
            signal.give();
        }
    }

    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        context.wakeups().remove(settings.queue(), onWake);
        claiming.interrupt();
        boolean interrupted = joined(claiming);
        if (housekeeping != null) {
            housekeeping.close();
        }
        slots.takeAll().forEach(this::giveBack);
        HandledJob waiting = alone.giveUp();
        if (waiting != null) {
            giveBack(waiting);
        }
        interrupted |= awaitIdle(settings.grace());
        held.values().forEach(this::interruptAndGiveBack);
        interrupted |= awaitIdle(LAST_WORDS);
        timer.shutdownNow();
        ownThreads.shutdownNow();
        context.started().ended(this);
        log.info("{} closed, holding {} jobs", this, held.size());
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What a handler still works on goes back at once; what it has finished is under way, and goes back after that. */
    private void interruptAndGiveBack(HandledJob job) {
        if (job.takeFromHandler()) {
            stageRun.stopped(job);
        }
    }

    /** Waits until nothing is held, or the time is over; says whether it was interrupted, which ends the waiting. */
    private boolean awaitIdle(Duration most) {
        long deadline = System.nanoTime() + most.toNanos();
        try {
            while (!held.isEmpty() && System.nanoTime() - deadline < 0) {
                signal.await(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
            }
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    private static boolean joined(Thread thread) {
        try {
            thread.join(LAST_WORDS.toMillis());
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** {@code worker host-17 on queue recap, running [recap v1]}. */
    @Override
    public String toString() {
        return "worker " + settings.name() + " on queue " + settings.queue() + ", running " + registry;
    }
}
