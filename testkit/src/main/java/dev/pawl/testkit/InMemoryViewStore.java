package dev.pawl.testkit;

import dev.pawl.audit.Repair;
import dev.pawl.job.Children;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.FencingToken;
import dev.pawl.store.Family;
import dev.pawl.store.JobState.Phase;
import dev.pawl.store.Past;
import dev.pawl.store.Position;
import dev.pawl.store.Search;
import dev.pawl.store.TallyStore;
import dev.pawl.store.ViewStore;
import dev.pawl.store.Viewed;
import dev.pawl.view.ChildListing;
import dev.pawl.view.Counted;
import dev.pawl.view.JobFilter;
import dev.pawl.view.JobProgress.Child;
import dev.pawl.view.JobSummary;
import dev.pawl.view.QueueOverview;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The read side of an {@link InMemoryJobStore}. Safe for use by many threads. */
public class InMemoryViewStore implements ViewStore {
    private final InMemoryJobStore store;
    private final TallyStore tallies;

    /** Each of the methods that are neither private nor final is a step of its own, so that a test can break just that one. */
    InMemoryViewStore(InMemoryJobStore store) {
        this(store, new InMemoryTallies(store));
    }

    InMemoryViewStore(InMemoryJobStore store, TallyStore tallies) {
        this.store = store;
        this.tallies = tallies;
    }

    @Override
    public final TallyStore tallies() {
        return tallies;
    }

    @Override
    public final List<Viewed> jobs(List<JobId> ids, int children) {
        synchronized (store.mutex()) {
            beforeReading();
            return order(ids).stream()
                    .flatMap(id -> store.lookUp(id).stream())
                    .map(row -> viewed(row, children))
                    .toList();
        }
    }

    private Viewed viewed(JobRow row, int children) {
        int last = row.state().stages() - 1;
        List<Viewed.Checkpointed> checkpoints = row.checkpoints().values().stream()
                .filter(checkpoint -> checkpoint.stage() < last)
                .map(checkpoint -> new Viewed.Checkpointed(
                        checkpoint.stage(),
                        checkpoint.fence().token(),
                        Optional.of(checkpoint.fence().holder()),
                        checkpointedAt(row, checkpoint.stage())))
                .toList();
        Map<Integer, Integer> tries = row.troubles().stream()
                .filter(this::isTry)
                .collect(Collectors.toMap(JobRow.Trouble::stage, trouble -> 1, Integer::sum));
        return new Viewed(summary(row), store.stagesOf(row), checkpoints, tries, fans(row, children), asOf());
    }

    List<Viewed.Fan> fans(JobRow parent, int children) {
        Map<FencingToken, List<JobRow>> byFan = store.rows()
                .filter(row -> row.id().queue().equals(parent.id().queue()))
                .filter(row -> row.state()
                        .family()
                        .parent()
                        .filter(link -> link.id().equals(parent.id().uuid()))
                        .isPresent())
                .collect(Collectors.groupingBy(
                        row -> row.state().family().parent().orElseThrow().fan(), TreeMap::new, Collectors.toList()));
        return byFan.entrySet().stream()
                .map(fan -> fan(fan.getKey(), sortedByKey(fan.getValue().stream()), children))
                .toList();
    }

    private Viewed.Fan fan(FencingToken token, List<JobRow> rows, int children) {
        int counted = Math.min(rows.size(), COUNTED_CHILDREN + 1);
        Children.Counts counts = FamilyTree.count(rows.stream().limit(counted));
        List<Child> first = rows.stream().limit(children).map(this::child).toList();
        return new Viewed.Fan(token, rows.get(0).enqueuedAt(), counts, counted <= COUNTED_CHILDREN, first);
    }

    private List<JobRow> sortedByKey(Stream<JobRow> children) {
        return children.sorted(Comparator.comparing(row -> row.childKey().orElseThrow(), keys()))
                .toList();
    }

    private Child child(JobRow row) {
        return new Child(row.childKey().orElseThrow(), summary(row));
    }

