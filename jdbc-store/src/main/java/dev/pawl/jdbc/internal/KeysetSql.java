package dev.pawl.jdbc.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The statements of a page, as text.
 *
 * <p>Where all directions agree and nothing is null, a page is one statement with row comparisons, which one range of an index
 * serves. Else it is up to two statements for each key column, from the innermost on, each asked only if those before it gave too
 * few rows: those that are equal to the cursor in the columns before, and beyond it in this one; and those that are null in it.
 * Each is one range of an index too, whereas the planner reads all rows that are equal in the first column for a condition with
 * {@code or}.
 *
 * <p>The first column's equality is {@code = any(array[…])}: by a plain one the planner knows that the column is constant, and
 * takes the primary key for an order by (state, id), reading everything that is in another state.
 */
final class KeysetSql {
    private static final String AFTER = "pawl_after_";
    private static final String END = "pawl_end_";

    private final String select;
    private final List<KeyPart> keys;
    private final String oldEnough;
    private final boolean isPlain;
    private final List<String> plainFirst;
    private final List<String> plainNext;
    private final String order;

    /**
     * Statements over a select.
     *
     * @param oldEnough a condition for those rows whose first key column is not null; empty if there is none
     */
    KeysetSql(String select, List<KeyPart> keys, String oldEnough) {
        this.select = select;
        this.keys = List.copyOf(keys);
        this.oldEnough = oldEnough;
        this.order = keys.stream().map(KeyPart::order).collect(Collectors.joining(", "));
        this.isPlain = keys.stream().noneMatch(KeyPart::nullable)
                && keys.stream().map(KeyPart::descending).distinct().count() == 1;
        String beyond = keys.get(0).beyond();
        String to = row(END) + " " + beyond + "= " + rows();
        this.plainFirst = List.of(and(to, oldEnough));
        this.plainNext = List.of(and(rows() + " " + beyond + " " + row(AFTER) + " and " + to, oldEnough));
    }

    /** In order. */
    List<KeyPart> keys() {
        return keys;
    }

    /**
     * A page's statements, in order.
     *
     * @param within the condition that a row is within the end, where that is not a part of the others; empty if it is
     * @param wheres conditions, one for each statement
     */
    record Statements(KeysetSql of, String within, List<String> wheres, Map<String, String> values) {
        int count() {
            return wheres.size();
        }

        /** The end is looked at once the limit was: else what lies beyond it would be read until its last row. */
        String text(int index, int limit) {
            String rows = of.statement("q.*", wheres.get(index), limit);
            return within.isEmpty()
                    ? rows
                    : "select q.* from (\n" + rows + "\n) as q\n where " + within + "\n order by " + of.order;
        }
    }

    Statements page(Optional<List<@Nullable String>> after, List<@Nullable String> end) {
        Map<String, String> values = new LinkedHashMap<>();
        after.ifPresent(key -> put(values, AFTER, key));
        put(values, END, end);
        if (isPlain
                && !end.contains(null)
                && !after.filter(key -> key.contains(null)).isPresent()) {
            return new Statements(this, "", after.isPresent() ? plainNext : plainFirst, values);
        }
        List<String> ranges = after.map(this::beyond).orElseGet(this::everything);
        return new Statements(this, within(end, 0), ranges, values);
    }

    /** The statements for the last key, in order: the first row of the first that has one. */
    List<String> last() {
        List<KeyPart> turned = keys.stream().map(KeyPart::turnedRound).collect(Collectors.toList());
        KeysetSql backwards = new KeysetSql(select, turned, oldEnough);
        String columns = keys.stream().map(KeyPart::sql).collect(Collectors.joining(", "));
        return backwards.everything().stream()
                .map(where -> backwards.statement(columns, where, 1))
                .collect(Collectors.toList());
    }

    private String statement(String columns, String where, int limit) {
        return "select " + columns + " from (\n" + select + "\n) as q"
                + (where.isEmpty() ? "" : "\n where " + where)
                + "\n order by " + order + "\n limit " + limit;
    }

    private List<String> everything() {
        KeyPart first = keys.get(0);
        if (oldEnough.isEmpty() || !first.nullable()) {
            return List.of(oldEnough);
        }
        List<String> both = new ArrayList<>(List.of(first.sql() + " is null", oldEnough));
        if (!first.nullsFirst()) {
            Collections.reverse(both);
        }
        return both;
    }

    private List<String> beyond(List<@Nullable String> after) {
        List<String> ranges = new ArrayList<>();
        for (int i = keys.size() - 1; i >= 0; i--) {
            int column = i;
            String equal = IntStream.range(0, i)
                    .mapToObj(before -> equal(before, after.get(before)))
                    .collect(Collectors.joining(" and "));
            boolean old = i > 0 && after.get(0) != null;
            beyond(column, after.get(i))
                    .map(range -> and(and(equal, range), old ? oldEnough : ""))
                    .forEach(ranges::add);
        }
        return ranges;
    }

    /** What lies beyond the cursor in this column: at most one range of values, and the nulls. */
    private Stream<String> beyond(int column, @Nullable String value) {
        KeyPart key = keys.get(column);
        String old = column == 0 ? oldEnough : "";
        if (value == null) {
            return key.nullsFirst() ? Stream.of(and(key.sql() + " is not null", old)) : Stream.of();
        }
        String range = and(key.sql() + " " + key.beyond() + " " + value(AFTER, column), old);
        return key.nullable() && !key.nullsFirst() ? Stream.of(range, key.sql() + " is null") : Stream.of(range);
    }

    private String equal(int column, @Nullable String value) {
        String sql = keys.get(column).sql();
        if (value == null) {
            return sql + " is null";
        }
        String cast = value(AFTER, column);
        return column == 0 ? sql + " = any(array[" + cast + "])" : sql + " = " + cast;
    }

    /** Not beyond the end in this column and those after it, if it is equal in those before. */
    private String within(List<@Nullable String> end, int column) {
        KeyPart key = keys.get(column);
        String value = end.get(column) == null ? null : value(END, column);
        List<String> any = new ArrayList<>();
        if (value != null) {
            any.add(value + " " + key.beyond() + " " + key.sql());
        }
        if (value == null ? !key.nullsFirst() : key.nullsFirst() && key.nullable()) {
            any.add(value == null ? key.sql() + " is not null" : key.sql() + " is null");
        }
        String equal = value == null ? key.sql() + " is null" : key.sql() + " = " + value;
        any.add(column == keys.size() - 1 ? equal : equal + " and " + within(end, column + 1));
        return any.stream().collect(Collectors.joining(" or ", "(", ")"));
    }

    private String rows() {
        return row(keys.stream().map(KeyPart::sql));
    }

    private String row(String prefix) {
        return row(IntStream.range(0, keys.size()).mapToObj(column -> value(prefix, column)));
    }

    private static String row(Stream<String> values) {
        return values.collect(Collectors.joining(", ", "row(", ")"));
    }

    private String value(String prefix, int column) {
        return "cast(:" + prefix + column + " as " + keys.get(column).type().sql() + ")";
    }

    private static void put(Map<String, String> values, String prefix, List<@Nullable String> key) {
        for (int i = 0; i < key.size(); i++) {
            String value = key.get(i);
            if (value != null) {
                values.put(prefix + i, value);
            }
        }
    }

    private static String and(String one, String other) {
        return one.isEmpty() || other.isEmpty() ? one + other : one + " and " + other;
    }
}
