package dev.pawl.testkit;

import dev.pawl.job.Children;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.Refusal;
import dev.pawl.store.Answer;
import dev.pawl.store.Family;
import dev.pawl.store.JobState;
import dev.pawl.store.JobState.Phase;
import dev.pawl.store.JobWrite;
import dev.pawl.store.Lifecycle;
import dev.pawl.store.NewChild;
import dev.pawl.store.Transition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What one call on an {@link InMemoryJobStore} does to the relatives of the jobs that it writes to, under the store's lock. All
 * own rows come first, then children that are cancelled and parents that are counted anew, and last the counts of parents, in the
 * order of their ids.
 */
class Families {
    private static final int NOBODY = -1;
    private static final Comparator<JobId> BY_ID =
            Comparator.comparing(JobId::queue).thenComparing(JobId::uuid, ClaimOrder.UUIDS);

    private final InMemoryJobStore store;
    private final Instant now;
    private final List<Ended> ended = new ArrayList<>();

    /** Each of the methods that are neither private nor static is a step of its own, so that a test can break just that one. */
    Families(InMemoryJobStore store, Instant now) {
        this.store = store;
        this.now = now;
    }

    /** A child's end, by the write of that number in the call, if it was one. */
    private record Ended(int write, JobState child) {}

    // ---- one write at a time ----

    /** Whether another's transaction has a relative locked that the write would change, too. */
    boolean isBusy(JobWrite write, JobRow row, JobState next) {
        if (write instanceof JobWrite.Retry) {
            return Stream.concat(tree(row).map(JobRow::id), parentOf(row.state()).map(JobRow::id).stream())
                    .anyMatch(store::isLocked);
        }
        return hasEnded(row.state(), next)
                && parentOf(next)
                        .filter(parent -> isOfFan(parent.state(), linkOf(next)))
                        .filter(parent -> store.isLocked(parent.id()))
                        .isPresent();
    }

    /** Starts the children of a fan-out. */
    void start(JobWrite.FanOut write, Transition transition) {
        if (transition instanceof Transition.Moved) {
            insert(write);
        }
    }

    final void insert(JobWrite.FanOut write) {
        JobRow parent = store.lookUp(write.job()).orElseThrow();
        for (NewChild child : write.children()) {
            store.put(child(child, parent, write));
        }
    }

    JobRow child(NewChild child, JobRow parent, JobWrite.FanOut write) {
        return JobRow.child(child, store.stored(child.payload()), parent, write.fence(), now);
    }

    /** Takes note of a write's effect on its own job, the parent of which is to be counted down if it has ended. */
    void note(int write, JobState before, Transition transition) {
        if (transition instanceof Transition.Moved moved && hasEnded(before, moved.job())) {
            count(write, moved.job());
        }
    }

    final void count(int write, JobState child) {
        ended.add(new Ended(write, child));
    }

    /** A job that goes on takes those below it along, and is counted as open by its parent. */
    Transition retry(JobRow row, JobState next) {
        JobState job = row.state();
        List<JobRow> below = tree(row).toList();
        Optional<Refusal> whyNot = below.stream().flatMap(this::whyNotRetried).findFirst();
        if (whyNot.isPresent()) {
            return new Transition.Refused(whyNot.get());
        }
        Optional<JobRow> parent = parentOf(job);
        Optional<JobState> counted = parent.flatMap(above -> childRetried(above.state(), job));
        if (job.family().parent().isPresent() && counted.isEmpty()) {
            return new Transition.Refused(Lifecycle.whyNotRetried(parent.map(JobRow::state), job));
        }
        JobState waiting = childrenRetried(next, retriedChildren(row).toList());
        List<JobRow> again = below.stream().map(this::again).toList();
        again.forEach(store::put);
        counted.ifPresent(state -> put(parent.orElseThrow(), state));
        return new Transition.Moved(waiting);
    }

    private JobRow again(JobRow child) {
        JobState next = childrenRetried(
                Lifecycle.again(child.state(), now), retriedChildren(child).toList());
        return child.state(Micros.of(next));
    }

