package dev.pawl.jdbc.internal;

import dev.pawl.job.JobStatus;
import dev.pawl.store.JobState;
import dev.pawl.store.JobWrite;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a write makes of a locked row. */
record Move(JobWrite write, JobRows.Locked row, JobState to) {
    Move to(JobState other) {
        return new Move(write, row, other);
    }

    boolean endsChild() {
        return to.status().isEnded() && to.family().parent().isPresent();
    }

    UUID parent() {
        return to.family().parent().orElseThrow().id();
    }

    @Nullable String progress() {
        return write instanceof JobWrite.SaveProgress save ? save.progress().text() : null;
    }

    @Nullable String writer() {
        return write instanceof JobWrite.Fenced fenced ? fenced.fence().holder() : null;
    }

    @Nullable String result() {
        return write instanceof JobWrite.Checkpoint checkpoint ? JobWrites.text(checkpoint.result()) : null;
    }

    @Nullable String lastResult() {
        return to.status() == JobStatus.COMPLETED ? result() : null;
    }

    @Nullable String completer() {
        return to.status() == JobStatus.COMPLETED ? writer() : null;
    }
}
