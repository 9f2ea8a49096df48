package dev.pawl.testkit;

import dev.pawl.JsonCodec;
import dev.pawl.embed.Pawl;
import dev.pawl.job.Attempt;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.Outcome;
import dev.pawl.scan.Page;
import dev.pawl.scan.Scan;
import dev.pawl.store.Backfill;
import dev.pawl.store.JsonValues;
import dev.pawl.store.ScanAnswer;
import dev.pawl.store.ScanWrite;
import dev.pawl.worker.Handler;
import dev.pawl.worker.HandlerRegistry;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.LeasedScan;
import dev.pawl.worker.ScanSettings;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * Pawl without a database: the same rules in memory, in a time that the test moves, with faults that the test asks for. Needs
 * no thread; a {@link #stepWorker} does what it is told. A {@code worker(queue)} with threads works, too, but the leases that
 * it holds never expire unless the test moves the time.
 *
 * <p>Safe for use by many threads.
 */
public final class InMemoryPawl extends Pawl {
    private final InMemoryJobStore memory;
    private final FaultyJobStore store;
    private final AtomicInteger claims = new AtomicInteger();
    private final AtomicBoolean closed;

    private InMemoryPawl(InMemoryJobStore memory, FaultyJobStore store, JsonCodec codec, AtomicBoolean closed) {
        super(new Parts(
                store,
                memory.queues(),
                store.over(memory.leases()),
                store.over(memory.scans()),
                memory.views(),
                memory.audits(),
                codec,
                JsonValues.STANDARD_LIMIT,
                "in-memory",
                memory.time()::now,
                work -> runUnless(closed, work)));
        this.closed = closed;
        this.memory = memory;
        this.store = store;
    }

    /**
     * Without jobs. Values pass through Jackson if {@code pawl-jackson} is there, as in production; else they must be records,
     * or unchanging in another way, and are kept as they are.
     *
     * @return to be closed only if workers with threads are started
     */
    public static InMemoryPawl create() {
        return create(Codecs.standard());
    }

    /**
     * Without jobs.
     *
     * @param codec the application's
     * @return to be closed only if workers with threads are started
     */
    public static InMemoryPawl create(JsonCodec codec) {
        return over(InMemoryJobStore.create(), codec);
    }

    static InMemoryPawl over(InMemoryJobStore memory, JsonCodec codec) {
        return new InMemoryPawl(memory, FaultyJobStore.over(memory, memory.time()), codec, new AtomicBoolean());
    }

    private static void runUnless(AtomicBoolean closed, Runnable work) {
        if (closed.get()) {
            throw new RejectedExecutionException("closed");
        }
        work.run();
    }

    /** Closes the workers with threads that were started here, if there are any; nothing can be done with it after that. */
    @Override
    public void close() {
        super.close();
        closed.set(true);
    }

    /**
     * The time of everything here.
     *
     * @return the same for every call
     */
    public TestTime time() {
        return memory.time();
    }

    /**
     * Faults to come.
     *
     * @return the same for every call
     */
    public Faults faults() {
        return store.faults();
    }

    /**
     * Begins a transaction, as an application does on its database.
     *
     * @return an open one, to be committed or rolled back
     */
    public InMemoryTransaction begin() {
        context().checkOpen();
        return new InMemoryTransaction(memory, context());
    }

    /**
     * Describes a durable scan over rows in memory, to try what is done to each page.
     *
     * @param <T> a row
     * @param name the scan's, as in production
     * @param rows the collection, its order, and the size of a page
     * @return a description to complete, with what is done to each page
     */
    public <T> MemoryScan<T> scan(String name, MemoryRows<T> rows) {
        return new MemoryScan<>(this, ScanSettings.of(name), timed(Objects.requireNonNull(rows, "rows")));
    }

    <T> Scan scan(ScanSettings settings, MemoryRows<T> rows, MemoryScan.InTransaction<T> handling) {
        return new LeasedScan<>(context(), settings, rows, (page, move) -> {
            try (InMemoryTransaction transaction = begin()) {
                handling.handle(page, transaction);
                return store.writeOfScan(() -> moved(transaction, move), ScanAnswer.Busy::new);
            }
        });
    }

    private static ScanAnswer moved(InMemoryTransaction transaction, ScanWrite.Move move) {
        ScanAnswer answer = transaction.scans().write(move);
        if (answer instanceof ScanAnswer.Done) {
            transaction.commit();
        }
        return answer;
    }

    <T> Scan scan(ScanSettings settings, MemoryRows<T> rows, MemoryScan.AtLeastOnce<T> handling) {
        return LeasedScan.atLeastOnce(context(), settings, rows, handling::handle);
    }

    /**
     * A handler that walks over rows once, from end to end: each page and the walk's place beyond it are one commit.
     *
     * @param <P> the payload
     * @param <T> a row
     * @param <R> the stage's result
     * @param rows what to walk over, by the job's payload; must be the same for every attempt
     * @param body what is done with a page
     * @param end makes the outcome of the number of rows that were handled, by all attempts together
     * @return the handler
     */
    public <P, T, R> Handler<P, R> backfill(
            Function<? super Attempt<P>, MemoryRows<T>> rows, BackfillPage<P, T> body, LongFunction<Outcome<R>> end) {
        Objects.requireNonNull(rows, "rows");
        Objects.requireNonNull(body, "body");
        Objects.requireNonNull(end, "end");
        return attempt -> end.apply(Backfill.walk(attempt, timed(rows.apply(attempt)), (page, progress) -> {
            try (InMemoryTransaction transaction = begin()) {
                body.handle(Backfill.withoutProgress(attempt), page, transaction);
                transaction.jobs().saveProgress(attempt, progress);
                transaction.commit();
            }
        }));
    }

    /**
     * A handler that walks over rows once, as {@link #backfill} does, but saves its place after the body has returned: a crash
     * between the two repeats a page, and at most that one.
     *
     * @param <P> the payload
     * @param <T> a row
     * @param <R> the stage's result
     * @param rows what to walk over, by the job's payload; must be the same for every attempt
     * @param body what is done with a page; should bear repetition
     * @param end makes the outcome of the number of rows that were handled, by all attempts together
     * @return the handler
     */
    public <P, T, R> Handler<P, R> backfillAtLeastOnce(
            Function<? super Attempt<P>, MemoryRows<T>> rows,
            BackfillPage.Repeated<P, T> body,
            LongFunction<Outcome<R>> end) {
        Objects.requireNonNull(rows, "rows");
        Objects.requireNonNull(body, "body");
        Objects.requireNonNull(end, "end");
        return attempt -> end.apply(Backfill.walk(attempt, timed(rows.apply(attempt)), (page, progress) -> {
            body.handle(Backfill.withoutProgress(attempt), page);
            attempt.saveProgress(progress);
        }));
    }

    private <T> MemoryRows<T> timed(MemoryRows<T> rows) {
        return rows.at(memory.time()::now);
    }

    /**
     * What a {@linkplain #backfill backfill} does with a page, in the transaction that saves its place beyond it.
     *
     * @param <P> the payload
     * @param <T> a row
     */
    @FunctionalInterface
    public interface BackfillPage<P, T> {
        /**
         * Handles a page.
         *
         * @param attempt the job, its payload and earlier results; it can't save progress
         * @param page its rows; there is one lap
         * @param transaction to enqueue in, say
         * @throws Exception if it failed: the transaction is rolled back, and the stage's retry policy decides what then
         */
        void handle(Attempt<P> attempt, Page<T> page, InMemoryTransaction transaction) throws Exception;

        /**
         * What a {@linkplain #backfillAtLeastOnce backfill without a transaction} does with a page, before its place is saved.
         *
         * @param <P> the payload
         * @param <T> a row
         */
        @FunctionalInterface
        interface Repeated<P, T> {
            /**
             * Handles a page, maybe not for the first time.
             *
             * @param attempt the job, its payload and earlier results; it can't save progress
             * @param page its rows; there is one lap
             * @throws Exception if it failed: the stage's retry policy decides what then
             */
            void handle(Attempt<P> attempt, Page<T> page) throws Exception;
        }
    }

    /**
     * A worker without threads, on the queue that is named like the pipeline of the first handlers.
     *
     * @param holder its name
     * @param handlers what it runs, at least one
     * @return a worker that holds nothing yet
     * @throws IllegalArgumentException if a stage has no handler, or a pipeline is recorded with other stages
     */
    public StepWorker stepWorker(String holder, Handlers<?>... handlers) {
        if (handlers.length == 0) {
            throw new IllegalArgumentException("a step worker must run the handlers of at least one pipeline");
        }
        return stepWorkerOn(handlers[0].pipeline().name(), holder, handlers);
    }

    /**
     * A worker without threads, on a queue.
     *
     * @param queue where it claims
     * @param holder its name
     * @param handlers what it runs, at least one
     * @return a worker that holds nothing yet
     * @throws IllegalArgumentException if a stage has no handler, or a pipeline is recorded with other stages
     */
    public StepWorker stepWorkerOn(String queue, String holder, Handlers<?>... handlers) {
        HandlerRegistry registry = SteppingWorker.registry(List.of(handlers));
        registry.describe(context().rows(), context().store());
        return new SteppingWorker(context(), registry, queue, () -> holder + "#" + claims.incrementAndGet());
    }

    /**
     * The job, to be asserted on.
     *
     * @param id the job's
     * @return the job as it is
     * @throws AssertionError if there is no such job
     */
    public JobSnapshot job(JobId id) {
        return jobs().find(id).orElseThrow(() -> new AssertionError("there is no job " + id));
    }
}
