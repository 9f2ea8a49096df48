package dev.pawl.jdbc.internal;

import dev.pawl.internal.Checks;
import dev.pawl.scan.KeyColumn;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/**
 * What {@link dev.pawl.jdbc.SqlRows} says. Immutable.
 *
 * @param <T> a row
 * @param select without order and limit
 * @param keys may be missing until it is used
 * @param mapper makes a row
 * @param values of the select's parameters
 * @param pageSize rows of a page
 * @param lag zero if there is none
 */
public record RowsQuery<T>(
        String select,
        List<KeyColumn> keys,
        RowMapper<T> mapper,
        Map<String, @Nullable Object> values,
        int pageSize,
        Duration lag) {
    /** What a page has unless told otherwise. */
    public static final int STANDARD_PAGE = 100;

    private static final int LARGEST_PAGE = 10_000;
    private static final int MOST_KEYS = 16;
    private static final String RESERVED = "pawl_";

    /** Checks each part by itself. */
    public RowsQuery {
        SelectText.of(select).checkedAsRows();
        keys = List.copyOf(keys);
        Checks.between("rows of a page", pageSize, 1, LARGEST_PAGE);
        Checks.notNegative("lag", lag);
        Checks.between("number of key columns", keys.size(), 0, MOST_KEYS);
        Set<String> seen = new HashSet<>();
        for (KeyColumn key : keys) {
            if (!seen.add(key.name())) {
                throw new IllegalArgumentException(
                        "key column '" + key.name() + "' is named twice in by(" + keys + ")");
            }
        }
        for (String name : values.keySet()) {
            if (name.startsWith(RESERVED)) {
                throw new IllegalArgumentException(
                        "parameter '" + name + "' can't be bound: names that begin with '" + RESERVED + "' are Pawl's");
            }
        }
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * Rows by a select, as they come.
     *
     * @param select without order and limit
     * @param mapper makes a row
     */
    public static <T> RowsQuery<T> of(String select, RowMapper<T> mapper) {
        return new RowsQuery<>(select, List.of(), mapper, Map.of(), STANDARD_PAGE, Duration.ZERO);
    }

    /** In this order. */
    public RowsQuery<T> by(List<KeyColumn> columns) {
        return new RowsQuery<>(select, columns, mapper, values, pageSize, lag);
    }

    /** By this mapper. */
    public <U> RowsQuery<U> as(RowMapper<U> rows) {
        return new RowsQuery<>(select, keys, rows, values, pageSize, lag);
    }

    /** With one more value. */
    public RowsQuery<T> bind(String name, @Nullable Object value) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>(values);
        all.put(name, value);
        return new RowsQuery<>(select, keys, mapper, all, pageSize, lag);
    }

    /** In pages of this size. */
    public RowsQuery<T> pagesOf(int rows) {
        return new RowsQuery<>(select, keys, mapper, values, rows, lag);
    }

    /** Without those that are younger. */
    public RowsQuery<T> lag(Duration younger) {
        return new RowsQuery<>(select, keys, mapper, values, pageSize, younger);
    }

    /**
     * Checks the parts together.
     *
     * @throws IllegalArgumentException if there is no key, or parameters and values do not agree
     */
    RowsQuery<T> complete() {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(
                    "rows need an order, the last column of which is unique: call by(…) for " + Checks.shown(select));
        }
        Set<String> parameters = SelectText.of(select).parameters();
        for (String name : parameters) {
            if (!values.containsKey(name)) {
                throw new IllegalArgumentException("parameter ':" + name + "' has no value: call bind(\"" + name
                        + "\", …) for " + Checks.shown(select));
            }
        }
        Set<String> unknown = new TreeSet<>(values.keySet());
        unknown.removeAll(parameters);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("values are bound to " + unknown + ", but the parameters are "
                    + parameters + ": " + Checks.shown(select));
        }
        return this;
    }
}
