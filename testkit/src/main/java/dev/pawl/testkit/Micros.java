package dev.pawl.testkit;

import dev.pawl.store.Family;
import dev.pawl.store.JobState;
import dev.pawl.store.JobState.Phase;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What a column of PostgreSQL's type {@code timestamptz} keeps of a job's times: whole microseconds. */
final class Micros {
    private Micros() {}

    static JobState of(JobState job) {
        return new JobState(
                job.id(),
                job.pipeline(),
                job.version(),
                job.stages(),
                job.stage(),
                job.attempt(),
                job.takeovers(),
                job.priority(),
                job.token(),
                job.progressNo(),
                cut(job.since()),
                of(job.phase()),
                of(job.family()));
    }

    private static Phase of(Phase phase) {
        if (phase instanceof Phase.Pending pending) {
            return new Phase.Pending(cut(pending.due()));
        }
        if (phase instanceof Phase.Running running) {
            return new Phase.Running(running.holder(), cut(running.expiresAt()), cut(running.due()));
        }
        if (phase instanceof Phase.Waiting waiting) {
            return new Phase.Waiting(cut(waiting.due()));
        }
        if (phase instanceof Phase.WaitingForChildren) {
            return phase;
        }
        Phase.Ended end = (Phase.Ended) phase;
        return new Phase.Ended(end.as(), cut(end.at()));
    }

    private static Family of(Family family) {
        return new Family(family.parent(), family.place().map(Micros::cut), family.fan());
    }

    private static Instant cut(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS);
    }
}
