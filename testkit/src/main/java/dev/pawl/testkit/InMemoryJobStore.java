package dev.pawl.testkit;

import dev.pawl.Json;
import dev.pawl.job.Children;
import dev.pawl.job.Enqueued;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.FencingToken;
import dev.pawl.lease.Refusal;
import dev.pawl.store.Answer;
import dev.pawl.store.ChildRow;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.ClaimRequest.Runs;
import dev.pawl.store.Claimed;
import dev.pawl.store.JobState;
import dev.pawl.store.JobStore;
import dev.pawl.store.JobWrite;
import dev.pawl.store.NewRow;
import dev.pawl.store.Recorded;
import dev.pawl.store.RefusedWrite;
import dev.pawl.store.Transition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A store in memory: the pure transitions of {@link dev.pawl.store}, a map and a lock. It answers what PostgreSQL answers,
 * order and microseconds included, and keeps nothing beyond its own life. It says busy only of a row that a transaction of
 * {@link InMemoryPawl#begin} has locked.
 *
 * <p>Safe for use by many threads. Its time is a {@link TestTime} of its own.
 */
public class InMemoryJobStore extends MemorySteps implements JobStore {
    private final Object lock = new Object();
    private final Map<JobId, JobRow> rows = new LinkedHashMap<>();
    private final DescribedPipelines pipelines = new DescribedPipelines();
    private final InMemoryQueueStore queues;
    private final ManualTime time;
    private final OpenTransactions transactions = new OpenTransactions(lock);
    private final InMemoryLeaseStore leases;
    private final InMemoryScanStore scans;
    private final InMemoryViewStore views;
    private final InMemoryAuditStore audits;
    private long lastToken;

    /** Each of the methods that are not private is a step of its own, so that a test can break just that one. */
    InMemoryJobStore() {
        this(new ManualTime());
    }

    InMemoryJobStore(ManualTime time) {
        this(time, InMemoryScanStore::new);
    }

    InMemoryJobStore(ManualTime time, BiFunction<OpenTransactions, ManualTime, InMemoryScanStore> scans) {
        this(time, scans, InMemoryViewStore::new);
    }

    InMemoryJobStore(
            ManualTime time,
            BiFunction<OpenTransactions, ManualTime, InMemoryScanStore> scans,
            Function<InMemoryJobStore, InMemoryViewStore> views) {
        this.time = time;
        this.queues = new InMemoryQueueStore(time);
        this.leases = leases(time);
        this.scans = scans.apply(transactions, time);
        this.views = views.apply(this);
        this.audits = audits(this);
        time.looksAheadAt(this::nextEvent);
        time.looksAheadAt(leases::nextEvent);
    }

    /**
     * An empty store, at a time that is the same in every run.
     *
     * @return the store
     */
    public static InMemoryJobStore create() {
        return new InMemoryJobStore();
    }

    /**
     * The time by which this store lives.
     *
     * @return moved by the test
     */
    public final TestTime time() {
        return time;
    }

    /**
     * The queues, for pausing.
     *
     * @return those from which this store claims
     */
    public final InMemoryQueueStore queues() {
        return queues;
    }

    /**
     * The named leases, which share time and tokens with the jobs.
     *
     * @return the same for every call
     */
    public final InMemoryLeaseStore leases() {
        return leases;
    }

    /**
     * Audits and repairs of the jobs.
     *
     * @return the same for every call
     */
    public final InMemoryAuditStore audits() {
        return audits;
    }

    /** For the constructor. */
    InMemoryAuditStore audits(InMemoryJobStore jobs) {
        return new InMemoryAuditStore(jobs);
    }

    /** What is done in there is one transaction, at one time. */
    final <T> T locked(Function<Instant, T> work) {
        synchronized (lock) {
            return work.apply(time.now());
        }
    }

    final long lastToken() {
        return lastToken;
    }

    /** For the constructor. */
    InMemoryLeaseStore leases(TestTime shared) {
        return new InMemoryLeaseStore(shared, this::drawToken);
    }

    final FencingToken drawToken() {
        synchronized (lock) {
            return new FencingToken(++lastToken);
        }
    }

    /**
     * The scans beside the jobs.
     *
     * @return those that live by this store's time, and take part in its transactions
     */
    public final InMemoryScanStore scans() {
        return scans;
    }

    /**
     * The read side.
     *
     * @return of these jobs and queues
     */
    public final InMemoryViewStore views() {
        return views;
    }

    final Object mutex() {
        return lock;
    }

    final boolean knowPipelineOf(JobState job) {
        return pipelines.know(job);
    }

    final List<String> stagesOf(JobRow row) {
        return pipelines.stagesOf(row.state());
    }

    @Override
    public final List<String> describe(String pipeline, int version, List<String> stages) {
        synchronized (lock) {
            return transaction()
                    .map(Uncommitted::pipelines)
                    .orElse(pipelines)
                    .describe(pipeline, version, stages, pipelines);
        }
    }

    @Override
    public final List<Enqueued> enqueue(List<NewRow> jobs) {
        synchronized (lock) {
            Instant now = time.now();
            jobs.forEach(this::refuseIfOpenElsewhere);
            return jobs.stream().map(job -> enqueue(job, now)).toList();
        }
    }

    private Enqueued enqueue(NewRow job, Instant now) {
        Optional<JobRow> known = known(job);
        known.ifPresentOrElse(row -> enqueuedAgain(row, job), () -> put(created(stored(job), now)));
        return new Enqueued(known.map(row -> row.state().id()).orElse(job.id()), known.isEmpty());
    }

    @Override
    public final List<Claimed> claim(ClaimRequest request) {
        synchronized (lock) {
            Instant now = time.now();
            List<JobRow> due = rows().filter(row -> row.state().id().queue().equals(request.queue()))
                    .filter(row -> runsOf(row.state(), request).isPresent())
                    .filter(row -> isWithin(request.bounds(), row.state()))
                    .filter(row -> isClaimable(row.state(), now))
                    .filter(row -> request.suspects() || !comesAlone(row.state()))
                    .filter(row -> !isPaused(row.state()))
                    .filter(row -> !isSteppedOver(row.state().id()))
                    .sorted(Comparator.comparing(JobRow::state, order()))
                    .limit(most(request))
                    .toList();
            return together(due).stream().map(row -> claim(row, request, now)).toList();
        }
    }

    private Claimed claim(JobRow row, ClaimRequest request, Instant now) {
        JobState before = row.state();
        Runs runs = runsOf(before, request).orElseThrow();
        JobState after = claimed(before, runs, nextToken(before, request.holder()), request, now);
        JobRow next = afterClaim(row, Micros.of(after), runs, now);
        put(next);
        return new Claimed(next.state(), next.origin().payload(), next.progress(), before.fence());
    }

    @Override
    public final List<Answer> write(List<? extends JobWrite> writes) {
        refuseTwoForOneJob(writes);
        synchronized (lock) {
            Instant now = time.now();
            Families families = families(now);
            List<Answer> answers = new ArrayList<>();
            writes.forEach(write -> answers.add(answerTo(write, answers.size(), families, now)));
            return families.settle(writes, answers);
        }
    }

    private Answer answerTo(JobWrite write, int number, Families families, Instant now) {
        Optional<JobRow> found = lookUp(write.job());
        boolean locked = found.isPresent() && isLocked(write.job());
        transaction().ifPresent(transaction -> transaction.lock(write.job()));
        if (found.isEmpty()) {
            return answer(write, new Transition.Refused(new Refusal.Missing()));
        }
        JobRow row = found.get();
        if (locked) {
            return whileLocked(write, row.state());
        }
        Transition transition = decide(write, row.state(), recorded(row, write), now);
        if (transition instanceof Transition.Moved moved && families.isBusy(write, row, moved.job())) {
            return new Answer.Busy();
        }
        Transition written = written(row, write, transition, families, now);
        families.note(number, row.state(), written);
        return answer(write, written);
    }

    private static Optional<Recorded> recorded(JobRow row, JobWrite write) {
        return write instanceof JobWrite.Checkpoint checkpoint
                ? Optional.ofNullable(row.checkpoints().get(checkpoint.stage()))
                : Optional.empty();
    }

    private Transition written(JobRow row, JobWrite write, Transition decided, Families families, Instant now) {
        Transition transition = write instanceof JobWrite.Retry && decided instanceof Transition.Moved moved
                ? families.retry(row, moved.job())
                : decided;
        if (transition instanceof Transition.Moved moved) {
            transition = new Transition.Moved(Micros.of(moved.job()));
            put(afterWrite(row, write, Micros.of(moved.job()), now));
        }
        if (write instanceof JobWrite.FanOut fanOut) {
            families.start(fanOut, transition);
        }
        return transition;
    }

    @Override
    public final Optional<JobSnapshot> find(JobId id) {
        synchronized (lock) {
            return lookUp(id).map(row -> snapshot(row, pipelines.stagesOf(row.state()), time.now()));
        }
    }

    @Override
    public final Map<Integer, Json> results(JobId id, Set<Integer> stages) {
        synchronized (lock) {
            Map<Integer, Json> results = new LinkedHashMap<>();
            for (Recorded checkpoint : checkpoints(id)) {
                if (stages.contains(checkpoint.stage())) {
                    checkpoint.result().ifPresent(result -> results.put(checkpoint.stage(), result));
                }
            }
            return Map.copyOf(results);
        }
    }

    @Override
    public final List<Failure> failures(JobId id) {
        synchronized (lock) {
            return lookUp(id).stream()
                    .flatMap(row ->
                            row.troubles().stream().map(trouble -> trouble.named(pipelines.stagesOf(row.state()))))
                    .toList();
        }
    }

    @Override
    public final Children.Counts countChildren(JobId parent, FencingToken fan) {
        synchronized (lock) {
            return counted(parent, fan);
        }
    }

    @Override
    public final List<ChildRow> children(JobId parent, FencingToken fan, Optional<String> after, int limit) {
        synchronized (lock) {
            return page(children(parent, fan), after, limit);
        }
    }

    @Override
    public final List<ChildRow> failedChildren(JobId parent, FencingToken fan, int limit) {
        synchronized (lock) {
            return page(children(parent, fan).filter(this::isFailed), Optional.empty(), limit);
        }
    }

    @Override
    public final int cancelOrphans(String queue, int most) {
        synchronized (lock) {
            return families(time.now()).cancelOrphans(queue, most);
        }
    }

    @Override
    public final void report(List<RefusedWrite> refused) {
        synchronized (lock) {
            Instant now = time.now();
            for (RefusedWrite write : refused) {
                lookUp(write.job()).ifPresent(row -> put(reported(row, write, now)));
                transactions.change(write.job(), row -> reported(row, write, now));
            }
        }
    }

    // ---- transactions of an application ----

    final OpenTransactions transactions() {
        return transactions;
    }

    /** Locks the job's row for the transaction at work, and says whether its holder still holds it. */
    final Answer fence(JobWrite.Renew fence, int stage) {
        transactions.lock(fence.job());
        Optional<JobState> job = lookUp(fence.job()).map(JobRow::state);
        if (job.isEmpty()) {
            return new Answer.Refused(new Refusal.Missing());
        }
        Transition transition = decide(fence, job.get(), Optional.empty(), time.now());
        return transition instanceof Transition.Refused || job.get().stage() == stage
                ? Answer.to(transition)
                : new Answer.Refused(new Refusal.NotAtStage(stage, job.get().stage()));
    }

    void commit(Uncommitted transaction) {
        synchronized (lock) {
            transactions.end(transaction);
            poisonOf(transaction).ifPresent(why -> {
                throw new IllegalStateException("the transaction can't commit, and was rolled back: " + why);
            });
            rows.putAll(transaction.rows());
            pipelines.commit(transaction.pipelines());
            scans.commit(transaction);
        }
    }

    /** As a mistake elsewhere would. */
    void miscount(JobId parent, int open) {
        synchronized (lock) {
            JobRow row = lookUp(parent).orElseThrow();
            put(row.state(FamilyTree.miscounted(row.state(), open)));
        }
    }

    /** As something else than Pawl may. */
    void damage(JobId id, UnaryOperator<JobRow> damage) {
        synchronized (lock) {
            put(damage.apply(lookUp(id).orElseThrow()));
        }
    }

    /** As retention does, and as something else than Pawl may. */
    void lose(JobId id) {
        synchronized (lock) {
            rows.remove(id);
        }
    }

    /** As a database crashes, and recovers: open transactions are gone, and what was committed is there. */
    void crash() {
        synchronized (lock) {
            transactions.rollBackAll();
            rows.replaceAll((id, row) -> recovered(row));
            scans.crash();
        }
        leases.crash();
    }

    // ---- the steps that need its rows; see MemorySteps for the others ----

    /** What becomes of relatives; one for each call. */
    Families families(Instant now) {
        return new Families(this, now);
    }

    Stream<JobRow> children(JobId parent, FencingToken fan) {
        return FamilyTree.children(rows(), parent, fan);
    }

    Children.Counts counted(JobId parent, FencingToken fan) {
        return FamilyTree.count(children(parent, fan));
    }

    Optional<JobRow> lookUp(JobId id) {
        return Optional.ofNullable(transactions.seenOver(rows).get(id));
    }

    /** By an open transaction, other than the one at work. */
    boolean isLocked(JobId id) {
        return transactions.isLockedByAnother(id);
    }

    /** By a claim. */
    boolean isSteppedOver(JobId id) {
        return isLocked(id);
    }

    /** Where a row goes: into the transaction at work, if there is one. */
    Optional<Uncommitted> transaction() {
        return transactions.atWork();
    }

    /** The job that makes this enqueue a repeat: by its id, or else by its key. */
    Optional<JobRow> known(NewRow job) {
        return lookUp(job.id()).or(() -> rows().filter(row -> row.hasKeyOf(job)).findFirst());
    }

    void refuseIfOpenElsewhere(NewRow job) {
        if (transactions.newRowsOfOthers(rows).anyMatch(row -> row.isSameAs(job))) {
            throw new BusyException("job " + job.id()
                    + job.key().map(key -> " with key '" + key + "'").orElse(""));
        }
    }

    boolean isPaused(JobState job) {
        return queues.isPaused(job.id().queue());
    }

    FencingToken nextToken(JobState job, String holder) {
        return drawToken();
    }

    final Stream<JobRow> rows() {
        return transactions.seenOver(rows).values().stream();
    }

    final void put(JobRow row) {
        transaction()
                .ifPresentOrElse(
                        transaction -> transaction.put(row),
                        () -> rows.put(row.state().id(), row));
    }

    // ---- what needs no breaking ----

    private List<Recorded> checkpoints(JobId id) {
        return lookUp(id).stream()
                .flatMap(row -> row.checkpoints().values().stream())
                .toList();
    }

    private Optional<Instant> nextEvent(Instant now) {
        synchronized (lock) {
            return rows().flatMap(row -> row.nextEvent().stream())
                    .filter(now::isBefore)
                    .min(Comparator.naturalOrder());
        }
    }
}
