package dev.pawl.jdbc.internal;

import dev.pawl.Json;
import dev.pawl.job.Children;
import dev.pawl.job.Enqueued;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.FencingToken;
import dev.pawl.store.Answer;
import dev.pawl.store.ChildRow;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.Claimed;
import dev.pawl.store.JobStore;
import dev.pawl.store.JobWrite;
import dev.pawl.store.LeaseStore;
import dev.pawl.store.NewRow;
import dev.pawl.store.RefusedWrite;
import dev.pawl.store.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jspecify.annotations.Nullable;

/**
 * Jobs in PostgreSQL. Safe for use by many threads, unless it is a part of one transaction.
 *
 * <p>From the first claim on it keeps two connections, if it is told to: one for renewals and one for other writes, so that
 * handlers which hold all that the pool has to give can't make it lose their leases.
 */
public final class JdbiJobStore implements JobStore, AutoCloseable {
    private static final int TRIES_TO_DESCRIBE = 25;

    private final Database database;
    private final Transactions transactions;
    private final Transactions writing;
    private final Transactions renewing;
    private final List<KeptConnection> kept;
    private final boolean telling;

    JdbiJobStore(Database database, Transactions transactions, boolean telling) {
        this(database, transactions, transactions, transactions, List.of(), telling);
    }

    private JdbiJobStore(
            Database database,
            Transactions transactions,
            Transactions writing,
            Transactions renewing,
            List<KeptConnection> kept,
            boolean telling) {
        this.database = database;
        this.transactions = transactions;
        this.writing = writing;
        this.renewing = renewing;
        this.kept = kept;
        this.telling = telling;
    }

    /**
     * In transactions of its own, as {@link #JdbiJobStore(Database, boolean)}, some of them on connections that it keeps.
     *
     * @param telling whether those who listen are told of what it enqueues and of what becomes claimable by a fan-out or the end of
     *     children, once for each call
     * @return a store to be closed
     */
    public static JdbiJobStore keepingConnections(Database database, boolean telling) {
        KeptConnection forWrites = new KeptConnection(database.connections());
        KeptConnection forRenewals = new KeptConnection(database.connections());
        return new JdbiJobStore(
                database,
                new OwnTransactions(database),
                new OwnTransactions(database, forWrites),
                new OwnTransactions(database, forRenewals),
                List.of(forWrites, forRenewals),
                telling);
    }

    /** Gives back the connections that it kept; it goes on without. */
    @Override
    public void close() {
        kept.forEach(KeptConnection::close);
    }

    /** As a part of the caller's transaction; tells nobody of what it enqueues. */
    JdbiJobStore(Database database, CallersTransaction transaction) {
        this(database, transaction, false);
    }

    /** In transactions of its own: each call is one, durable when it returns. Tells nobody of what it enqueues. */
    public JdbiJobStore(Database database) {
        this(database, false);
    }

    /**
     * In transactions of its own.
     *
     * @param telling whether those who listen are told of what it enqueues and of what becomes claimable by a fan-out or the end of
     *     children, once for each call
     */
    public JdbiJobStore(Database database, boolean telling) {
        this(database, new OwnTransactions(database), telling);
    }

    /**
     * Named leases in the same schema, in transactions of their own, renewals on the connection that is kept for them: from the
     * first one on, where connections are kept at all.
     *
     * @return a store that is closed with this one
     */
    public LeaseStore leases() {
        return kept.isEmpty()
                ? new JdbiLeaseStore(database)
                : new JdbiLeaseStore(database, kept.get(1), kept.get(1)::keep);
    }

    /**
     * Waits a few seconds for another that records the same, since workers ask for it when they start: a caller's transaction
     * that is the first to enqueue holds the row until its end.
     */
    @Override
    public List<String> describe(String pipeline, int version, List<String> stages) {
        for (int tries = 1; ; tries++) {
            try {
                return transactions.run(
                        "record the stages of pipeline " + pipeline + " v" + version,
                        handle -> describe(handle.attach(EnqueueSql.class), pipeline, version, stages));
            } catch (StoreException failure) {
                if (tries == TRIES_TO_DESCRIBE || !isForLock(failure)) {
                    throw failure;
                }
            }
        }
    }

    private static List<String> describe(EnqueueSql sql, String pipeline, int version, List<String> stages) {
        Optional<List<String>> known = sql.described(pipeline, version);
        if (known.isEmpty() && sql.describe(pipeline, version, SqlArrays.texts(stages, name -> name)) == 1) {
            return stages;
        }
        return known.or(() -> sql.described(pipeline, version)).orElseThrow();
    }

