package dev.pawl.scan;

import dev.pawl.internal.Checks;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A column of a scan's order. Of several, the last must be unique among the rows and never null, so that the order is total.
 * Immutable; each method returns a changed copy.
 *
 * @param name the column's, as the query calls it: a letter or '_', then letters, digits and '_', up to 63 in all
 * @param descending whether larger values come first
 * @param nullsFirst whether rows without a value come before all others
 */
public record KeyColumn(String name, boolean descending, boolean nullsFirst) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if it is no plain name of a column
     */
    public KeyColumn {
        Objects.requireNonNull(name, "name of a key column");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("name of a key column must be a letter or '_', then letters, digits"
                    + " and '_', 1 to 63 in all, but was '" + Checks.shown(name)
                    + "': give an expression a name in the query (select lower(title) as title_key …)");
        }
    }

    /**
     * Smallest first, rows without a value last: as PostgreSQL orders unless told otherwise.
     *
     * @param name the column's
     * @return the column
     */
    public static KeyColumn asc(String name) {
        return new KeyColumn(name, false, false);
    }

    /**
     * Largest first, rows without a value first: as PostgreSQL orders unless told otherwise.
     *
     * @param name the column's
     * @return the column
     */
    public static KeyColumn desc(String name) {
        return new KeyColumn(name, true, true);
    }

    /**
     * With rows without a value before all others.
     *
     * @return a copy
     */
    public KeyColumn withNullsFirst() {
        return new KeyColumn(name, descending, true);
    }

    /**
     * With rows without a value after all others.
     *
     * @return a copy
     */
    public KeyColumn withNullsLast() {
        return new KeyColumn(name, descending, false);
    }

    /** {@code created_at desc nulls first}. */
    @Override
    public String toString() {
        return name + (descending ? " desc" : " asc") + (nullsFirst ? " nulls first" : " nulls last");
    }
}
