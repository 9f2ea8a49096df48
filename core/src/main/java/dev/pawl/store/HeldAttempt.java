package dev.pawl.store;

import dev.pawl.job.Attempt;
import dev.pawl.job.JobId;
import dev.pawl.job.Stage;
import dev.pawl.lease.Lease;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * What a handler gets: a view of the held job at one stage, which can't checkpoint. How progress is saved is handed in, as
 * it goes through group commit, or through a transaction.
 *
 * @param <P> the payload
 */
public class HeldAttempt<P> implements Attempt<P> {
    private final HeldJob<P> held;
    private final String stage;
    private final BiConsumer<HeldJob<?>, Object> saver;
    private final Runnable heartbeat;

    /**
     * A view of the job at its current stage.
     *
     * @param held the job
     * @param saver saves progress durably, or throws
     * @param heartbeat is told of each sign of life
     */
    public HeldAttempt(HeldJob<P> held, BiConsumer<HeldJob<?>, Object> saver, Runnable heartbeat) {
        this.held = held;
        this.stage = held.stage().name();
        this.saver = saver;
        this.heartbeat = heartbeat;
    }

    final HeldJob<P> held() {
        return held;
    }

    /**
     * The same attempt, saving its progress in another way.
     *
     * @param <P> the payload
     * @param attempt made by Pawl
     * @param saver saves progress, or throws
     * @return another view of the same job
     */
    public static <P> Attempt<P> savingBy(Attempt<P> attempt, BiConsumer<HeldJob<?>, Object> saver) {
        if (attempt instanceof HeldAttempt<P> ours) {
            return new HeldAttempt<>(ours.held, saver, ours.heartbeat);
        }
        throw new IllegalArgumentException("this attempt was not made by Pawl, so that it holds no job: " + attempt);
    }

    @Override
    public JobId id() {
        return held.id();
    }

    @Override
    public String stage() {
        return stage;
    }

    @Override
    public int number() {
        return Math.max(1, held.job().attempt());
    }

    @Override
    public P payload() {
        return held.payload();
    }

    @Override
    public <R> R result(Stage<R> earlier) {
        return held.result(earlier);
    }

    @Override
    public <T> Optional<T> progress(Class<T> type) {
        return held.progress(type);
    }

    @Override
    public void saveProgress(Object progress) {
        heartbeat.run();
        saver.accept(held, progress);
        heartbeat.run();
    }

    @Override
    public void heartbeat() {
        heartbeat.run();
    }

    @Override
    public Lease lease() {
        return held.lease();
    }

    /** {@code attempt 1 at dedup of recap/0190…, #7 (worker-2#8f3a17)}. */
    @Override
    public String toString() {
        return "attempt " + number() + " at " + stage + " of " + id() + ", " + held.fence();
    }
}
