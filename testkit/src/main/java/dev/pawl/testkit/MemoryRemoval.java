package dev.pawl.testkit;

import dev.pawl.job.JobId;
import dev.pawl.store.JobState.Phase;
import dev.pawl.store.Removal;
import dev.pawl.store.Removal.Below;
import dev.pawl.store.Removal.Bounds;
import dev.pawl.store.Removal.Choice;
import dev.pawl.store.Removal.Place;
import dev.pawl.store.Removal.Root;
import dev.pawl.store.Removed;
import dev.pawl.store.Tallies;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What retention removes from an {@link InMemoryJobStore}, under its lock. */
class MemoryRemoval {
    private static final Comparator<JobRow> BY_END = Comparator.comparing(MemoryRemoval::end)
            .thenComparing(row -> row.id().uuid(), ClaimOrder.UUIDS);

    private final InMemoryJobStore store;
    /** Jobs that are gone, and whose children are to follow, with the last token that they had. */
    private final Map<JobId, Long> begun = new LinkedHashMap<>();

    /** Each of the methods that are neither private nor final is a step of its own, so that a test can break just that one. */
    MemoryRemoval(InMemoryJobStore store) {
        this.store = store;
    }

    final Removed step(Removal what, Tallies.Mark mark) {
        Bounds bounds = bounds(what, store.time().now(), mark);
        int followed = goOn(what, bounds);
        if (followed == what.most()) {
            return new Removed(followed, Optional.of(what.place()));
        }
        List<JobRow> page = ended(what.queue())
                .filter(row -> isAfter(row, what.place()) && end(row).isBefore(bounds.roots()))
                .sorted(BY_END)
                .limit(what.most())
                .toList();
        Optional<Place> end =
                page.size() < what.most() ? Optional.empty() : Optional.of(place(page.get(page.size() - 1)));
        List<Root> roots = page.stream()
                .filter(row -> isOutcome(row, what) && isRoot(row) && !isLocked(row.id()))
                .map(row -> new Root(place(row), below(row).findAny().isPresent()))
                .toList();
        Map<UUID, Below> below =
                page.stream().collect(Collectors.toMap(row -> row.id().uuid(), row -> below(row, bounds)));
        Choice choice = what.choose(roots, below, what.most() - followed);
        int removed = choice.whole().stream()
                .mapToInt(root -> removeTree(new JobId(what.queue(), root)))
                .sum();
        removed +=
                choice.begun().map(root -> begin(new JobId(what.queue(), root))).orElse(0);
        return new Removed(followed + removed, choice.next().or(() -> end));
    }

    private int goOn(Removal what, Bounds bounds) {
        int removed = 0;
        while (removed < what.most()) {
            List<JobRow> children = store.rows()
                    .filter(row -> row.id().queue().equals(what.queue()) && isLeft(row))
                    .filter(row -> isOver(row, bounds) && !isLocked(row.id()))
                    .limit(what.most() - removed)
                    .toList();
            children.forEach(child -> begin(child.id()));
            begun.keySet().removeIf(gone -> store.rows().noneMatch(row -> isLeftOf(row, gone)));
            removed += children.size();
            if (children.isEmpty()) {
                break;
            }
        }
        return removed;
    }

    private int begin(JobId id) {
        JobRow row = store.lookUp(id).orElseThrow();
        if (below(row).findAny().isPresent()) {
            note(id, row.state().token().orElseThrow().value());
        }
        remove(row);
        return 1;
    }

    private boolean isLeft(JobRow row) {
        return begun.keySet().stream().anyMatch(gone -> isLeftOf(row, gone));
    }

    private boolean isLeftOf(JobRow row, JobId gone) {
        return row.id().queue().equals(gone.queue())
                && row.state()
                        .family()
                        .parent()
                        .filter(link ->
                                link.id().equals(gone.uuid()) && link.fan().value() <= begun.getOrDefault(gone, 0L))
                        .isPresent();
    }

    private Below below(JobRow root, Bounds bounds) {
        List<JobRow> tree = below(root).toList();
        return new Below(
                tree.size(),
                tree.stream().allMatch(row -> isOver(row, bounds))
                        && tree.stream().noneMatch(row -> isLocked(row.id())));
    }

    private Stream<JobRow> ended(String queue) {
        return store.rows()
                .filter(row ->
                        row.id().queue().equals(queue) && row.state().status().isEnded());
    }

    private int removeTree(JobId root) {
        JobRow row = store.lookUp(root).orElseThrow();
        List<JobRow> all = Stream.concat(Stream.of(row), whole(row)).toList();
        all.forEach(this::remove);
        return all.size();
    }

    static Instant end(JobRow row) {
        return row.state().phase() instanceof Phase.Ended ended ? ended.at() : Instant.MAX;
    }

    private static Place place(JobRow row) {
        return new Place(end(row), row.id().uuid());
    }

    // ---- the steps ----

    Bounds bounds(Removal what, Instant now, Tallies.Mark mark) {
        return what.bounds(now, mark);
    }

    boolean isOutcome(JobRow row, Removal what) {
        return row.state().status() == what.as();
    }

    boolean isRoot(JobRow row) {
        return row.state().family().parent().isEmpty();
    }

    boolean isOver(JobRow row, Bounds bounds) {
        return end(row).isBefore(bounds.others());
    }

    boolean isLocked(JobId id) {
        return store.isLocked(id);
    }

    /** All that is below a job, from the top down. */
    Stream<JobRow> below(JobRow parent) {
        return store.rows()
                .filter(row -> row.id().queue().equals(parent.id().queue()))
                .filter(row -> row.state()
                        .family()
                        .parent()
                        .filter(link -> link.id().equals(parent.id().uuid()))
                        .isPresent())
                .flatMap(row -> Stream.concat(Stream.of(row), below(row)));
    }

    boolean isAfter(JobRow row, Place place) {
        int time = end(row).compareTo(place.endedAt());
        return time > 0 || (time == 0 && ClaimOrder.UUIDS.compare(row.id().uuid(), place.id()) > 0);
    }

    /** What goes with a root. */
    Stream<JobRow> whole(JobRow root) {
        return below(root);
    }

    /** That the children of a job are to follow it. */
    void note(JobId gone, long token) {
        begun.put(gone, token);
    }

    void remove(JobRow row) {
        store.lose(row.id());
    }

    final InMemoryJobStore store() {
        return store;
    }
}
