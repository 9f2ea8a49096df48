package dev.pawl.jdbc.internal;

import dev.pawl.lease.Refusal;
import dev.pawl.store.Answer;
import dev.pawl.store.JobState;
import dev.pawl.store.JobWrite;
import dev.pawl.store.Transition;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Holds a job's row until the end of a transaction, without a change to it. */
final class Fencing {
    private final Database database;
    private final Transactions transactions;

    Fencing(Database database, Transactions transactions) {
        this.database = database;
        this.transactions = transactions;
    }

    /** Waits for the row, and tells whether the holder still holds it, at this stage. */
    Answer fence(JobWrite.Renew fence, int stage) {
        return transactions.run("fence " + fence.job(), handle -> fence(handle, fence, stage));
    }

    private Answer fence(Handle handle, JobWrite.Renew fence, int stage) {
        List<JobRows.Locked> rows = handle.attach(DecideSql.class)
                .lockWaiting(
                        fence.job().queue(),
                        SqlArrays.uuids(List.of(fence), write -> write.job().uuid()),
                        SqlArrays.ints(List.of(fence), write -> -1),
                        SqlArrays.time(database.time().orElse(null)));
        if (rows.isEmpty()) {
            return new Answer.Refused(new Refusal.Missing());
        }
        JobState job = rows.get(0).job();
        Transition transition = fence.on(job, Optional.empty(), rows.get(0).now());
        if (transition instanceof Transition.Refused) {
            return Answer.to(transition);
        }
        return job.stage() == stage
                ? new Answer.Done(job)
                : new Answer.Refused(new Refusal.NotAtStage(stage, job.stage()));
    }
}
