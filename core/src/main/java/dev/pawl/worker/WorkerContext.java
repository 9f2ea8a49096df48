package dev.pawl.worker;

import dev.pawl.internal.Checks;
import dev.pawl.store.GroupCommit;
import dev.pawl.store.JobStore;
import dev.pawl.store.JsonValues;
import dev.pawl.store.NewRows;
import dev.pawl.store.Refusals;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * What workers need of the Pawl that they belong to. An application has no use for it.
 *
 * @param store to claim and to read
 * @param commits to write
 * @param refusals what becomes of refused writes
 * @param values the door to JSON
 * @param rows remembers which pipelines are recorded
 * @param wakeups hints that a queue may have work
 * @param name who this process is
 * @param workers those that are started and not closed; safe for use by many threads
 * @param closed whether the Pawl is
 */
public record WorkerContext(
        JobStore store,
        GroupCommit commits,
        Refusals refusals,
        JsonValues values,
        NewRows rows,
        Wakeups wakeups,
        String name,
        Set<Worker> workers,
        BooleanSupplier closed) {
    /**
     * Refuses whatever would begin after the end.
     *
     * @throws IllegalStateException if the Pawl is closed
     */
    public void checkOpen() {
        if (closed.getAsBoolean()) {
            throw new IllegalStateException("this Pawl is closed: nothing was done; open another one");
        }
    }

    /**
     * Describes a worker.
     *
     * @param queue where it claims
     * @return a description to complete
     */
    public Worker.Builder worker(String queue) {
        checkOpen();
        return new WorkerBuilder(this, Checks.name("queue", queue));
    }
}
