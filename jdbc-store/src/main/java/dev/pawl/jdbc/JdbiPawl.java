package dev.pawl.jdbc;

import dev.pawl.JsonCodec;
import dev.pawl.embed.Pawl;
import dev.pawl.jdbc.internal.BackfillTransactions;
import dev.pawl.jdbc.internal.Database;
import dev.pawl.jdbc.internal.HandlerTransactions;
import dev.pawl.jdbc.internal.JdbiAuditStore;
import dev.pawl.jdbc.internal.JdbiJobStore;
import dev.pawl.jdbc.internal.JdbiJobTransaction;
import dev.pawl.jdbc.internal.JdbiQueueStore;
import dev.pawl.jdbc.internal.JdbiScanStore;
import dev.pawl.jdbc.internal.JdbiViewStore;
import dev.pawl.jdbc.internal.JoinedTransaction;
import dev.pawl.jdbc.internal.LentHandles;
import dev.pawl.jdbc.internal.Listening;
import dev.pawl.jdbc.internal.PageTransactions;
import dev.pawl.job.Attempt;
import dev.pawl.job.JobTransaction;
import dev.pawl.job.Outcome;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.LeaseLostException;
import dev.pawl.scan.Scan;
import dev.pawl.store.Backfill;
import dev.pawl.store.StoreException;
import dev.pawl.worker.Handler;
import dev.pawl.worker.LeasedScan;
import dev.pawl.worker.ScanSettings;
import java.sql.Connection;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Pawl on PostgreSQL. Make one and keep it; safe for use by many threads.
 *
 * <p>Besides what the application's own threads take, it uses up to six connections at a time (nine, where there are fan-outs, and
 * writes that wait for others' locks), most of them only while it writes, and one for good where it is told to listen. What has threads
 * of its own takes one more each: a worker while it claims, and for a moment now and then while it keeps house; a scan that is repeated,
 * while it reads and handles a page; a leader, an auditor and a housekeeper, while they ask for their name or do their work.
 *
 * <p>In a process with a worker it keeps two
 * from the first claim on until it is closed, one for renewals and one for other writes: so handlers that hold all the others
 * can't make it lose their leases. The first renewal of a named lease makes it keep the one for renewals. A pool that can't give six at
 * once at the start is left to all alike, with a warning.
 */
public final class JdbiPawl extends Pawl {
    private final Database database;
    private final JdbiJobStore store;
    private final Supplier<Handle> handles;
    private final HandlerTransactions handlerTransactions;
    private final ExecutorService executor;
    private final Optional<Listening> listening;

    JdbiPawl(JdbiSettings settings, Database database, JdbiJobStore store, ExecutorService executor) {
        super(new Parts(
                store,
                new JdbiQueueStore(database),
                store.leases(),
                new JdbiScanStore(database),
                new JdbiViewStore(database),
                new JdbiAuditStore(database),
                settings.codec(),
                settings.jsonLimit(),
                settings.name(),
                InstantSource.system(),
                executor));
        this.database = database;
        this.store = store;
        this.handles = new LentHandles(database, settings.handles());
        this.handlerTransactions = new HandlerTransactions(database, handles);
        this.executor = executor;
        this.listening = settings.listens()
                ? Optional.of(new Listening(database, context().wakeups()))
                : Optional.empty();
    }

    /**
     * Opens one with the standard settings; see {@link #with(DataSource)}.
     *
     * @param dataSource where to take connections from
     * @return one that is open, to be closed
     * @throws SchemaException if Pawl can't work with the schema or the database; the message says what to do
     * @throws StoreException if the database can't be reached
     */
    public static JdbiPawl on(DataSource dataSource) {
        return with(dataSource).open();
    }

    /**
     * Opens one with the standard settings; see {@link #with(Jdbi)}.
     *
     * @param jdbi where to take connections from
     * @return one that is open, to be closed
     * @throws SchemaException if Pawl can't work with the schema or the database; the message says what to do
     * @throws StoreException if the database can't be reached
     */
    public static JdbiPawl on(Jdbi jdbi) {
        return with(jdbi).open();
    }

    /**
     * Describes one that takes connections from the data source, and commits them: it never joins a transaction of the caller's
     * thread, whatever the data source. Where that gives the thread the connection of a transaction that it has begun, as
     * frameworks' do, calls take another one on a thread of Pawl's own, and wait for it; and what runs the application's code in
     * transactions of Pawl's (a scan's lap or page, a backfill, {@link #transactional}) is refused there with an
     * IllegalStateException. So is it everywhere where connections come without auto-commit through something that does not
     * unwrap to the driver's. To share a transaction see {@link #in(Handle)} and {@link #joining}.
     *
     * @param dataSource where to take connections from
     * @return settings to change, and to open
     */
    public static Settings with(DataSource dataSource) {
        Objects.requireNonNull(dataSource, "dataSource");
        return new JdbiSettings(schema -> Database.of(dataSource, schema), Jdbi.create(dataSource)::open);
    }

