package dev.pawl.worker;

import dev.pawl.job.JobId;
import dev.pawl.store.Answer;
import dev.pawl.store.JobState;
import dev.pawl.store.JobWrite;
import dev.pawl.store.RefusedWrite;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the leases: renews together what is a third through its length, interrupts handlers whose lease is lost, or has run
 * out by this process's monotonic clock, or that gave no sign of life, and gives back what was claimed too early.
 */
final class Renewer {
    private static final Logger log = LoggerFactory.getLogger(Renewer.class);
    private static final long TICKS_PER_LEASE = 9;
    private static final long LONGEST_TICK_NANOS = Duration.ofMillis(500).toNanos();
    private static final long LONGEST_UNBEGUN_NANOS = Duration.ofSeconds(1).toNanos();

    private final WorkerContext context;
    private final WorkerSettings settings;
    private final Listeners listeners;
    private final Map<JobId, HandledJob> held;
    private final Slots slots;
    private final Recorder recorder;
    private final LongConsumer beginAloneAfterAll;
    private final long length;

    Renewer(
            WorkerContext context,
            WorkerSettings settings,
            Listeners listeners,
            Map<JobId, HandledJob> held,
            Slots slots,
            Recorder recorder,
            LongConsumer beginAloneAfterAll) {
        this.context = context;
        this.settings = settings;
        this.listeners = listeners;
        this.held = held;
        this.slots = slots;
        this.recorder = recorder;
        this.beginAloneAfterAll = beginAloneAfterAll;
        this.length = settings.lease().toNanos();
    }

    void start(ScheduledExecutorService timer) {
        long tick = Math.min(length / TICKS_PER_LEASE, LONGEST_TICK_NANOS);
        var unused = timer.scheduleWithFixedDelay(this::tick, tick, tick, TimeUnit.NANOSECONDS);
    }

    private void tick() {
        try {
            long now = System.nanoTime();
            giveBackUnbegun(now);
            beginAloneAfterAll.accept(now - length);
            held.values().forEach(job -> look(job, now));
        } catch (RuntimeException unexpected) {
            log.error("renewing failed, goes on", unexpected);
        }
    }

    private void look(HandledJob job, long now) {
        if (job.stopped() == HandledJob.Stop.LOST || isSilent(job, now)) {
            return;
        }
        if (now - job.sureAt() > length / 3) {
            job.asked(now);
            if (!context.commits().isUnderWay(job.held().id())) {
                renew(job, now);
            }
        }
        if (isOver(job, now) && job.isRunning() && job.stop(HandledJob.Stop.EXPIRED)) {
            log.warn("{}: its lease has run out here without an answer of the store; its handler is interrupted", job);
        }
    }

    /**
     * Whether the lease has run out by the clock here, and the store was asked in vain. After a pause of the whole process
     * it may have run out and yet be nobody else's: then the store is asked first.
     */
    private boolean isOver(HandledJob job, long now) {
        return now - job.sureAt() > length && job.askedInVainSince(now - length / 3);
    }

    private boolean isSilent(HandledJob job, long now) {
        if (settings.silence().isEmpty() || !job.isRunning()) {
            return false;
        }
        Duration silence = Duration.ofNanos(now - job.heardAt());
        if (silence.compareTo(settings.silence().get()) <= 0) {
            return false;
        }
        if (job.stop(HandledJob.Stop.SILENT)) {
            String stage = job.held().stage().name();
            log.warn(
                    "{}: its handler gave no sign of life for {}; it is interrupted, and its lease is let go",
                    job,
                    silence);
            listeners.tell(listener -> listener.letGo(job.held().id(), stage, silence));
        }
        return true;
    }

    private void renew(HandledJob job, long now) {
        JobWrite.Renew write = job.held().renewal();
        JobState before = job.held().job();
        int stage = Math.min(before.stage(), before.stages() - 1);
        recorder.whenAnswered(write, (answer, failure) -> {
            if (failure != null) {
                log.warn("{}: could not be renewed, is tried again: {}", job, failure.toString());
            } else if (answer instanceof Answer.Done done) {
                job.held().renewed(done.job());
                job.sureAt(now);
            } else if (answer instanceof Answer.Busy) {
                job.sureAt(now); // nobody can take it while its row is locked
            } else if (answer instanceof Answer.Refused refused) {
                lost(job, RefusedWrite.of(write, refused.refusal()).at(stage));
            }
        });
    }

    private void lost(HandledJob job, RefusedWrite refused) {
        if (held.get(job.held().id()) != job) {
            return; // ended or given back by this process meanwhile: no loss
        }
        if (job.isAskedAgain()) {
            return; // by our own write, perhaps, whose answer was lost: its repeat will tell
        }
        if (!job.lose()) {
            return; // told already
        }
        context.refusals().add(refused);
        recorder.told(refused);
        if (!job.isRunning()) {
            recorder.drop(job);
        }
    }

    private void giveBackUnbegun(long now) {
        for (HandledJob job : slots.takeUnbegun(now - LONGEST_UNBEGUN_NANOS)) {
            recorder.record(job, job.held().releasing(), Duration.ZERO);
        }
    }
}
