package dev.pawl.testkit;

import dev.pawl.job.JobId;
import dev.pawl.lease.FencingToken;
import dev.pawl.store.JobState;
import dev.pawl.store.Recorded;
import dev.pawl.testkit.contract.Damage;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A row as something else than Pawl may leave it. */
record Damaged(JobRow row) {
    static void damage(InMemoryJobStore store, JobId job, Damage damage) {
        switch (damage) {
            case LOST_CHECKPOINT -> store.damage(job, row -> new Damaged(row).withoutFirstCheckpoint());
            case TOKEN_NOT_ISSUED ->
                store.damage(job, row -> new Damaged(row).under(new FencingToken(store.lastToken() + 1_000)));
            case LOST_ROW -> store.lose(job);
        }
    }

    private JobRow withoutFirstCheckpoint() {
        Map<Integer, Recorded> kept = new HashMap<>(row.checkpoints());
        kept.remove(0);
        return row.checkpoints(kept);
    }

    private JobRow under(FencingToken token) {
        JobState job = row.state();
        return row.state(new JobState(
                job.id(),
                job.pipeline(),
                job.version(),
                job.stages(),
                job.stage(),
                job.attempt(),
                job.takeovers(),
                job.priority(),
                Optional.of(token),
                job.progressNo(),
                job.since(),
                job.phase(),
                job.family()));
    }
}
