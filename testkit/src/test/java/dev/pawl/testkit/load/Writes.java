package dev.pawl.testkit.load;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.job.JobId;
import dev.pawl.lease.Fence;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.HeldJob;
import dev.pawl.store.JobWrite;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/** Writes of all kinds, most of them sensible. */
final class Writes {
    private final Random random;

    Writes(Random random) {
        this.random = random;
    }

    JobWrite any(HeldJob<Json> held) {
        JobId id = held.id();
        Fence fence = held.fence();
        int stage =
                Math.min(Math.max(0, held.job().stage() + shift()), held.job().stages() - 1);
        Duration length = length();
        int die = random.nextInt(100);
        if (die < 45 && !Application.needsEffect(held.job().pipeline(), stage)) {
            Json result = Application.result(fence.token().value(), stage, random.nextInt(3));
            return new JobWrite.Checkpoint(id, fence, stage, Optional.of(result), length);
        }
        if (die < 65) {
            long number = Math.max(1, held.job().progressNo() + 1 - random.nextInt(4) / 3);
            Json progress = Application.progress(fence.token().value(), number);
            return new JobWrite.SaveProgress(id, fence, stage, number, progress, length);
        }
        if (die < 80) {
            return new JobWrite.Renew(id, fence, length);
        }
        if (die < 88) {
            return new JobWrite.Release(id, fence, stage, millis(0, 30));
        }
        if (die < 97) {
            boolean last = held.job().attempt() >= Application.ATTEMPTS;
            return new JobWrite.Fail(
                    id, fence, stage, ErrorInfo.of("no"), last ? Optional.empty() : Optional.of(millis(0, 40)));
        }
        return random.nextBoolean() ? new JobWrite.Cancel(id, Actor.SYSTEM) : new JobWrite.Retry(id, Actor.SYSTEM);
    }

    /** What a holder must do with a job that was taken over too often. */
    static JobWrite.Fail exhausted(HeldJob<Json> held) {
        return new JobWrite.Fail(
                held.id(), held.fence(), held.job().stage(), ErrorInfo.of("taken over too often"), Optional.empty());
    }

    /** Half of them so short that they expire. */
    Duration length() {
        return random.nextBoolean() ? millis(10, 150) : millis(500, 1_500);
    }

    Duration millis(int least, int most) {
        return Duration.ofMillis(least + random.nextInt(most - least + 1));
    }

    private int shift() {
        return random.nextInt(12) == 0 ? random.nextInt(3) - 1 : 0;
    }
}
