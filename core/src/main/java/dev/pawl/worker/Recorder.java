package dev.pawl.worker;

import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.Refusal;
import dev.pawl.store.Answer;
import dev.pawl.store.HeldJob;
import dev.pawl.store.JobState;
import dev.pawl.store.JobWrite;
import dev.pawl.store.RefusedWrite;
import dev.pawl.store.StoreException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands what became of an attempt to group commit, without blocking, and goes on when the answer is there: with the next
 * stage, or with nothing. What could not be written, since the store can't be reached or the row is busy, is asked for again
 * as it was, until there is an answer: a repeat changes nothing.
 */
final class Recorder {
    private static final Logger log = LoggerFactory.getLogger(Recorder.class);
    private static final long FIRST_RETRY_MILLIS = 20;
    private static final int DOUBLINGS = 8;

    private final WorkerContext context;
    private final Listeners listeners;
    private final ScheduledExecutorService timer;
    private final Consumer<HandledJob> goOn;
    private final Dropped dropped;
    private final Runnable parentWoken;

    /** Forgets a job. */
    interface Dropped {
        /**
         * The worker has nothing more to do with the job.
         *
         * @param givenBack whether the job, or children of it, may be claimable at its old place, behind what was claimed since
         */
        void dropped(HandledJob job, boolean givenBack);
    }

    Recorder(
            WorkerContext context,
            Listeners listeners,
            ScheduledExecutorService timer,
            Consumer<HandledJob> goOn,
            Dropped dropped,
            Runnable parentWoken) {
        this.context = context;
        this.listeners = listeners;
        this.timer = timer;
        this.goOn = goOn;
        this.dropped = dropped;
        this.parentWoken = parentWoken;
    }

    void claimed(HandledJob job) {
        HeldJob<?> held = job.held();
        String stage = held.stage().name();
        held.claimed().takenFrom().ifPresent(from -> {
            log.info("{}: taken over at {} from {} by {}", held.id(), stage, from, held.fence());
            listeners.tell(listener -> listener.takenOver(
                    held.id(), stage, held.lease(), from, held.job().takeovers()));
        });
        listeners.tell(listener -> listener.claimed(held.id(), stage, held.lease()));
    }

    /** Writes, and goes on after the answer. */
    void record(HandledJob job, JobWrite.AtStage write, Duration took) {
        long before = System.nanoTime();
        whenAnswered(write, (answer, failure) -> {
            if (failure != null) {
                failed(job, write, took, failure);
            } else {
                answered(job, write, took, before, answer);
            }
        });
    }

    /** Writes without blocking, and calls back with the answer, or with what the store failed with. */
    void whenAnswered(JobWrite write, BiConsumer<Answer, Throwable> then) {
        var unused = context.commits().submit(write).whenComplete((answer, failure) -> {
            try {
                then.accept(answer, failure);
            } catch (RuntimeException unexpected) {
                log.error("{}: its answer could not be handled; the lease will expire", write.job(), unexpected);
            }
        });
    }

    /** Goes on after what the handler wrote itself, in a transaction of its own. */
    void recorded(HandledJob job, JobWrite.AtStage write, Duration took, boolean ours) {
        tell(job.held(), write, took);
        next(job, write, ours);
    }

    /** Takes note of a refusal that the writer was told already. */
    void told(JobWrite.Fenced write, Refusal refusal) {
        told(RefusedWrite.of(write, refusal));
    }

    void told(RefusedWrite refused) {
        listeners.tell(listener -> listener.refused(refused));
    }

    /** Takes note of what kept the store from saying what has become of a job's children. */
    void unjudged(HandledJob job, UnjudgedException failure) {
        log.warn("{}: its children could not be judged, is given back: {}", job, failure.getMessage());
        listeners.tell(listener -> listener.storeFailed("judge the children of " + job, failure.why()));
    }

    void drop(HandledJob job) {
        dropped.dropped(job, false);
    }

    private void answered(HandledJob job, JobWrite.AtStage write, Duration took, long before, Answer answer) {
        if (answer instanceof Answer.Busy) {
            again(job, write, took);
            return;
        }
        if (answer instanceof Answer.Refused refused) {
            refused(job, write, took, refused.refusal());
            return;
        }
        job.answered();
        JobState after = answer instanceof Answer.Done done ? done.job() : ((Answer.Repeated) answer).job();
        boolean ours = job.held().answered(after);
        job.sureAt(before);
        tell(job.held(), write, took);
        if (answer instanceof Answer.Done done && done.wokeParent()) {
            parentWoken.run();
        }
        next(job, write, ours);
    }

    /** Also by our own doing: what lets go of a job is refused when it is repeated. */
    private void refused(HandledJob job, JobWrite.AtStage write, Duration took, Refusal refusal) {
        boolean ours;
        try {
            ours = job.isMaybeWritten() && job.held().letGoBefore(write, refusal);
        } catch (StoreException unknown) {
            failed(job, write, took, unknown);
            return;
        }
        job.answered();
        if (ours) {
            tell(job.held(), write, took);
            next(job, write, false);
            return;
        }
        context.refusals().add(RefusedWrite.of(write, refusal));
        told(write, refusal);
        dropped.dropped(job, false);
    }

    private void next(HandledJob job, JobWrite.AtStage write, boolean ours) {
        if (ours) {
            goOn.accept(job);
        } else {
            boolean givenBack = write instanceof JobWrite.Release
                    || write instanceof JobWrite.FanOut
                    || write instanceof JobWrite.AwaitChildren;
            dropped.dropped(job, givenBack);
        }
    }

    private void failed(HandledJob job, JobWrite.AtStage write, Duration took, Throwable failure) {
        log.warn("{}: could not be written, is tried again: {}", job, failure.toString());
        if (failure instanceof StoreException lost && lost.mayHaveHappened()) {
            job.maybeWritten();
        }
        if (failure instanceof RuntimeException unchecked) {
            listeners.tell(listener -> listener.storeFailed("write to " + job, unchecked));
        }
        again(job, write, took);
    }

    private void again(HandledJob job, JobWrite.AtStage write, Duration took) {
        long millis = FIRST_RETRY_MILLIS << Math.min(DOUBLINGS, job.nextRetry() - 1);
        try {
            var unused = timer.schedule(() -> record(job, write, took), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            dropped.dropped(job, false); // its lease expires, and another goes on from the last checkpoint
        }
    }

    private void tell(HeldJob<?> held, JobWrite.AtStage write, Duration took) {
        JobId id = held.id();
        String stage = held.pipeline().stages().get(write.stage()).name();
        JobStatus status = held.job().status();
        if (write instanceof JobWrite.Checkpoint) {
            listeners.tell(listener -> listener.checkpointed(id, stage, took));
        } else if (write instanceof JobWrite.FanOut fanOut) {
            log.debug(
                    "{}: waits at {} for {} children",
                    id,
                    stage,
                    fanOut.children().size());
            listeners.tell(
                    listener -> listener.fannedOut(id, stage, fanOut.children().size()));
        } else if (write instanceof JobWrite.Fail fail) {
            log.info("{}: attempt {} at {} failed: {}", id, held.job().attempt(), stage, line(fail));
            listeners.tell(listener -> listener.failed(
                    id, stage, held.job().attempt(), fail.error().message(), fail.retryIn()));
        }
        if (status.isEnded()) {
            listeners.tell(listener -> listener.ended(id, status));
        }
    }

    private static String line(JobWrite.Fail fail) {
        String error = fail.error().type().map(type -> type + ": ").orElse("")
                + fail.error().message();
        return error + fail.retryIn().map(delay -> "; next try in " + delay).orElse("; the job has failed");
    }
}
