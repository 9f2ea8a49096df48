package dev.pawl.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** What counting the ends of jobs reads and writes, within one transaction; for implementers. {@link RollUp} says when. */
public interface Tallies {
    /**
     * The transaction's time.
     *
     * @return the database's
     */
    Instant now();

    /**
     * The queues that have a job, or that were ever counted.
     *
     * @return in the order of their names
     */
    List<String> queues();

    /**
     * How far a queue is counted.
     *
     * @param queue its name
     * @param forWriting whether its row is to be this transaction's, which waits for whoever has it
     * @return {@link Mark#NONE} if it never was
     */
    Mark mark(String queue, boolean forWriting);

    /**
     * Says how far a queue is counted.
     *
     * @param queue its name
     * @param mark how far
     */
    void mark(String queue, Mark mark);

    /**
     * Reads jobs that have ended, in the order of their ends and ids.
     *
     * @param queue theirs
     * @param from the earliest end
     * @param after the id to go on after, of those that ended just then; empty for all of them
     * @param before ended before this
     * @param limit how many at most
     * @return a page
     */
    List<EndedJob> ended(String queue, Instant from, Optional<UUID> after, Instant before, int limit);

    /**
     * Reads what is counted.
     *
     * @param queue whose
     * @param grain in spans of this length
     * @param from the first span
     * @param before the end of the last
     * @return what there is
     */
    Map<Tally.Key, Tally> read(String queue, Tally.Grain grain, Instant from, Instant before);

    /**
     * Puts what is counted in the place of what was there in the same spans.
     *
     * @param queue whose
     * @param grain in spans of this length
     * @param from the first span
     * @param before the end of the last
     * @param tallies all that there is to be in them
     */
    void replace(String queue, Tally.Grain grain, Instant from, Instant before, Map<Tally.Key, Tally> tallies);

    /**
     * Until where a queue is counted.
     *
     * @param countedAt the end of the last job that was counted, or a time before which none is left
     * @param countedId its id; empty for all that ended before
     * @param recountedTo until when what ended was looked at a second time
     */
    record Mark(Instant countedAt, Optional<UUID> countedId, Instant recountedTo) {
        /** Of a queue that was never counted. */
        public static final Mark NONE = new Mark(Instant.EPOCH, Optional.empty(), Instant.EPOCH);

        /** Checks that nothing is missing. */
        public Mark {
            Objects.requireNonNull(countedAt, "countedAt");
            Objects.requireNonNull(countedId, "countedId");
            Objects.requireNonNull(recountedTo, "recountedTo");
        }
    }
}
