package dev.pawl.testkit.load;

import dev.pawl.Json;
import dev.pawl.job.JobId;
import dev.pawl.lease.Fence;
import dev.pawl.store.Answer;
import dev.pawl.store.HeldJob;
import dev.pawl.store.JobWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What one client holds, or believes to hold, and what it wrote before. For one thread. */
final class Hand {
    private static final int ZOMBIES = 24;
    private static final int REMEMBERED = 40;

    private final Random random;
    private final List<HeldJob<Json>> held = new ArrayList<>();
    private final List<HeldJob<Json>> zombies = new ArrayList<>();
    private final List<JobWrite> written = new ArrayList<>();

    Hand(Random random) {
        this.random = random;
    }

    void take(HeldJob<Json> job) {
        held.add(job);
    }

    int size() {
        return held.size();
    }

    /** Mostly one that is held, now and then one that was. */
    Optional<HeldJob<Json>> any() {
        List<HeldJob<Json>> from = held.isEmpty() || random.nextInt(5) == 0 ? zombies : held;
        return from.isEmpty() ? Optional.empty() : Optional.of(from.get(random.nextInt(from.size())));
    }

    Optional<JobWrite> anyWritten() {
        return written.isEmpty() ? Optional.empty() : Optional.of(written.get(random.nextInt(written.size())));
    }

    /** Everything is forgotten, as by a crash; the leases stay behind. */
    void forget() {
        held.clear();
        written.clear();
    }

    /** It stands still, and will go on with what it holds when that is long another's. */
    void freeze() {
        held.forEach(this::lost);
        held.clear();
    }

    void wrote(JobWrite write, Answer answer) {
        keep(written, write, REMEMBERED);
        if (write instanceof JobWrite.Fenced fenced) {
            if (answer instanceof Answer.Done done) {
                find(write.job(), fenced.fence())
                        .filter(job -> !job.answered(done.job()))
                        .ifPresent(this::letGo);
            } else if (answer instanceof Answer.Refused refused
                    && refused.refusal().isLeaseLost()) {
                find(write.job(), fenced.fence()).ifPresent(this::letGo);
            }
        }
    }

    void letGo(HeldJob<Json> job) {
        if (held.remove(job)) {
            lost(job);
        }
    }

    private void lost(HeldJob<Json> job) {
        keep(zombies, job, ZOMBIES);
    }

    private Optional<HeldJob<Json>> find(JobId id, Fence fence) {
        return held.stream()
                .filter(job -> job.id().equals(id) && job.fence().equals(fence))
                .findFirst();
    }

    private <T> void keep(List<T> list, T one, int most) {
        if (list.size() == most) {
            list.set(random.nextInt(most), one);
        } else {
            list.add(one);
        }
    }
}
