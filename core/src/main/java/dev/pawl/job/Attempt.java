package dev.pawl.job;

import dev.pawl.lease.BusyException;
import dev.pawl.lease.FencingToken;
import dev.pawl.lease.Lease;
import dev.pawl.lease.LeaseLostException;
import java.util.Optional;

/**
 * One try at a job's current stage, as the code that makes it sees it. Made by Pawl only. To be used by one thread at a
 * time, and not after the handler returned.
 *
 * @param <P> the payload
 */
public interface Attempt<P> {
    /**
     * The job.
     *
     * @return its id
     */
    JobId id();

    /**
     * The stage that is being tried.
     *
     * @return its name
     */
    String stage();

    /**
     * The number of this try at the stage.
     *
     * @return 1 for the first; a checkpoint, or progress, sets it back; a takeover is counted apart
     */
    int number();

    /**
     * What the job is about.
     *
     * @return the payload, read once
     */
    P payload();

    /**
     * The checkpointed result of an earlier stage. Read from the database once, unless this process made it.
     *
     * @param <R> the result
     * @param earlier a stage that the job has passed, with a result
     * @return the result
     * @throws IllegalArgumentException if the job has not passed such a stage
     */
    <R> R result(Stage<R> earlier);

    /**
     * What was last saved inside this stage, by this or an earlier attempt.
     *
     * @param <T> the progress
     * @param type its type
     * @return empty if nothing was saved in this stage
     */
    <T> Optional<T> progress(Class<T> type);

    /**
     * Saves a position inside the stage, durably, and renews the lease; the next attempt finds it. After an exception that
     * is not a lost lease it may be repeated.
     *
     * @param progress what the codec can write, at most 1 MiB unless told otherwise
     * @throws LeaseLostException if a later claim holds the job, or it has ended, or it is gone; nothing was written
     * @throws BusyException if an open transaction holds the job's row; nothing was written
     */
    void saveProgress(Object progress);

    /** Says that the work moves. Local and cheap; matters only to a worker that was told to let silent handlers go. */
    void heartbeat();

    /**
     * What the attempt holds.
     *
     * @return the lease as last renewed
     */
    Lease lease();

    /**
     * To fence rows of your own: {@code … where id = :id and token <= :token}.
     *
     * @return the lease's token
     */
    default FencingToken token() {
        return lease().token();
    }
}
