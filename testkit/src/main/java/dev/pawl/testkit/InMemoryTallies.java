package dev.pawl.testkit;

import dev.pawl.job.Failure;
import dev.pawl.store.EndedJob;
import dev.pawl.store.JobState.Phase;
import dev.pawl.store.Removal;
import dev.pawl.store.Removed;
import dev.pawl.store.Tallies;
import dev.pawl.store.Tally;
import dev.pawl.store.TallyStore;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is counted of an {@link InMemoryJobStore}. Safe for use by many threads. */
class InMemoryTallies implements TallyStore, Tallies {
    private final InMemoryJobStore store;
    private final Map<String, Mark> marks = new HashMap<>();
    private final Map<Place, Map<Tally.Key, Tally>> tallies = new HashMap<>();
    private final MemoryRemoval removal;

    /** Each of the methods that are neither private nor final is a step of its own, so that a test can break just that one. */
    InMemoryTallies(InMemoryJobStore store) {
        this(store, new MemoryRemoval(store));
    }

    InMemoryTallies(InMemoryJobStore store, MemoryRemoval removal) {
        this.store = store;
        this.removal = removal;
    }

    private record Place(String queue, Tally.Grain grain) {}

    @Override
    public final <T> T read(Function<Tallies, T> reading) {
        synchronized (store.mutex()) {
            return reading.apply(this);
        }
    }

    @Override
    public final <T> T write(Function<Tallies, T> counting) {
        synchronized (store.mutex()) {
            return counting.apply(this);
        }
    }

    @Override
    public final Removed remove(Removal what) {
        synchronized (store.mutex()) {
            return removal.step(what, marks.getOrDefault(what.queue(), Mark.NONE));
        }
    }

    @Override
    public final Instant now() {
        return store.time().now();
    }

    @Override
    public final List<String> queues() {
        Set<String> names = new TreeSet<>(marks.keySet());
        store.rows().forEach(row -> names.add(row.id().queue()));
        return List.copyOf(names);
    }

    @Override
    public final Mark mark(String queue, boolean forWriting) {
        return marks.getOrDefault(queue, Mark.NONE);
    }

    @Override
    public void mark(String queue, Mark mark) {
        marks.put(queue, mark);
    }

    @Override
    public final List<EndedJob> ended(String queue, Instant from, Optional<UUID> after, Instant before, int limit) {
        return store.rows()
                .filter(row -> row.id().queue().equals(queue))
                .flatMap(this::ended)
                .filter(job -> job.endedAt().isBefore(before))
                .filter(job -> isAfter(job, from, after))
                .sorted(Comparator.comparing(EndedJob::endedAt)
                        .thenComparing(job -> job.id().uuid(), ClaimOrder.UUIDS))
                .limit(limit)
                .toList();
    }

    boolean isAfter(EndedJob job, Instant from, Optional<UUID> after) {
        int time = job.endedAt().compareTo(from);
        return time > 0
                || (time == 0
                        && (after.isEmpty() || ClaimOrder.UUIDS.compare(job.id().uuid(), after.get()) > 0));
    }

    Stream<EndedJob> ended(JobRow row) {
        return row.state().phase() instanceof Phase.Ended end
                ? Stream.of(new EndedJob(
                        row.id(),
                        row.state().pipeline(),
                        end.as(),
                        row.enqueuedAt(),
                        row.startedAt(),
                        end.at(),
                        count(row, Failure.Kind.FAILED),
                        count(row, Failure.Kind.TAKEN_OVER)))
                : Stream.empty();
    }

    private static int count(JobRow row, Failure.Kind kind) {
        return (int) row.troubles().stream()
                .filter(trouble -> trouble.kind() == kind)
                .count();
    }

    @Override
    public final Map<Tally.Key, Tally> read(String queue, Tally.Grain grain, Instant from, Instant before) {
        return tallies.getOrDefault(new Place(queue, grain), Map.of()).entrySet().stream()
                .filter(tally -> isWithin(tally.getKey(), from, before))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Override
    public void replace(String queue, Tally.Grain grain, Instant from, Instant before, Map<Tally.Key, Tally> counted) {
        Map<Tally.Key, Tally> all = tallies.computeIfAbsent(new Place(queue, grain), place -> new HashMap<>());
        all.keySet().removeIf(key -> isWithin(key, from, before));
        all.putAll(counted);
    }

    private static boolean isWithin(Tally.Key key, Instant from, Instant before) {
        return !key.start().isBefore(from) && key.start().isBefore(before);
    }
}
