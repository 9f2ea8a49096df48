package dev.pawl.worker;

import dev.pawl.store.ClaimRequest;
import dev.pawl.store.ClaimRequest.Place;
import dev.pawl.store.Claimed;
import dev.pawl.store.JobState;
import dev.pawl.store.JobStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Asks the store for work, and remembers where to go on. It steps over what it has seen, by a bound for each priority: the
 * last place that it claimed. A full look, the same question without bounds, follows at short intervals, when nothing was
 * found, and when told to, and finds what became claimable behind the bounds: expired leases, releases, late commits.
 * Correctness never depends on the bounds. To be used by one thread.
 *
 * <p>A suspect comes alone, so there may be more to claim at once; while the worker has one it gets no other.
 */
final class Claimer {
    private final JobStore store;
    private final WorkerSettings settings;
    private final List<ClaimRequest.Runs> runs;
    private final long fullLookNanos;
    private final SplittableRandom random = new SplittableRandom();
    private final Map<Integer, Place> bounds = new HashMap<>();
    private volatile boolean lookBehind = true;
    private boolean suspectsBefore = true;
    private long lastFullLook;

    Claimer(JobStore store, WorkerSettings settings, List<ClaimRequest.Runs> runs) {
        this.store = store;
        this.settings = settings;
        this.runs = runs;
        this.fullLookNanos = Math.min(
                settings.pollInterval().toNanos(), Duration.ofSeconds(1).toNanos());
    }

    /** The next look is a full one. May be called by any thread. */
    void lookBehind() {
        lookBehind = true;
    }

    /**
     * Claims at most so many; empty only if a full look found nothing.
     *
     * @param suspects whether a suspect may be among them; the first time that it may again, everything is looked at
     */
    List<Claimed> claim(int max, boolean suspects) {
        boolean full = lookBehind || (suspects && !suspectsBefore) || System.nanoTime() - lastFullLook >= fullLookNanos;
        suspectsBefore = suspects;
        List<Claimed> found = look(max, suspects, full);
        return found.isEmpty() && !full ? look(max, suspects, true) : found;
    }

    private List<Claimed> look(int max, boolean suspects, boolean full) {
        if (full) {
            lookBehind = false; // before the look, so that a wish that comes during it is kept
            lastFullLook = System.nanoTime();
            bounds.clear();
        }
        ClaimRequest request =
                new ClaimRequest(settings.queue(), runs, holder(), settings.lease(), max, bounds, suspects);
        List<Claimed> found;
        try {
            found = store.claim(request);
        } catch (RuntimeException failure) {
            lookBehind = true; // what was claimed, if anything, is not known here
            throw failure;
        }
        if (!found.isEmpty() && found.get(0).job().isSuspect()) { // it came alone, and says nothing of the others
            lookBehind = true;
            return found;
        }
        for (Claimed claimed : found) {
            JobState job = claimed.job();
            bounds.put(
                    job.priority(),
                    new Place(job.phase().dueAt().orElseThrow(), job.id().uuid()));
        }
        return found;
    }

    private String holder() {
        return settings.name() + "#" + Long.toHexString(random.nextLong() >>> 16);
    }
}
