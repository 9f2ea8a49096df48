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
 * own rows come first, then children that are cancelled, then the counts of parents, in the order of their ids, and at the end
 * the parents that are counted anew: so a child that ends in the same call is counted once.
 */
class Families {
    private static final int NOBODY = -1;
    private static final Comparator<JobId> BY_ID =
            Comparator.comparing(JobId::queue).thenComparing(JobId::uuid, ClaimOrder.UUIDS);

    private final InMemoryJobStore store;
    private final Instant now;
    private final List<Ended> ended = new ArrayList<>();
    private final Set<JobId> changed = new HashSet<>();
    private final Set<Integer> wakers = new HashSet<>();

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
            store.put(JobRow.child(child, store.stored(child.payload()), parent, write.fence(), now));
        }
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
        Optional<JobRow> parent = parentOf(job);
        Optional<JobState> counted = parent.flatMap(above -> childRetried(above.state(), job));
        if (job.family().parent().isPresent() && counted.isEmpty()) {
            return new Transition.Refused(Lifecycle.whyNotRetried(parent.map(JobRow::state), job));
        }
        List<JobRow> below = tree(row).toList();
        Optional<Refusal> whyNot = below.stream().flatMap(this::whyNotRetried).findFirst();
        if (whyNot.isPresent()) {
            return new Transition.Refused(whyNot.get());
        }
        JobState waiting = childrenRetried(next, retriedChildren(row).toList());
        List<JobRow> again = below.stream().map(this::again).toList();
        again.forEach(store::put);
        counted.ifPresent(state -> change(parent.orElseThrow(), state));
        return new Transition.Moved(waiting);
    }

    private JobRow again(JobRow child) {
        JobState next = childrenRetried(
                Lifecycle.again(child.state(), now), retriedChildren(child).toList());
        return child.state(Micros.of(next));
    }

    private Stream<Refusal> whyNotRetried(JobRow below) {
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

    /** The answers as they are once the relatives are written. */
    final List<Answer> settle(List<? extends JobWrite> writes, List<Answer> answers) {
        for (int i = 0; i < writes.size(); i++) {
            if (writes.get(i) instanceof JobWrite.CancelChildren cancel && answers.get(i) instanceof Answer.Done) {
                cancelChildren(cancel);
            }
        }
        countDown();
        for (int i = 0; i < writes.size(); i++) {
            if (writes.get(i) instanceof JobWrite.AwaitChildren && answers.get(i) instanceof Answer.Done) {
                store.lookUp(writes.get(i).job()).ifPresent(this::countAnew);
            }
        }
        List<Answer> settled = new ArrayList<>();
        for (int i = 0; i < writes.size(); i++) {
            settled.add(settled(answers.get(i), writes.get(i).job(), wakers.contains(i)));
        }
        return List.copyOf(settled);
    }

    private Answer settled(Answer answer, JobId job, boolean woke) {
        return answer instanceof Answer.Done done && (woke || changed.contains(job))
                ? new Answer.Done(store.lookUp(job).map(JobRow::state).orElse(done.job()), woke)
                : answer;
    }

    private void cancelChildren(JobWrite.CancelChildren write) {
        JobRow parent = store.lookUp(write.job()).orElseThrow();
        currentChildren(parent)
                .filter(child -> isOpen(child) && !store.isLocked(child.id()))
                .sorted(Comparator.comparing(JobRow::id, BY_ID))
                .limit(write.most())
                .toList()
                .forEach(this::cancel);
    }

    /** A step of cancelling what jobs that have ended left behind. */
    final int cancelOrphans(String queue, int most) {
        List<JobRow> orphans = store.rows()
                .filter(row -> row.id().queue().equals(queue) && isOpen(row) && isOrphan(row.state()))
                .filter(row -> !store.isLocked(row.id())
                        && !store.isLocked(parentOf(row.state()).orElseThrow().id()))
                .sorted(Comparator.comparing(JobRow::id, BY_ID))
                .limit(most)
                .toList();
        orphans.forEach(this::cancel);
        countDown();
        return orphans.size();
    }

    private void cancel(JobRow child) {
        JobWrite.Cancel cancel = new JobWrite.Cancel(child.id(), child.origin().triggeredBy());
        Transition transition = cancel.on(child.state(), Optional.empty(), now);
        if (transition instanceof Transition.Moved moved) {
            store.put(child.state(Micros.of(moved.job())));
        }
        note(NOBODY, child.state(), transition);
    }

    /** Once for each parent and fan-out, however many of its children have ended. */
    private void countDown() {
        Map<JobId, Map<Family.Parent, List<Ended>>> byParent = new TreeMap<>(BY_ID);
        for (Ended end : ended) {
            Family.Parent link = linkOf(end.child());
            byParent.computeIfAbsent(parentId(end.child()), first -> new LinkedHashMap<>())
                    .computeIfAbsent(link, first -> new ArrayList<>())
                    .add(end);
        }
        ended.clear();
        byParent.forEach((id, fans) -> fans.forEach((link, ends) -> store.lookUp(id)
                .filter(parent -> isOfFan(parent.state(), link))
                .ifPresent(parent -> countDown(parent, ends))));
    }

    private void countDown(JobRow parent, List<Ended> ends) {
        JobState before = parent.state();
        JobState after = childrenEnded(
                before,
                number(ends, JobStatus.COMPLETED),
                number(ends, JobStatus.FAILED),
                number(ends, JobStatus.CANCELLED));
        change(parent, after);
        if (before.phase() instanceof Phase.WaitingForChildren && after.phase() instanceof Phase.Waiting) {
            wakers.addAll(wakers(ends.stream().map(Ended::write).toList()));
        }
    }

    private static int number(List<Ended> ends, JobStatus as) {
        return (int) ends.stream().filter(end -> end.child().status() == as).count();
    }

    private void countAnew(JobRow parent) {
        parent.state()
                .family()
                .fan()
                .ifPresent(fan -> change(parent, recounted(parent.state(), FamilyTree.count(currentChildren(parent)))));
    }

    private void change(JobRow row, JobState next) {
        store.put(row.state(Micros.of(next)));
        changed.add(row.id());
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

    /** Open, under a parent that has ended. */
    boolean isOrphan(JobState job) {
        return parentOf(job).filter(parent -> parent.state().status().isEnded()).isPresent();
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
