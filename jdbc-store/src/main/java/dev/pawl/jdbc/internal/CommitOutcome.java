package dev.pawl.jdbc.internal;

import dev.pawl.job.JobId;
import dev.pawl.job.Outcome;
import dev.pawl.lease.Fence;
import dev.pawl.store.JobState;
import dev.pawl.store.JobState.Phase;
import dev.pawl.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of a transaction whose commit was not answered. It held the job's row, so whoever gets that lock after it
 * knows that it has ended, and sees what it wrote.
 */
final class CommitOutcome {
    private static final Logger LOG = LoggerFactory.getLogger(CommitOutcome.class);
    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final long PAUSE_MILLIS = 100;

    private final Transactions transactions;

    CommitOutcome(Database database) {
        this.transactions = new OwnTransactions(database);
    }

    /**
     * Finds out.
     *
     * @param write the last thing in the transaction
     * @param outcome what it wrote
     * @return whether it was committed
     * @throws StoreException if that can't be found out in time
     */
    boolean happened(String what, Write write, Outcome<?> outcome, Exception failure) {
        LOG.warn("lost the connection at the commit, finding out what became of it: {}", what);
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (true) {
            try {
                return transactions.run(
                        "find out whether this happened: " + what, handle -> happened(handle, write, outcome));
            } catch (StoreException notYet) {
                if (System.nanoTime() - deadline >= 0) {
                    StoreException unknown = SqlFailures.unknown(what, failure);
                    unknown.addSuppressed(notYet);
                    throw unknown;
                }
                pause(what, failure);
            }
        }
    }

    private static boolean happened(Handle handle, Write write, Outcome<?> outcome) {
        DecideSql sql = handle.attach(DecideSql.class);
        String queue = write.job.queue();
        Argument ids = SqlArrays.uuids(List.of(write), w -> w.job.uuid());
        Argument stages = SqlArrays.ints(List.of(write), Write::stage);
        List<JobRows.Locked> rows = sql.lockWaiting(queue, ids, stages, SqlArrays.time(null));
        if (rows.isEmpty()) {
            return false;
        }
        JobState job = rows.get(0).job();
        if (outcome instanceof Outcome.Done) {
            boolean completed = job.stage() == job.stages() && write.stage == job.stages() - 1;
            return completed
                    ? rows.get(0).completedUnder().equals(Optional.of(write.fence))
                    : sql.recorded(queue, ids, stages).stream()
                            .anyMatch(row -> row.recorded().fence().equals(write.fence));
        }
        if (outcome instanceof Outcome.Failed) {
            return sql.hasFailed(
                    queue, write.job.uuid(), write.stage, write.fence.token().value(), write.fence.holder());
        }
        // A release leaves no record, but nothing else makes a job wait under the token that it was claimed by.
        return job.token().equals(Optional.of(write.fence.token())) && job.phase() instanceof Phase.Waiting;
    }

    private static void pause(String what, Exception failure) {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw SqlFailures.unknown(what, failure);
        }
    }

    /** What every write of a stage bears. */
    record Write(JobId job, Fence fence, int stage) {}
}
