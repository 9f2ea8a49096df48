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
            stopped(job);
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
            if (failure instanceof UnjudgedException unjudged) {
                recorder.unjudged(job, unjudged);
            }
            if (stop == HandledJob.Stop.NONE) {
                recorder.record(job, registry.failing(job.held(), failure), since(from));
            } else {
                interrupted(job, stop, Optional.of(failure));
            }
        }
    }

    /** Writes what becomes of a job whose handler has not begun, or will not be heard: by the first reason why it was stopped. */
    void stopped(HandledJob job) {
        unfinished(job, job.stopped(), Optional.empty());
    }

    /** Nothing of a job that was taken from its handler: that is under way. */
    private void interrupted(HandledJob job, HandledJob.Stop stop, Optional<Throwable> thrown) {
        if (!job.isTaken()) {
            unfinished(job, stop, thrown);
        }
    }

    private void returned(HandledJob job, Attempted attempted, HandledJob.Stop stop, Duration took) {
        if (attempted.isRecorded()) {
            recorder.recorded(job, attempted.write(), took, job.held().recorded(attempted.write()));
        } else if (stop == HandledJob.Stop.LOST || stop == HandledJob.Stop.CLOSING) {
            interrupted(job, stop, Optional.empty());
        } else if (!job.isTaken()) { // its lease may have run out by the clock here, but the store knows better
            recorder.record(job, attempted.write(), took);
        }
    }

    private void unfinished(HandledJob job, HandledJob.Stop stop, Optional<Throwable> thrown) {
        switch (stop) {
            case SILENT -> {
                Throwable silent = new SilentHandlerException(job.held().stage().name(), thrown);
                recorder.record(job, registry.failing(job.held(), silent), Duration.ZERO);
            }
            case EXPIRED, CLOSING -> recorder.record(job, job.held().releasing(), Duration.ZERO);
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
