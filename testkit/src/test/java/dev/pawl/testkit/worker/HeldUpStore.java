package dev.pawl.testkit.worker;

import dev.pawl.job.Children;
import dev.pawl.job.Enqueued;
import dev.pawl.job.JobId;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.FencingToken;
import dev.pawl.store.Answer;
import dev.pawl.store.ChildRow;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.Claimed;
import dev.pawl.store.JobStore;
import dev.pawl.store.JobWrite;
import dev.pawl.store.NewRow;
import dev.pawl.testkit.ForwardingJobStore;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A real store behind a door: batches that hold a chosen write wait there, or fail there, until the test lets them go. */
final class HeldUpStore extends ForwardingJobStore {
    private final List<List<? extends JobWrite>> batches = new CopyOnWriteArrayList<>();
    private final List<Integer> claims = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<RuntimeException> failuresBefore = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<RuntimeException> failuresAfter = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<RuntimeException> failuresAfterEnqueue = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<RuntimeException> failuresOfReasons = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<RuntimeException> failuresOfLooks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger lockedOrphans = new AtomicInteger();
    private volatile @Nullable RuntimeException failureOfOrphans;
    private final AtomicInteger counts = new AtomicInteger();
    private final AtomicInteger pages = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile Predicate<JobWrite> heldUp = write -> false;
    private volatile Predicate<JobWrite> poison = write -> false;
    private volatile Predicate<JobWrite> busy = write -> false;
    private volatile Predicate<NewRow> busyRow = row -> false;
    private volatile Predicate<NewRow> heldUpRow = row -> false;
    private volatile CountDownLatch door = new CountDownLatch(0);

    HeldUpStore(JobStore behind) {
        super(behind);
    }

    /** From now on, batches with such a write wait, until {@link #letAllGo}. */
    void holdUp(Predicate<JobWrite> which) {
        door = new CountDownLatch(1);
        heldUp = which;
    }

    void holdUpEnqueues(Predicate<NewRow> which) {
        door = new CountDownLatch(1);
        heldUpRow = which;
    }

    /** From now on, such writes are answered as busy, and not written. */
    void sayBusy(Predicate<JobWrite> which) {
        busy = which;
    }

    /** From now on, enqueues of such rows fail as busy, and are not written. */
    void sayBusyToEnqueues(Predicate<NewRow> which) {
        busyRow = which;
    }

    void letAllGo() {
        heldUp = write -> false;
        heldUpRow = row -> false;
        door.countDown();
    }

    /** Batches with such a write fail and are not written. */
    void failWith(Predicate<JobWrite> which) {
        poison = which;
    }

    void failNextBefore(RuntimeException failure) {
        failuresBefore.add(failure);
    }

    void failNextAfter(RuntimeException failure) {
        failuresAfter.add(failure);
    }

    void failNextEnqueueAfter(RuntimeException failure) {
        failuresAfterEnqueue.add(failure);
    }

    /** The next count of children fails. */
    void failNextLook(RuntimeException failure) {
        failuresOfLooks.add(failure);
    }

    /** The next question which children failed does itself. */
    void failNextReason(RuntimeException failure) {
        failuresOfReasons.add(failure);
    }

    @Override
    public Children.Counts countChildren(JobId parent, FencingToken fan) {
        counts.incrementAndGet();
        throwNext(failuresOfLooks);
        return super.countChildren(parent, fan);
    }

    @Override
    public List<ChildRow> children(JobId parent, FencingToken fan, Optional<String> after, int limit) {
        pages.incrementAndGet();
        return super.children(parent, fan, after, limit);
    }

    /** How often children were counted. */
    int counts() {
        return counts.get();
    }

    /** How many pages of children were read. */
    int pages() {
        return pages.get();
    }

    @Override
    public List<ChildRow> failedChildren(JobId parent, FencingToken fan, int limit) {
        throwNext(failuresOfReasons);
        return super.failedChildren(parent, fan, limit);
    }

    /** So many steps of cancelling orphans find their parents locked. */
    void lockOrphans(int steps) {
        lockedOrphans.set(steps);
    }

    /** From now on, steps of cancelling orphans fail. */
    void failOrphansWith(RuntimeException failure) {
        failureOfOrphans = failure;
    }

    @Override
    public int cancelOrphans(String queue, int most) {
        RuntimeException failure = failureOfOrphans;
        if (failure != null) {
            throw failure;
        }
        return lockedOrphans.getAndDecrement() > 0 ? 0 : super.cancelOrphans(queue, most);
    }

    /** The batches that came to the door, in order. */
    List<List<? extends JobWrite>> batches() {
        return batches;
    }

    /** How many jobs each claim asked for. */
    List<Integer> claims() {
        return claims;
    }

    @Override
    public List<Answer> write(List<? extends JobWrite> writes) {
        batches.add(List.copyOf(writes));
        if (writes.stream().anyMatch(heldUp)) {
            await(door);
        }
        if (writes.stream().anyMatch(poison)) {
            throw new IllegalStateException("poisoned");
        }
        throwNext(failuresBefore);
        List<JobWrite> free = new ArrayList<>(writes);
        free.removeIf(busy);
        Iterator<Answer> answers = super.write(free).iterator();
        throwNext(failuresAfter);
        return writes.stream()
                .map(write -> free.contains(write) ? answers.next() : new Answer.Busy())
                .toList();
    }

    private static void throwNext(ConcurrentLinkedQueue<RuntimeException> failures) {
        RuntimeException failure = failures.poll();
        if (failure != null) {
            throw failure;
        }
    }

    /** How many calls wait at the door. */
    int heldUpNow() {
        return waiting.get();
    }

    private void await(CountDownLatch latch) {
        waiting.incrementAndGet();
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody let the batch go");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            waiting.decrementAndGet();
        }
    }

    @Override
    public List<Claimed> claim(ClaimRequest request) {
        claims.add(request.max());
        return super.claim(request);
    }

    @Override
    public List<Enqueued> enqueue(List<NewRow> jobs) {
        if (jobs.stream().anyMatch(heldUpRow)) {
            await(door);
        }
        if (jobs.stream().anyMatch(busyRow)) {
            throw new BusyException("a key");
        }
        List<Enqueued> answers = super.enqueue(jobs);
        throwNext(failuresAfterEnqueue);
        return answers;
    }
}