    Stream<Refusal> whyNotRetried(JobRow below) {
        return new JobWrite.Retry(below.id(), below.origin().triggeredBy()).on(below.state(), Optional.empty(), now)
                        instanceof Transition.Refused refused
                ? Stream.of(refused.refusal())
                : Stream.empty();
    }

    /** Those below a job that go on with it, from the top down. */
    private Stream<JobRow> tree(JobRow row) {
        return retriedChildren(row).flatMap(child -> Stream.concat(Stream.of(child), tree(child)));
    }

    private Stream<JobRow> retriedChildren(JobRow row) {
        return currentChildren(row).filter(child -> isRetried(child.state()));
    }

    // ---- the whole call ----

    /** The answers as they are once the relatives are written. A parent's own tells nothing of ends that came in the same call. */
    final List<Answer> settle(List<? extends JobWrite> writes, List<Answer> answers) {
        List<Answer> settled = new ArrayList<>();
        for (int i = 0; i < writes.size(); i++) {
            settled.add(
                    answers.get(i) instanceof Answer.Done done ? withChildren(writes.get(i), done) : answers.get(i));
        }
        Set<Integer> wakers = countDown();
        for (int waker : wakers) {
            settled.set(waker, new Answer.Done(((Answer.Done) settled.get(waker)).job(), true));
        }
        return List.copyOf(settled);
    }

    private Answer.Done withChildren(JobWrite write, Answer.Done done) {
        if (write instanceof JobWrite.CancelChildren cancel) {
            return new Answer.Done(cancelChildren(cancel));
        }
        return write instanceof JobWrite.AwaitChildren ? new Answer.Done(countAnew(write.job())) : done;
    }

    private JobState cancelChildren(JobWrite.CancelChildren write) {
        List<Ended> others = List.copyOf(ended);
        ended.clear();
        cancelOpen(store.lookUp(write.job()).orElseThrow(), write.most());
        countDown();
        ended.addAll(others);
        return store.lookUp(write.job()).orElseThrow().state();
    }

    /** In the order of their keys. */
    private int cancelOpen(JobRow parent, int most) {
        List<JobRow> open = currentChildren(parent)
                .filter(child -> isOpen(child) && !store.isLocked(child.id()))
                .sorted(Comparator.comparing(child -> child.childKey().orElseThrow(), FamilyTree.KEYS))
                .limit(mostAtOnce(most))
                .toList();
        open.forEach(this::cancel);
        return open.size();
    }

    /** A step of cancelling what jobs that have ended left behind; what they count is right after it. */
    final int cancelOrphans(String queue, int most) {
        List<JobRow> parents = store.rows()
                .filter(row -> row.id().queue().equals(queue) && leavesOrphans(row.state()))
                .filter(row -> !store.isLocked(row.id()))
                .sorted(Comparator.comparing(JobRow::id, BY_ID))
                .toList();
        int cancelled = 0;
        for (JobRow parent : parents) {
            if (cancelled < most) {
                cancelled += cancelOpen(parent, most - cancelled);
                countDown();
                countAnew(parent.id());
            }
        }
        return cancelled;
    }

    private void cancel(JobRow child) {
        JobWrite.Cancel cancel = new JobWrite.Cancel(child.id(), child.origin().triggeredBy());
        Transition transition = cancel.on(child.state(), Optional.empty(), now);
        if (transition instanceof Transition.Moved moved) {
            store.put(child.state(Micros.of(moved.job())));
        }
        note(NOBODY, child.state(), transition);
    }

    /** Once for each parent and fan-out, however many of its children have ended. Returns the writes that woke one. */
    private Set<Integer> countDown() {
        Map<JobId, Map<Family.Parent, List<Ended>>> byParent = new TreeMap<>(BY_ID);
        for (Ended end : ended) {
            byParent.computeIfAbsent(parentId(end.child()), first -> new LinkedHashMap<>())
                    .computeIfAbsent(linkOf(end.child()), first -> new ArrayList<>())
                    .add(end);
        }
        ended.clear();
        Set<Integer> wakers = new HashSet<>();
        byParent.forEach((id, fans) -> fans.forEach((link, ends) -> store.lookUp(id)
                .filter(parent -> isOfFan(parent.state(), link))
                .filter(parent -> countDown(parent, ends))
                .ifPresent(parent ->
                        wakers.addAll(wakers(ends.stream().map(Ended::write).toList())))));
        return wakers;
    }

