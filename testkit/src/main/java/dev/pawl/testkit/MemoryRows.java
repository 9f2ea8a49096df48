package dev.pawl.testkit;

import dev.pawl.Json;
import dev.pawl.internal.Checks;
import dev.pawl.scan.KeyColumn;
import dev.pawl.store.RowSource;
import dev.pawl.store.Slice;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a collection, for scans in memory, in the order that PostgreSQL would have them in: text by code point (as under the
 * collation "C"), numbers by value whatever their types, UUIDs by their bytes, instants by the microsecond, false before true, and
 * what has no value before or after all else, as the column says.
 *
 * <pre>{@code
 * MemoryRows.of(() -> articles.values())
 *     .by(desc("created_at"), Article::createdAt)
 *     .by(desc("id"), Article::id)
 *     .pagesOf(200)
 * }</pre>
 *
 * <p>A value of a column is a {@code String}, {@code Byte}, {@code Short}, {@code Integer}, {@code Long}, {@code BigInteger},
 * {@code BigDecimal}, {@code UUID}, {@code Instant}, {@code LocalDate}, {@code Boolean}, or null, but in the last column, by which
 * rows are told apart. All values of a column are of one type, or numbers.
 *
 * <p>Immutable; each method returns a changed copy. As safe for use by many threads as the collection is.
 *
 * @param <T> a row
 */
public final class MemoryRows<T> implements RowSource<T> {
    private static final int STANDARD_PAGE = 100;
    private static final int LARGEST_PAGE = 10_000;

    private final Supplier<? extends Collection<? extends T>> rows;
    private final List<Column<T>> columns;
    private final int page;
    private final Duration lag;
    private final Supplier<Instant> time;

    private record Column<T>(KeyColumn column, Function<? super T, ?> value) {}

    /** A row and its key. */
    private record Keyed<T>(MemoryKey key, T row) {}

    private MemoryRows(
            Supplier<? extends Collection<? extends T>> rows,
            List<Column<T>> columns,
            int page,
            Duration lag,
            Supplier<Instant> time) {
        this.rows = rows;
        this.columns = List.copyOf(columns);
        this.page = page;
        this.lag = lag;
        this.time = time;
    }

    /**
     * Rows that still need an order.
     *
     * @param rows gives them as they are; asked at each page
     * @param <T> a row
     * @return in pages of 100 unless told otherwise
     */
    public static <T> MemoryRows<T> of(Supplier<? extends Collection<? extends T>> rows) {
        return new MemoryRows<>(
                Objects.requireNonNull(rows, "rows"), List.of(), STANDARD_PAGE, Duration.ZERO, MemoryRows::noTime);
    }

    /**
     * Adds a column to the order. The last must be unique among the rows, and never null.
     *
     * @param column its name and direction
     * @param value of a row; may be null
     * @return a copy
     * @throws IllegalArgumentException if there is a column of that name
     */
    public MemoryRows<T> by(KeyColumn column, Function<? super T, ? extends @Nullable Object> value) {
        Objects.requireNonNull(value, "value");
        if (columns.stream().anyMatch(known -> known.column().name().equals(column.name()))) {
            throw new IllegalArgumentException("a scan has each key column once, but " + column.name()
                    + " was given twice: by (" + keyset() + "), and now " + column);
        }
        List<Column<T>> more = new ArrayList<>(columns);
        more.add(new Column<>(column, value));
        return new MemoryRows<>(rows, more, page, lag, time);
    }

    /**
     * In pages of so many.
     *
     * @param most 1 to 10,000
     * @return a copy
     * @throws IllegalArgumentException if a page can't have so many rows
     */
    public MemoryRows<T> pagesOf(int most) {
        if (most < 1 || most > LARGEST_PAGE) {
            throw new IllegalArgumentException("rows of a page must be 1 to " + LARGEST_PAGE + ", but was " + most);
        }
        return new MemoryRows<>(rows, columns, most, lag, time);
    }