    private JobSummary summary(JobRow row) {
        var state = row.state();
        Optional<Phase.Running> running =
                state.phase() instanceof Phase.Running phase ? Optional.of(phase) : Optional.empty();
        List<String> stages = store.stagesOf(row);
        return new JobSummary(
                state.id(),
                row.origin().key(),
                state.pipeline(),
                state.version(),
                state.status(),
                state.stage() < stages.size() ? Optional.of(stages.get(state.stage())) : Optional.empty(),
                state.stage(),
                state.stages(),
                state.attempt(),
                state.takeovers(),
                state.priority(),
                row.origin().triggeredBy(),
                row.enqueuedAt(),
                row.startedAt(),
                state.since(),
                state.phase().dueAt(),
                endedAt(state.phase()),
                running.map(phase -> new JobSummary.Held(
                        state.token().orElseThrow(), phase.holder(), state.since(), phase.expiresAt())),
                state.family().parent().map(parent -> new JobId(state.id().queue(), parent.id())),
                row.childKey(),
                state.family().fan().map(Family.Fan::counts));
    }

    @Override
    public final Optional<Past> past(JobId id, int most) {
        synchronized (store.mutex()) {
            beforeReading();
            return store.lookUp(id).map(row -> past(row, most));
        }
    }

    private Past past(JobRow row, int most) {
        List<Failure> failures = row.troubles().stream()
                .map(trouble -> trouble.named(store.stagesOf(row)))
                .toList();

        Optional<String> completedBy = Optional.ofNullable(
                        row.checkpoints().get(row.state().stages() - 1))
                .map(checkpoint -> checkpoint.fence().holder());
        List<Repair> repairs = repairs(row);
        return new Past(
                viewed(row, 1),
                completedBy,
                latest(failures, most),
                failures.size() <= most && repairs.size() <= most,
                operations(row),
                latest(repairs, most));
    }

    @Override
    public final Found search(Search search) {
        synchronized (store.mutex()) {
            beforeReading();
            Map<String, List<JobSummary>> byQueue = store.rows()
                    .map(this::summary)
                    .filter(job -> !search.byEnd() || job.endedAt().isPresent())
                    .filter(job -> search.filter()
                            .queue()
                            .map(job.id().queue()::equals)
                            .orElse(true))
                    .collect(Collectors.groupingBy(job -> job.id().queue(), TreeMap::new, Collectors.toList()));
            List<Found> found =
                    byQueue.values().stream().map(jobs -> find(jobs, search)).toList();
            return together(found, search);
        }
    }

    private Found find(List<JobSummary> queue, Search search) {
        List<JobSummary> examined = queue.stream()
                .filter(job -> search.after()
                        .map(after -> isAfter(search.positionOf(job), after))
                        .orElse(true))
                .sorted(Comparator.comparing(search::positionOf, Position.ORDER))
                .limit(Math.max(search.examine(), search.limit() + 1))
                .toList();
        List<JobSummary> rows = examined.stream()
                .filter(job -> matches(search.filter(), job))
                .limit(search.limit() + 1L)
                .toList();
        boolean all = rows.size() > search.limit() || examined.size() < Math.max(search.examine(), search.limit() + 1);
        return new Found(
                rows,
                all ? Optional.empty() : Optional.of(search.positionOf(examined.get(examined.size() - 1))),
                asOf());
    }

    @Override
    public final Active active(Optional<String> queue, int limit, int examine) {
        synchronized (store.mutex()) {
            beforeReading();
            List<JobSummary> begun = store.rows()
                    .map(this::summary)
                    .filter(JobSummary::isActive)
                    .filter(job -> queue.map(job.id().queue()::equals).orElse(true))
                    .sorted(activeOrder())
                    .toList();
            return new Active(begun.stream().limit(limit).map(JobSummary::id).toList(), begun.size() <= limit, asOf());
        }
    }

    @Override
    public final ChildListing children(
            JobId parent, FencingToken fan, Set<JobStatus> anyOf, Optional<String> after, int limit, int examine) {
        synchronized (store.mutex()) {
            beforeReading();
            List<JobRow> examined = sortedByKey(store.children(parent, fan)).stream()
                    .filter(row -> after.isEmpty() || isAfter(row.childKey().orElseThrow(), after.get()))
                    .limit(Math.max(examine, limit + 1))
                    .toList();
            List<Child> rows = examined.stream()
                    .filter(row -> anyOf.isEmpty() || anyOf.contains(row.state().status()))
                    .map(this::child)
                    .limit(limit + 1L)
                    .toList();
            if (rows.size() > limit) {
                return new ChildListing(
                        rows.subList(0, limit), Optional.of(rows.get(limit - 1).key()), asOf());
            }
            return new ChildListing(rows, lastLookedAt(examined, Math.max(examine, limit + 1)), asOf());
        }
    }