    /** Whether that woke the parent. */
    private boolean countDown(JobRow parent, List<Ended> ends) {
        JobState before = parent.state();
        JobState after = childrenEnded(
                before,
                number(ends, JobStatus.COMPLETED),
                number(ends, JobStatus.FAILED),
                number(ends, JobStatus.CANCELLED));
        put(parent, after);
        return before.phase() instanceof Phase.WaitingForChildren && after.phase() instanceof Phase.Waiting;
    }

    private static int number(List<Ended> ends, JobStatus as) {
        return (int) ends.stream().filter(end -> end.child().status() == as).count();
    }

    /** By the rows as they were before this call ended some: those are counted down with all others. */
    private JobState countAnew(JobId id) {
        JobRow parent = store.lookUp(id).orElseThrow();
        List<JobId> endedHere = ended.stream().map(end -> end.child().id()).toList();
        List<JobRow> children = currentChildren(parent).toList();
        Children.Counts others = FamilyTree.count(children.stream().filter(child -> !endedHere.contains(child.id())));
        Children.Counts rows = new Children.Counts(
                children.size(), others.open() + children.size() - others.total(), others.failed(), others.cancelled());
        put(parent, recounted(parent.state(), rows));
        return store.lookUp(id).orElseThrow().state();
    }

    private void put(JobRow row, JobState next) {
        store.put(row.state(Micros.of(next)));
    }

    // ---- the steps ----

    boolean hasEnded(JobState before, JobState after) {
        return !before.status().isEnded()
                && after.status().isEnded()
                && after.family().parent().isPresent();
    }

    boolean isOfFan(JobState parent, Family.Parent link) {
        return Lifecycle.isOfFan(parent, link);
    }

    JobState childrenEnded(JobState parent, int completed, int failed, int cancelled) {
        return Lifecycle.childrenEnded(parent, completed, failed, cancelled);
    }

    /** Which of the writes that ended children say that they woke the parent: the last. */
    List<Integer> wakers(List<Integer> writes) {
        return writes.subList(writes.size() - 1, writes.size());
    }

    JobState recounted(JobState parent, Children.Counts rows) {
        return Lifecycle.recounted(parent, rows);
    }

    /** Whether a child goes on with its parent. */
    boolean isRetried(JobState child) {
        return child.status() == JobStatus.FAILED || child.status() == JobStatus.CANCELLED;
    }

    JobState childrenRetried(JobState parent, List<JobRow> children) {
        return Lifecycle.childrenRetried(parent, children.size());
    }

    Optional<JobState> childRetried(JobState parent, JobState child) {
        return Lifecycle.childRetried(parent, child);
    }

    /** Ended, and counts open children. */
    boolean leavesOrphans(JobState parent) {
        return parent.status().isEnded() && parent.family().openChildren() > 0;
    }

    int mostAtOnce(int most) {
        return most;
    }

    // ---- who is whose ----

    /** Of the fan-out of the current stage. */
    Stream<JobRow> currentChildren(JobRow parent) {
        return parent.state().family().fan().stream()
                .flatMap(fan ->
                        FamilyTree.children(store.rows(), parent.id(), fan.by().token()));
    }

    private Optional<JobRow> parentOf(JobState child) {
        return child.family().parent().isPresent() ? store.lookUp(parentId(child)) : Optional.empty();
    }

    private static JobId parentId(JobState child) {
        return new JobId(child.id().queue(), linkOf(child).id());
    }

    private static Family.Parent linkOf(JobState child) {
        return child.family().parent().orElseThrow();
    }

    private static boolean isOpen(JobRow row) {
        return !row.state().status().isEnded();
    }
}
