package dev.pawl.store;

import dev.pawl.Json;
import java.util.Optional;

/**
 * The rows that a scan walks over, in an order that is total. For implementers: keys are JSON that the source writes and
 * reads back exactly.
 *
 * @param <T> a row
 */
public interface RowSource<T> {
    /**
     * The order in words, with all that a stored key depends on: columns, types, directions and the place of nulls.
     *
     * @return the same for the same order, in every process
     */
    String keyset();

    /**
     * The key of the last row in order, as of now.
     *
     * @return empty if there is no row
     */
    Optional<Json> lastKey();

    /**
     * The next rows in order, as of now.
     *
     * @param after the key beyond which they lie; empty for the first
     * @param end the key up to which they lie, that of a row or not
     * @return as many rows as a page has, or fewer if there are no more
     * @throws IllegalStateException if two rows have one key: no order of these columns is total
     * @throws UnmappedPageException if the rows were read, and one of them could not be made
     */
    Slice<T> slice(Optional<Json> after, Json end);
}
