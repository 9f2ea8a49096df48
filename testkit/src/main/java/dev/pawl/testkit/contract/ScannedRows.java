package dev.pawl.testkit.contract;

import dev.pawl.scan.KeyColumn;
import dev.pawl.store.RowSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table of the test's own, with columns to sort by: {@code id}, {@code rank} and {@code name}, of which only the first is unique
 * and never null.
 */
public interface ScannedRows {
    /**
     * One of its rows.
     *
     * @param id unique
     * @param rank a number that many may have, or nobody
     * @param name a text that many may have, or nobody
     */
    record Row(long id, @Nullable Integer rank, @Nullable String name) {}

    /**
     * Adds a row, or puts it in the place of the one that has its id. Committed when it returns.
     *
     * @param row as it is to be
     */
    void put(Row row);

    /**
     * Deletes a row. Committed when it returns.
     *
     * @param id of one that there is
     */
    void delete(long id);

    /**
     * Takes the rows out of sight, or back, as they are: so that to read them fails, as where a table or a column has another name.
     * Committed when it returns.
     *
     * @param hidden whether they can't be read from now on
     * @return whether this can be; false, unless told otherwise, and then nothing has happened
     */
    default boolean hide(boolean hidden) {
        return false;
    }

    /**
     * All rows, for a scan.
     *
     * @param page most rows of a page
     * @param order the key columns
     * @return the rows as they are at each call of it
     */
    RowSource<Row> by(int page, List<KeyColumn> order);
}