    private static Optional<String> lastLookedAt(List<JobRow> examined, int most) {
        return examined.size() < most
                ? Optional.empty()
                : examined.get(examined.size() - 1).childKey();
    }

    @Override
    public final List<QueueOverview> queues(int cap) {
        synchronized (store.mutex()) {
            beforeReading();
            Set<String> names = new TreeSet<>(store.queues().known());
            store.rows().forEach(row -> names.add(row.id().queue()));
            return names.stream().map(name -> overview(name, cap)).toList();
        }
    }

    private QueueOverview overview(String queue, int cap) {
        Instant now = asOf();
        List<JobRow> rows =
                store.rows().filter(row -> row.id().queue().equals(queue)).toList();
        List<JobRow> due = rows.stream().filter(row -> isDue(row, now)).toList();
        Optional<InMemoryQueueStore.Pause> pause = pauseOf(queue);
        return new QueueOverview(
                queue,
                counted(due.size(), cap),
                counted(count(rows, JobStatus.RUNNING), cap),
                counted(count(rows.stream().filter(row -> !due.contains(row)).toList(), JobStatus.WAITING), cap),
                counted(count(rows.stream().filter(row -> !due.contains(row)).toList(), JobStatus.PENDING), cap),
                due.stream()
                        .flatMap(row -> row.state().phase().dueAt().stream())
                        .min(Comparator.naturalOrder()),
                pause.map(InMemoryQueueStore.Pause::at),
                pause.map(InMemoryQueueStore.Pause::by),
                now);
    }

    private static long count(List<JobRow> rows, JobStatus status) {
        return rows.stream().filter(row -> row.state().status() == status).count();
    }

    // ---- the steps ----

    /** A reading changes nothing. */
    void beforeReading() {}

    Instant asOf() {
        return store.time().now();
    }

    Instant checkpointedAt(JobRow row, int stage) {
        return row.history().checkpointed().getOrDefault(stage, row.enqueuedAt());
    }

    List<Past.Operation> operations(JobRow row) {
        return row.history().operations();
    }

    boolean isTry(JobRow.Trouble trouble) {
        return trouble.kind() != Failure.Kind.REFUSED;
    }

    List<JobId> order(List<JobId> ids) {
        return ids;
    }

    Comparator<String> keys() {
        return FamilyTree.KEYS;
    }

    Optional<Instant> endedAt(Phase phase) {
        return phase instanceof Phase.Ended end ? Optional.of(end.at()) : Optional.empty();
    }

    <T> List<T> latest(List<T> all, int most) {
        return all.subList(Math.max(0, all.size() - most), all.size());
    }

    /** Of this job, and of none that had its id before. */
    List<Repair> repairs(JobRow row) {
        return store.audits().repairsOf(row.id()).stream()
                .filter(repair -> !repair.at().isBefore(row.enqueuedAt()))
                .toList();
    }

    boolean matches(JobFilter filter, JobSummary job) {
        return filter.matches(job);
    }

    Comparator<JobSummary> activeOrder() {
        return Comparator.comparing((JobSummary job) -> job.status() != JobStatus.RUNNING)
                .thenComparing(JobSummary::since);
    }

    boolean isAfter(String key, String after) {
        return FamilyTree.KEYS.compare(key, after) > 0;
    }

    boolean isDue(JobRow row, Instant now) {
        return row.state().isClaimable(now);
    }

    Optional<InMemoryQueueStore.Pause> pauseOf(String queue) {
        return store.queues().pauseOf(queue);
    }

    boolean isAfter(Position job, Position after) {
        return Position.ORDER.compare(job, after) > 0;
    }

    Found together(List<Found> queues, Search search) {
        return Found.of(queues, search, asOf());
    }

    Counted counted(long counted, int cap) {
        return Counted.upTo(counted, cap);
    }

    final InMemoryJobStore store() {
        return store;
    }
}