    /**
     * Describes one that takes connections from a Jdbi, whose configuration it neither uses nor changes; see
     * {@link #with(DataSource)}. Handles of {@link #transactional} are this Jdbi's own.
     *
     * @param jdbi where to take connections from
     * @return settings to change, and to open
     */
    public static Settings with(Jdbi jdbi) {
        Objects.requireNonNull(jdbi, "jdbi");
        return new JdbiSettings(schema -> Database.of(jdbi, schema), jdbi::open);
    }

    /**
     * Takes part in the handle's transaction.
     *
     * @param handle in a transaction of the caller's
     * @return Pawl's part, for as long as the transaction lasts
     * @throws IllegalStateException if it has none open, or is read-only
     */
    public JobTransaction in(Handle handle) {
        return in(Objects.requireNonNull(handle, "handle").getConnection());
    }

    /**
     * Takes part in the connection's transaction.
     *
     * @param connection in a transaction of the caller's
     * @return Pawl's part, for as long as the transaction lasts
     * @throws IllegalStateException if it is in auto-commit mode, read-only or closed
     */
    public JobTransaction in(Connection connection) {
        Objects.requireNonNull(connection, "connection");
        context().checkOpen();
        return new JdbiJobTransaction(database, context(), connection).checked();
    }

    /**
     * Takes part, at each call, in the transaction of the connection that the data source gives to the calling thread: a
     * Spring {@code TransactionAwareDataSourceProxy}, say. Each call throws IllegalStateException where there is none. Safe
     * for use by many threads, if the data source is.
     *
     * @param transactionAware whose connections' {@code close} leaves a transaction open
     * @return Pawl's part in whichever transaction there is
     */
    public JobTransaction joining(DataSource transactionAware) {
        return new JoinedTransaction(Objects.requireNonNull(transactionAware, "transactionAware"), this::in);
    }

    /**
     * A handler whose rows and checkpoint are one commit: runs the body in a transaction, and records its outcome as the last
     * thing in it. If the lease was lost, both are rolled back. The attempt that the body gets saves its progress in the
     * transaction. If the answer to the commit is lost, it is found out what became of it.
     *
     * <p>The transaction is READ COMMITTED and durable. The database ends it if the body leaves it idle for longer than the
     * lease, and at least 10 s: do slow things before it, in a stage of their own. Pawl's own statements wait a bounded time for
     * their answer; how long the body's do is the driver's {@code socketTimeout}, which waits for ever unless it is set.
     *
     * @param <P> the payload
     * @param <R> the stage's result
     * @param body the stage's code; must neither commit nor roll back
     * @return the handler
     */
    public <P, R> Handler<P, R> transactional(TransactionalHandler<P, R> body) {
        Objects.requireNonNull(body, "body");
        return attempt -> handlerTransactions.run(attempt, body::handle, this::in);
    }

    /**
     * Describes a durable scan over rows of the application's: a walk in their order, page after page and lap after lap, by one
     * process at a time.
     *
     * @param <T> a row
     * @param name the scan's: 1 to 63 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit
     * @param rows the query, its order, and the size of a page
     * @return a description to complete, with what is done to each page
     */
    public <T> SqlScan<T> scan(String name, SqlRows<T> rows) {
        return new DescribedScan<>(this, ScanSettings.of(name), Objects.requireNonNull(rows, "rows"));
    }

    <T> Scan scan(ScanSettings settings, SqlRows<T> rows, SqlScan.InTransaction<T> handling) {
        return new LeasedScan<>(
                context(),
                settings,
                rows.in(handles),
                new PageTransactions<>(database, handles, settings.lease(), handling::handle));
    }

    <T> Scan scan(ScanSettings settings, SqlRows<T> rows, SqlScan.AtLeastOnce<T> handling) {
        return LeasedScan.atLeastOnce(context(), settings, rows.in(handles), handling::handle);
    }

    /**
     * A handler that walks over rows once, from end to end, and whose pages are a commit each: the rows that the body writes, and
     * the walk's place beyond the page, saved as the stage's progress under the lease. So a page is handled once, whatever crashes;
     * whoever takes the job over goes on at the last page that was committed, and what a worker that was replaced still does is
     * rolled back. Rows that come while it walks, beyond those that there were at its beginning, are left out.
     *
     * <p>Of the transaction the same is true as of {@link #transactional}. The stage can't save other progress. If a deploy changes
     * the order of the rows while a backfill is under way, its attempts fail, and say so.
     *
     * @param <P> the payload
     * @param <T> a row
     * @param <R> the stage's result
     * @param rows what to walk over, in which order and in which pages, by the job's payload; must be the same for every attempt
     * @param body what is done with a page; must neither commit nor roll back
     * @param end makes the outcome of the number of rows that were handled, by all attempts together
     * @return the handler
     */
    public <P, T, R> Handler<P, R> backfill(
            Function<? super Attempt<P>, SqlRows<T>> rows, BackfillPage<P, T> body, LongFunction<Outcome<R>> end) {
        Objects.requireNonNull(rows, "rows");
        Objects.requireNonNull(body, "body");
        Objects.requireNonNull(end, "end");
        BackfillTransactions transactions = new BackfillTransactions(database, handles, this::in);
        return attempt -> end.apply(Backfill.walk(
                attempt,
                rows.apply(attempt).in(handles),
                (page, progress) -> transactions.handle(attempt, page, progress, body::handle)));
    }