    @Override
    public List<Enqueued> enqueue(List<NewRow> jobs) {
        if (jobs.isEmpty()) {
            return List.of();
        }
        String what = "enqueue " + counted(jobs.size(), "job");
        try {
            return transactions.run(what, handle -> enqueue(handle, jobs));
        } catch (StoreException failure) {
            throw isForLock(failure) ? new BusyException(keysOf(jobs)) : failure; // of an open transaction's key
        }
    }

    private List<Enqueued> enqueue(Handle handle, List<NewRow> jobs) {
        List<Enqueued> answers = new Enqueueing(handle, now()).enqueue(jobs);
        tell(handle, answers.stream().filter(Enqueued::created).map(Enqueued::id));
        return answers;
    }

    /** That their queues may have work. */
    private void tell(Handle handle, Stream<JobId> claimable) {
        Set<String> queues = telling ? claimable.map(JobId::queue).collect(Collectors.toSet()) : Set.of();
        if (!queues.isEmpty()) {
            handle.attach(EnqueueSql.class).tell(database.schema().channel(), Listening.message(queues));
        }
    }

    @Override
    public List<Claimed> claim(ClaimRequest request) {
        kept.forEach(KeptConnection::keep);
        List<Claimed> claimed =
                transactions.run("claim jobs of queue " + request.queue(), handle -> claim(handle, request));
        List<Claimed> inOrder = new ArrayList<>(claimed);
        inOrder.sort(IN_ORDER);
        return inOrder;
    }

    private List<Claimed> claim(Handle handle, ClaimRequest request) {
        ClaimSql sql = handle.attach(ClaimSql.class);
        List<ClaimRequest.Runs> runs = request.runs();
        ClaimSql.Runs versions = new ClaimSql.Runs(
                SqlArrays.texts(runs, ClaimRequest.Runs::pipeline),
                SqlArrays.ints(runs, ClaimRequest.Runs::version),
                SqlArrays.ints(runs, ClaimRequest.Runs::common),
                SqlArrays.ints(runs, ClaimRequest.Runs::asVersion),
                SqlArrays.ints(runs, ClaimRequest.Runs::stages));
        long length = SqlArrays.micros(request.length());
        Argument now = SqlArrays.time(now().orElse(null));
        if (request.bounds().isEmpty()) {
            return sql.claim(
                    request.queue(), request.max(), request.suspects(), request.holder(), length, versions, now);
        }
        List<Map.Entry<Integer, ClaimRequest.Place>> levels = request.bounds().entrySet().stream()
                .sorted(Map.Entry.<Integer, ClaimRequest.Place>comparingByKey().reversed())
                .toList();
        ClaimSql.Bounds bounds = new ClaimSql.Bounds(
                SqlArrays.ints(levels, Map.Entry::getKey),
                SqlArrays.times(levels, level -> level.getValue().dueAt()),
                SqlArrays.uuids(levels, level -> level.getValue().id()));
        return sql.claimFrom(
                bounds, request.queue(), request.max(), request.suspects(), request.holder(), length, versions, now);
    }

    /** A batch in which a row stays locked by somebody is written again, row by row that nobody holds: no other waits. */
    @Override
    public List<Answer> write(List<? extends JobWrite> writes) {
        if (writes.isEmpty()) {
            return List.of();
        }
        Map<JobId, Answer> answers = write(writes, new Batch(writes));
        List<Answer> inOrder = new ArrayList<>(writes.size());
        for (JobWrite write : writes) {
            inOrder.add(answers.get(write.job()));
        }
        return inOrder;
    }

    private Map<JobId, Answer> write(List<? extends JobWrite> writes, Batch batch) {
        String what = "write to " + counted(writes.size(), "job");
        Transactions own = writes.stream().allMatch(JobWrite.Renew.class::isInstance) ? renewing : writing;
        try {
            try {
                return own.run(what, handle -> told(handle, writes, batch.write(handle, now(), own.locks())));
            } catch (Batch.ParentsLocked behind) {
                return own.run(what, handle -> told(handle, writes, batch.writeBehind(behind, handle, now())));
            }
        } catch (StoreException failure) {
            if (!isForLock(failure)) {
                throw failure;
            }
            return own.run(what, handle -> told(handle, writes, batch.write(handle, now(), Locks.SKIPPED)));
        }
    }

    /** In a transaction of ours, which is over with it; a caller's settings are the caller's to know. */
    private boolean isForLock(StoreException failure) {
        return transactions.locks() == Locks.AWAITED_BY_HOT_KINDS
                && SqlFailures.has(failure, SqlFailures.LOCK_NOT_AVAILABLE);
    }

    private Map<JobId, Answer> told(Handle handle, List<? extends JobWrite> writes, Map<JobId, Answer> answers) {
        tell(
                handle,
                writes.stream()
                        .filter(write -> makesClaimable(write, answers.get(write.job())))
                        .map(JobWrite::job));
        return answers;
    }

