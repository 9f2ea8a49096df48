package dev.pawl.testkit.worker;

import dev.pawl.job.Enqueued;
import dev.pawl.store.Answer;
import dev.pawl.store.ClaimRequest;
import dev.pawl.store.Claimed;
import dev.pawl.store.JobStore;
import dev.pawl.store.JobWrite;
import dev.pawl.store.NewRow;
import dev.pawl.testkit.ForwardingJobStore;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A real store behind a door: batches that hold a chosen write wait there, or fail there, until the test lets them go. */
final class HeldUpStore extends ForwardingJobStore {
    private final List<List<? extends JobWrite>> batches = new CopyOnWriteArrayList<>();
    private final List<Integer> claims = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<RuntimeException> failuresBefore = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<RuntimeException> failuresAfter = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<RuntimeException> failuresAfterEnqueue = new ConcurrentLinkedQueue<>();
    private volatile Predicate<JobWrite> heldUp = write -> false;
    private volatile Predicate<JobWrite> poison = write -> false;
    private volatile CountDownLatch door = new CountDownLatch(0);

    HeldUpStore(JobStore behind) {
        super(behind);
    }

    /** From now on, batches with such a write wait, until {@link #letAllGo}. */
    void holdUp(Predicate<JobWrite> which) {
        door = new CountDownLatch(1);
        heldUp = which;
    }

    void letAllGo() {
        heldUp = write -> false;
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
        List<Answer> answers = super.write(writes);
        throwNext(failuresAfter);
        return answers;
    }

    private static void throwNext(ConcurrentLinkedQueue<RuntimeException> failures) {
        RuntimeException failure = failures.poll();
        if (failure != null) {
            throw failure;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody let the batch go");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public List<Claimed> claim(ClaimRequest request) {
        claims.add(request.max());
        return super.claim(request);
    }

    @Override
    public List<Enqueued> enqueue(List<NewRow> jobs) {
        List<Enqueued> answers = super.enqueue(jobs);
        throwNext(failuresAfterEnqueue);
        return answers;
    }
}
