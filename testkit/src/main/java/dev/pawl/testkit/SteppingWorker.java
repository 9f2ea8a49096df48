package dev.pawl.testkit;

import dev.pawl.job.JobId;
import dev.pawl.job.Outcome;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.RefusedException;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.Claimed;
import dev.pawl.store.Commits;
import dev.pawl.store.HeldJob;
import dev.pawl.store.JobState;
import dev.pawl.store.JobWrite;
import dev.pawl.store.StoreException;
import dev.pawl.worker.Attempted;
import dev.pawl.worker.HandlerRegistry;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.WorkerContext;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Steps through stages with the parts that a worker has, and without its threads. */
final class SteppingWorker implements StepWorker {
    static final Duration LEASE = Duration.ofSeconds(30);

    private static final int TAKEOVERS = 5;
    private static final int TRIES = 10;
    private static final int ENDLESS = 10_000;
    private static final int ORPHANS_AT_ONCE = 500;
    private static final Outcome<?> NOT_YET = Outcome.later(Duration.ZERO);

    private final WorkerContext context;
    private final HandlerRegistry registry;
    private final String queue;
    private final Supplier<String> holders;

    private @Nullable HeldJob<?> held;
    private @Nullable Ran ran;

    /** What came of a handler: a write, to be made unless the handler made it. */
    private record Ran(JobWrite.AtStage write, boolean isRecorded, Optional<Throwable> thrown) {}

    SteppingWorker(WorkerContext context, HandlerRegistry registry, String queue, Supplier<String> holders) {
        this.context = context;
        this.registry = registry;
        this.queue = queue;
        this.holders = holders;
    }

    static HandlerRegistry registry(List<Handlers<?>> handlers) {
        return new HandlerRegistry(handlers, TAKEOVERS, new Random(1));
    }

    @Override
    public Optional<JobId> claim() {
        if (held != null) {
            throw new AssertionError("this worker holds a job already: " + held);
        }
        context.store().cancelOrphans(queue, ORPHANS_AT_ONCE);
        for (Optional<HeldJob<?>> next = claimNext(); next.isPresent(); next = claimNext()) {
            held = next.get();
            Optional<JobWrite.AtStage> exhausted = registry.exhausted(held);
            if (exhausted.isEmpty()) {
                return Optional.of(held.id());
            }
            write(exhausted.get());
        }
        return Optional.empty();
    }

    private Optional<HeldJob<?>> claimNext() {
        ClaimRequest request = ClaimRequest.everywhere(queue, registry.runs(), holders.get(), LEASE, 1);
        List<Claimed> claimed = context.store().claim(request);
        return claimed.stream()
                .<HeldJob<?>>map(one -> registry.hold(one, LEASE, context.values(), context.store()))
                .findFirst();
    }

    @Override
    public Outcome<?> runHandler() {
        HeldJob<?> job = holding();
        try {
            Attempted attempted = registry.run(job, context.rows(), this::save, () -> {});
            ran = new Ran(attempted.write(), attempted.isRecorded(), Optional.empty());
            return attempted.outcome().orElse(NOT_YET);
        } catch (Throwable failure) { // whatever a handler throws is a failed attempt
            ran = new Ran(registry.failing(job, failure), false, Optional.of(failure));
            SteppingWorker.<RuntimeException>throwAsItIs(failure);
            throw new AssertionError("not reached", failure);
        }
    }

    /** Checked or not, it is the handler's, and the test that steps through it knows it. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwAsItIs(Throwable failure) throws T {
        throw (T) failure;
    }

    private void save(HeldJob<?> job, Object progress) {
        job.mayWriteAlone();
        JobWrite.SaveProgress write = job.saving(progress);
        JobState after = context.refusals()
                .orThrow(write, job.lease(), Commits.await(context.commits().submit(write)));
        job.answered(after);
        job.saved(write);
    }

    @Override
    public void record() {
        HeldJob<?> job = holding();
        Ran result = ran;
        if (result == null) {
            throw new AssertionError("nothing to record: no handler has run for " + job);
        }
        ran = null;
        if (result.isRecorded()) {
            letGoUnless(job.recorded(result.write()));
        } else {
            write(result.write());
        }
    }

    @Override
    public void stage() {
        if (held == null && claim().isEmpty()) {
            throw new AssertionError("nothing is claimable in queue " + queue + " for " + registry);
        }
        String at = String.valueOf(held);
        Optional<Throwable> thrown = step();
        if (thrown.isPresent()) {
            throw new AssertionError("the handler failed: " + at, thrown.get());
        }
    }

    /** Runs and writes; returns what the handler threw. */
    private Optional<Throwable> step() {
        try {
            runHandler();
        } catch (Throwable failure) {
            if (ran == null) {
                throw failure;
            }
        }
        Optional<Throwable> thrown = Objects.requireNonNull(ran).thrown();
        record();
        return thrown;
    }

    @Override
    public void renew() {
        HeldJob<?> job = holding();
        write(job.renewal());
    }

    @Override
    public void untilIdle() {
        for (int i = 0; i < ENDLESS; i++) {
            if (held == null && claim().isEmpty()) {
                return;
            }
            try {
                step();
            } catch (RefusedException lost) {
                held = null;
            }
        }
        throw new AssertionError(ENDLESS + " stages were run, and there is still work in queue " + queue
                + ": does a handler say later(Duration.ZERO) for ever?");
    }

    @Override
    public void crash() {
        held = null;
        ran = null;
    }

    private HeldJob<?> holding() {
        HeldJob<?> job = held;
        if (job == null) {
            throw new AssertionError("this worker holds no job: it has to claim one first");
        }
        return job;
    }

    /** Until there is an answer: a repeat of what was written changes nothing. */
    private void write(JobWrite.Fenced write) {
        HeldJob<?> job = holding();
        RuntimeException last = null;
        for (int tries = 0; tries < TRIES; tries++) {
            try {
                JobState after = context.refusals()
                        .orThrow(
                                write,
                                job.lease(),
                                Commits.await(context.commits().submit(write)));
                letGoUnless(job.answered(after));
                return;
            } catch (StoreException | BusyException again) {
                last = again;
            } catch (RefusedException refused) {
                letGoUnless(!refused.refusal().isLeaseLost());
                throw refused;
            }
        }
        throw Objects.requireNonNull(last);
    }

    private void letGoUnless(boolean ours) {
        if (!ours) {
            held = null;
        }
    }

    /** {@code step worker on recap}. */
    @Override
    public String toString() {
        return "step worker on " + queue + (held == null ? "" : ", holding " + held);
    }
}