    /**
     * A handler that walks over rows once, as {@link #backfill} does, but saves its place after the body has returned: a crash
     * between the two repeats a page, and at most that one. For what can't be in a transaction of the database, or takes long.
     *
     * @param <P> the payload
     * @param <T> a row
     * @param <R> the stage's result
     * @param rows what to walk over, in which order and in which pages, by the job's payload; must be the same for every attempt
     * @param body what is done with a page; should bear repetition
     * @param end makes the outcome of the number of rows that were handled, by all attempts together
     * @return the handler
     */
    public <P, T, R> Handler<P, R> backfillAtLeastOnce(
            Function<? super Attempt<P>, SqlRows<T>> rows,
            BackfillPage.Repeated<P, T> body,
            LongFunction<Outcome<R>> end) {
        Objects.requireNonNull(rows, "rows");
        Objects.requireNonNull(body, "body");
        Objects.requireNonNull(end, "end");
        return attempt -> end.apply(Backfill.walk(attempt, rows.apply(attempt).in(handles), (page, progress) -> {
            body.handle(Backfill.withoutProgress(attempt), page);
            attempt.saveProgress(progress);
        }));
    }

    /**
     * Closes the workers that were started here, each within its grace, then ends its own threads. Repeating it does nothing.
     * The data source stays open.
     */
    @Override
    public void close() {
        super.close();
        listening.ifPresent(Listening::close);
        executor.shutdown();
        store.close();
    }

    /**
     * A stage's code that shares its transaction with the checkpoint.
     *
     * @param <P> the payload
     * @param <R> the stage's result
     */
    @FunctionalInterface
    public interface TransactionalHandler<P, R> {
        /**
         * Makes one try at the stage.
         *
         * @param attempt the job, its payload, earlier results and progress
         * @param handle in the transaction
         * @return what became of it
         * @throws LeaseLostException if another has the job; to be let through
         * @throws BusyException if the job's row is held by another transaction; to be let through
         * @throws Exception if it failed: the transaction is rolled back, and the stage's retry policy decides what then
         */
        Outcome<R> handle(Attempt<P> attempt, Handle handle) throws Exception;
    }

    /** How to open one. Each method changes these settings, and returns them. To be used by one thread. */
    public interface Settings {
        /**
         * Where the tables are; {@code pawl} unless told otherwise.
         *
         * @param name 1 to 63 of a-z, 0-9 and '_', not beginning with a digit or {@code pg_}
         * @return this
         */
        Settings schema(String name);

        /**
         * The application's JSON; {@link JsonCodec#none()} unless told otherwise.
         *
         * @param codec writes payloads, progress and results, and reads them
         * @return this
         */
        Settings codec(JsonCodec codec);

        /**
         * Who this process is, for people; the host's name, the process's number and a random part unless told otherwise.
         *
         * @param process 1 to 100 printable characters
         * @return this
         */
        Settings name(String process);

        /**
         * Whether enqueues are told to other processes at once, by {@code NOTIFY} and {@code LISTEN}, instead of being seen
         * at their next poll; not unless told otherwise. Notifying makes commits wait for each other. Listening takes a
         * connection for good, which must be a session of its own: not one of a pooler that shares them by transaction.
         *
         * @param on whether to notify and to listen
         * @return this
         */
        Settings notifications(boolean on);

        /**
         * The largest payload, progress or result; 1 MiB unless told otherwise.
         *
         * @param bytes of JSON in UTF-8, 1 to 64 MiB
         * @return this
         */
        Settings jsonLimit(int bytes);

        /**
         * Opens it, after a look at what it relies on. Migrates nothing. Refused are a schema that is missing, not Pawl's, or of
         * another version; a role without the privileges of {@code META-INF/pawl/grants.sql}; a standby or read-only database;
         * tokens above their sequence. What is only unwise is logged as a warning: settings that lose commits, another default
         * isolation, a server before PostgreSQL 14, a pool that is too small, a pooler that loses prepared statements or
         * notifications. To look takes some milliseconds, and two seconds where the pool is too small.
         *
         * @return one that is open, to be closed
         * @throws SchemaException if Pawl can't work with the schema or the database; the message says what to do
         * @throws StoreException if the database can't be reached
         */
        JdbiPawl open();
    }
}