    /** Children, or a parent that they woke. */
    private static boolean makesClaimable(JobWrite write, @Nullable Answer answer) {
        return answer instanceof Answer.Done done && (done.wokeParent() || write instanceof JobWrite.FanOut);
    }

    @Override
    public Optional<JobSnapshot> find(JobId id) {
        return transactions.run(
                "read " + id,
                handle -> handle.attach(ReadSql.class).find(id.queue(), id.uuid(), SqlArrays.time(now().orElse(null))));
    }

    @Override
    public Map<Integer, Json> results(JobId id, Set<Integer> stages) {
        List<JobRows.Result> rows = transactions.run(
                "read results of " + id,
                handle -> handle.attach(ReadSql.class)
                        .results(id.queue(), id.uuid(), SqlArrays.ints(List.copyOf(stages), stage -> stage)));
        return rows.stream()
                .collect(Collectors.toMap(
                        JobRows.Result::stage, row -> row.result().orElseThrow()));
    }

    @Override
    public List<Failure> failures(JobId id) {
        return transactions.run(
                "read failures of " + id, handle -> handle.attach(ReadSql.class).failures(id.queue(), id.uuid()));
    }

    @Override
    public Children.Counts countChildren(JobId parent, FencingToken fan) {
        return transactions.run(
                "count children of " + parent,
                handle -> handle.attach(FamilySql.class).count(parent.queue(), parent.uuid(), fan.value()));
    }

    @Override
    public List<ChildRow> children(JobId parent, FencingToken fan, Optional<String> after, int limit) {
        return transactions.run(
                "read children of " + parent,
                handle -> handle.attach(FamilySql.class)
                        .page(parent.queue(), parent.uuid(), fan.value(), after.orElse(""), limit));
    }

    @Override
    public List<ChildRow> failedChildren(JobId parent, FencingToken fan, int limit) {
        return transactions.run(
                "read failed children of " + parent,
                handle -> handle.attach(FamilySql.class).failed(parent.queue(), parent.uuid(), fan.value(), limit));
    }

    @Override
    public int cancelOrphans(String queue, int most) {
        return transactions.run(
                "cancel orphans of queue " + queue,
                handle -> new Families(handle, queue, SqlArrays.time(now().orElse(null))).cancelOrphans(most));
    }

    @Override
    public void report(List<RefusedWrite> refused) {
        Map<String, List<RefusedWrite>> byQueue = refused.stream()
                .collect(Collectors.groupingBy(write -> write.job().queue(), TreeMap::new, Collectors.toList()));
        if (byQueue.isEmpty()) {
            return;
        }
        transactions.run("record " + counted(refused.size(), "refused write"), handle -> {
            DecideSql sql = handle.attach(DecideSql.class);
            int recorded = 0;
            for (Map.Entry<String, List<RefusedWrite>> rows : byQueue.entrySet()) {
                recorded += sql.failures(rows.getKey(), refusals(rows.getValue()), SqlArrays.time(now().orElse(null)));
            }
            return recorded;
        });
    }

    private static DecideSql.Failures refusals(List<RefusedWrite> rows) {
        return new DecideSql.Failures(
                SqlArrays.uuids(rows, row -> row.job().uuid()),
                SqlArrays.texts(rows, row -> Failure.Kind.REFUSED.name()),
                SqlArrays.ints(
                        rows, row -> row.stage().isPresent() ? row.stage().getAsInt() : null),
                SqlArrays.ints(rows, row -> 0),
                SqlArrays.longs(rows, row -> row.fence().token().value()),
                SqlArrays.texts(rows, row -> row.fence().holder()),
                SqlArrays.texts(rows, row -> null),
                SqlArrays.texts(rows, RefusedWrite::describe),
                SqlArrays.texts(rows, row -> null));
    }

    private Optional<Instant> now() {
        return database.time();
    }

    private static String keysOf(List<NewRow> jobs) {
        String keys = jobs.stream()
                .flatMap(job -> job.key().map(key -> job.id().queue() + "/" + key).stream())
                .limit(3)
                .collect(Collectors.joining(", "));
        return (jobs.size() == 1 ? "job key " : "one of " + jobs.size() + " job keys or ids, such as ") + keys;
    }

    private static String counted(int n, String noun) {
        return n + " " + noun + (n == 1 ? "" : "s");
    }

    /** By priority, due time and id, in the order of unsigned bytes, as the index has them. */
    private static final Comparator<Claimed> IN_ORDER = Comparator.<Claimed>comparingInt(
                    claimed -> -claimed.job().priority())
            .thenComparing(claimed -> claimed.job().phase().dueAt().orElseThrow())
            .thenComparing(claimed -> claimed.job().id().uuid(), JdbiJobStore::compareUnsigned);

    private static int compareUnsigned(UUID one, UUID other) {
        int high = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
    }
}
