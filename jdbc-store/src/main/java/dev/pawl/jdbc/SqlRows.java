package dev.pawl.jdbc;

import dev.pawl.jdbc.internal.ByClass;
import dev.pawl.jdbc.internal.ByName;
import dev.pawl.jdbc.internal.RowsQuery;
import dev.pawl.jdbc.internal.SqlRowSource;
import dev.pawl.scan.KeyColumn;
import dev.pawl.store.RowSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/**
 * Rows of an application's tables, in a total order, for a scan or a backfill to walk over. A description: it needs no database.
 *
 * <pre>{@code
 * SqlRows.select("select id, created_at, body from article where summary is null")
 *         .by(desc("created_at"), desc("id"))
 *         .as(Article.class)
 *         .pagesOf(200)
 * }</pre>
 *
 * <p><b>The index.</b> Each page asks for rows beyond the last one, in order, and no more than it has. An index on the key columns
 * in the same words ({@code (created_at desc, id desc)}, or with all of them turned round) lets it read just these rows, however
 * large the table and however often a value is repeated; add the select's own condition to it ({@code where summary is null}) if
 * most rows don't meet it. Without such an index, and where few rows are left, a page sorts what is left.
 *
 * <p><b>Key columns</b> are columns of the select, by their output names. The last must be unique among the rows and never null:
 * two rows with one key are refused when they are met. They are of the types text, varchar, char, smallint, integer, bigint,
 * numeric, real, double precision, uuid, timestamptz, timestamp, date, boolean, or enums, whose values come back exactly;
 * infinities and NaN included.
 *
 * <p><b>The select</b> has neither an order nor a limit of its own. {@code :name} in it is a {@linkplain #bind parameter}; nothing
 * else has another meaning than in PostgreSQL, {@code ?} included. Names that begin with {@code pawl_}, of output columns and of
 * parameters, are reserved. It runs in a transaction of its own, which reads only, on connections of the application's (those of
 * the Jdbi or the data source that Pawl was opened with), whose search path it finds its tables by.
 *
 * <p>Immutable: each method returns a changed copy, in any order.
 *
 * @param <T> a row
 */
public final class SqlRows<T> {
    private final RowsQuery<T> query;

    private SqlRows(RowsQuery<T> query) {
        this.query = query;
    }

    /**
     * Rows that are maps from the columns' names to values as the driver gives them, until {@link #as(Class)} says otherwise.
     *
     * @param select without order and limit, whose columns include the key's
     * @return rows that still need their {@linkplain #by order}
     * @throws IllegalArgumentException if it is empty, no select, more than one statement, or has an order or limit of its own
     */
    public static SqlRows<Map<String, @Nullable Object>> select(String select) {
        return new SqlRows<>(RowsQuery.of(Objects.requireNonNull(select, "select"), new ByName()));
    }

    /**
     * The order. Directions and places of nulls may be mixed.
     *
     * @param columns of the select, each once; the last is unique, and never null
     * @return a copy
     * @throws IllegalArgumentException if there is none, or one is named twice
     */
    public SqlRows<T> by(KeyColumn... columns) {
        if (columns.length == 0) {
            throw new IllegalArgumentException("an order must have at least one key column: by(desc(\"id\")), say");
        }
        return new SqlRows<>(query.by(List.of(columns)));
    }

    /**
     * Rows as this mapper makes them.
     *
     * @param <U> a row
     * @param mapper makes a row of what the select gives; must not return null
     * @return a copy
     */
    public <U> SqlRows<U> as(RowMapper<U> mapper) {
        return new SqlRows<>(query.as(Objects.requireNonNull(mapper, "mapper")));
    }

    /**
     * Rows of a type: by the mapper that the application's Jdbi has for it, or else by the constructor of a record, or the
     * properties of a bean, whose names are those of the columns ({@code created_at} for {@code createdAt}).
     *
     * @param <U> a row
     * @param recordOrBean its type; or that of the only column
     * @return a copy
     */
    public <U> SqlRows<U> as(Class<U> recordOrBean) {
        return new SqlRows<>(query.as(new ByClass<>(Objects.requireNonNull(recordOrBean, "recordOrBean"))));
    }

    /**
     * A value for a parameter of the select.
     *
     * @param name as in the select, without ':'
     * @param value what Jdbi can bind
     * @return a copy
     * @throws IllegalArgumentException if the name begins with {@code pawl_}
     */
    public SqlRows<T> bind(String name, @Nullable Object value) {
        return new SqlRows<>(query.bind(Objects.requireNonNull(name, "name"), value));
    }

    /**
     * How many rows a page has at most; 100 unless told otherwise.
     *
     * @param rows 1 to 10,000
     * @return a copy
     * @throws IllegalArgumentException if it is less or more
     */
    public SqlRows<T> pagesOf(int rows) {
        return new SqlRows<>(query.pagesOf(rows));
    }

    /**
     * Lets rows wait that are younger than this by the first key column, a timestamptz, or a timestamp in the time zone of the
     * session: as long as a transaction may take that writes such rows, since those which commit late would be behind the cursor
     * until the next lap. By the database's clock. Rows without a value do not wait.
     *
     * @param lag zero, as it is unless told otherwise, or more
     * @return a copy
     * @throws IllegalArgumentException if it is negative, or longer than ten years
     */
    public SqlRows<T> lag(Duration lag) {
        return new SqlRows<>(query.lag(lag));
    }

    /**
     * These rows in a database.
     *
     * @param handles opens one of the application's
     * @return to be walked over
     * @throws IllegalArgumentException if the description has no order, or parameters and values do not agree
     */
    RowSource<T> in(Supplier<Handle> handles) {
        return new SqlRowSource<>(query, handles);
    }

    /** The select and its order. */
    @Override
    public String toString() {
        return "rows of (" + query.select().strip() + ") by " + query.keys();
    }
}
