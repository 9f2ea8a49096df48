package dev.pawl.store;

import java.util.function.Function;

/** Where the ends of jobs are counted, and what is counted is removed, for implementers. Safe for use by many threads. */
public interface TallyStore {
    /**
     * Reads what is counted, at one instant.
     *
     * @param <T> what is made of it
     * @param reading what to read; writes nothing
     * @return what it returned
     */
    <T> T read(Function<Tallies, T> reading);

    /**
     * Counts, in one transaction. It may run more than once, each time in a transaction of its own.
     *
     * @param <T> what is made of it
     * @param counting what to count
     * @return what it returned the last time
     */
    <T> T write(Function<Tallies, T> counting);

    /**
     * Removes what is past its time, and counted (rule A6), in one transaction, which waits for nobody: what somebody has locked stays.
     *
     * <p>First it goes on with trees that are too large for a step: their roots are gone, and what is below follows from the top down, so
     * that nobody sees a parent with some of its children. Then it looks at the next ended jobs, and removes as many whole trees as it
     * has room for. With a job go its checkpoints, its failures and what operators did to it. Records of repairs stay.
     *
     * @param what of which queue, and how many
     * @return what it did, and where to go on
     */
    Removed remove(Removal what);
}