    /**
     * Lets rows wait that are younger than this by the first key column, an {@code Instant}, and the time of the Pawl in memory that
     * walks over them: as {@code SqlRows} does for what may commit late. Rows without a value do not wait.
     *
     * @param younger zero, as it is unless told otherwise, or more
     * @return a copy
     * @throws IllegalArgumentException if it is negative, or longer than ten years
     */
    public MemoryRows<T> lag(Duration younger) {
        return new MemoryRows<>(rows, columns, page, Checks.notNegative("lag", younger), time);
    }

    MemoryRows<T> at(Supplier<Instant> now) {
        return new MemoryRows<>(rows, columns, page, lag, now);
    }

    private static Instant noTime() {
        throw new IllegalStateException("only a Pawl in memory has the time by which rows are young: scan them there");
    }

    /** The columns with their directions; the types are those of the values. */
    @Override
    public String keyset() {
        return columns.stream().map(column -> column.column().toString()).collect(Collectors.joining(", "));
    }

    @Override
    public Optional<Json> lastKey() {
        List<Keyed<T>> all = inOrder();
        return all.isEmpty()
                ? Optional.empty()
                : Optional.of(all.get(all.size() - 1).key().json());
    }

    @Override
    public Slice<T> slice(Optional<Json> after, Json end) {
        Comparator<MemoryKey> order = order();
        MemoryKey last = read(end);
        Optional<MemoryKey> first = after.map(this::read);
        List<Keyed<T>> found = inOrder().stream()
                .filter(row -> first.isEmpty() || order.compare(row.key(), first.get()) > 0)
                .filter(row -> order.compare(row.key(), last) <= 0)
                .limit(page + 1L)
                .toList();
        List<Keyed<T>> rowsOfPage = found.subList(0, Math.min(page, found.size()));
        return new Slice<>(
                rowsOfPage.stream().map(Keyed::row).toList(),
                rowsOfPage.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                rowsOfPage.get(rowsOfPage.size() - 1).key().json()),
                found.size() > page);
    }

    /** All of them; two with one key are refused, since one of them could be stepped over. */
    private List<Keyed<T>> inOrder() {
        Comparator<MemoryKey> order = order();
        List<Keyed<T>> all = new ArrayList<>();
        Optional<Instant> youngest =
                lag.isZero() ? Optional.empty() : Optional.of(time.get().minus(lag));
        rows.get().forEach(row -> all.add(new Keyed<>(key(row), row)));
        youngest.ifPresent(until -> all.removeIf(row -> isYounger(row.key(), until)));
        all.sort(Comparator.comparing(Keyed::key, order));
        for (int i = 1; i < all.size(); i++) {
            if (order.compare(all.get(i - 1).key(), all.get(i).key()) == 0) {
                throw new IllegalStateException(
                        "two rows have the key " + all.get(i).key() + " of (" + keyset()
                                + "), so that one could be stepped over: end the key with a column that is unique");
            }
        }
        return all;
    }

    private boolean isYounger(MemoryKey key, Instant until) {
        Object first = key.values().get(0);
        if (first != null && !(first instanceof Instant)) {
            throw new IllegalArgumentException("a lag of " + lag + " needs a first key column of instants, but "
                    + columns.get(0).column().name() + " has a value of "
                    + first.getClass().getName());
        }
        return first instanceof Instant at && at.isAfter(until);
    }

    private MemoryKey key(T row) {
        List<@Nullable Object> values = new ArrayList<>();
        for (Column<T> column : columns) {
            values.add(MemoryKey.value(column.column().name(), column.value().apply(row)));
        }
        if (values.get(values.size() - 1) == null) {
            throw new IllegalStateException("a row has no value in the last key column of (" + keyset()
                    + "), by which rows are told apart: " + row);
        }
        return new MemoryKey(values);
    }

    private MemoryKey read(Json json) {
        return MemoryKey.read(json, columns.size());
    }

    private Comparator<MemoryKey> order() {
        if (columns.isEmpty()) {
            throw new IllegalStateException(
                    "these rows have no order yet: give key columns (by), the last of them unique");
        }
        return MemoryKey.order(columns.stream().map(Column::column).toList());
    }

    /** The keyset. */
    @Override
    public String toString() {
        return "rows in memory by (" + keyset() + ")";
    }
}
