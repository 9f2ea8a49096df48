package dev.pawl.store;

import java.util.function.Function;

/** Where the ends of jobs are counted, for implementers. Safe for use by many threads. */
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
}
