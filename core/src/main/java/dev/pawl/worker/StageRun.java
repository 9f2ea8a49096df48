package dev.pawl.worker;

import dev.pawl.lease.RefusedException;
import dev.pawl.store.Answer;
import dev.pawl.store.Commits;
import dev.pawl.store.HeldJob;
import dev.pawl.store.JobState;
import dev.pawl.store.JobWrite;
import java.time.Duration;
import java.util.Optional;

/** Runs the handler of a job's current stage in the thread of a slot, and judges what came of it. */
final class StageRun {
    private final HandlerRegistry registry;
    private final WorkerContext context;
    private final Recorder recorder;

    StageRun(HandlerRegistry registry, WorkerContext context, Recorder recorder) {
        this.registry = registry;
        this.context = context;
        this.recorder = recorder;
    }

    void run(HandledJob job) {
        Optional<JobWrite.AtStage> exhausted = registry.exhausted(job.held());
        if (exhausted.isPresent()) {
            recorder.record(job, exhausted.get(), Duration.ZERO);
            return;
        }
        long from = System.nanoTime();
        if (!job.begin(from)) {
            unfinished(job, job.stopped(), Optional.empty());
            return;
        }
        try {
            Attempted attempted = registry.run(
                    job.held(),
                    context.rows(),
                    (held, progress) -> save(job, held, progress),
                    () -> job.heardAt(System.nanoTime()));
            returned(job, attempted, job.end(), since(from));
        } catch (Throwable failure) { // whatever a handler throws, its job must not stay behind
            HandledJob.Stop stop = job.end();
            if (stop == HandledJob.Stop.NONE) {
                recorder.record(job, registry.failing(job.held(), failure), since(from));
            } else {
                unfinished(job, stop, Optional.of(failure));
            }
        }
    }

    private void returned(HandledJob job, Attempted attempted, HandledJob.Stop stop, Duration took) {
        if (attempted.isRecorded()) {
            recorder.recorded(job, attempted.write(), took, job.held().recorded(attempted.write()));
        } else if (stop == HandledJob.Stop.LOST || stop == HandledJob.Stop.CLOSING) {
            unfinished(job, stop, Optional.empty());
        } else if (stop == HandledJob.Stop.NONE || job.mayLeave()) {
            recorder.record(
                    job, attempted.write(), took); // the lease may have run out here, but the store knows better
        }
    }

    /** The worker closes, and does not wait for the handler any longer. */
    void leave(HandledJob job) {
        unfinished(job, job.stopped(), Optional.empty());
    }

    /** The handler was interrupted, or has not begun. */
    private void unfinished(HandledJob job, HandledJob.Stop stop, Optional<Throwable> thrown) {
        switch (stop) {
            case SILENT -> {
                if (job.mayLeave()) {
                    Throwable silent =
                            new SilentHandlerException(job.held().stage().name(), thrown);
                    recorder.record(job, registry.failing(job.held(), silent), Duration.ZERO);
                }
            }
            case EXPIRED, CLOSING -> {
                if (job.mayLeave()) {
                    recorder.record(job, job.held().releasing(), Duration.ZERO);
                }
            }
            case NONE, LOST -> recorder.drop(job);
        }
    }

    private void save(HandledJob job, HeldJob<?> held, Object progress) {
        held.mayWriteAlone();
        JobWrite.SaveProgress write = held.saving(progress);
        long before = System.nanoTime();
        Answer answer = Commits.await(context.commits().submit(write));
        JobState after;
        try {
            after = context.refusals().orThrow(write, held.lease(), answer);
        } catch (RefusedException refused) {
            recorder.told(write, refused.refusal());
            if (refused.refusal().isLeaseLost()) {
                job.stop(HandledJob.Stop.LOST);
            }
            throw refused;
        }
        held.answered(after);
        held.saved(write);
        job.sureAt(before);
    }

    private static Duration since(long from) {
        return Duration.ofNanos(System.nanoTime() - from);
    }
}
