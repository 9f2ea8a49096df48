package dev.pawl.jdbc.internal;

import dev.pawl.Json;
import dev.pawl.internal.FlatJson;
import dev.pawl.scan.FailedPage;
import dev.pawl.store.Slice;
import dev.pawl.store.UnmappedPageException;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * Takes up the rows of a page and the one that follows it, and sees to it that no two next to each other have one key. Once a row
 * can't be made, the others are only counted: where the page ends is known then all the same.
 *
 * @param <T> a row
 */
final class SliceReader<T> {
    private final List<KeyPart> keys;
    private final int pageSize;
    private final UniqueColumn unique;
    private final List<T> page;
    private @Nullable String @Nullable [] before;
    private @Nullable Throwable unmapped;
    private Optional<Json> last = Optional.empty();
    private int count;
    private boolean hasSuccessor;

    SliceReader(List<KeyPart> keys, int pageSize) {
        this.keys = keys;
        this.pageSize = pageSize;
        this.unique = UniqueColumn.of(keys.get(keys.size() - 1).type());
        this.page = new ArrayList<>(Math.min(pageSize, 1_000));
    }

    /** How many rows are missing. */
    int wants() {
        return hasSuccessor ? 0 : pageSize + 1 - count;
    }

    /**
     * Takes up what a statement gave.
     *
     * @param rows scrollable: of most rows only the last key column is read, since all of a key costs as much as a small row
     */
    void read(ResultSet rows, RowMapper<T> mapper, StatementContext context) throws SQLException {
        int[] at = columns(rows.getMetaData(), keys);
        int column = at[at.length - 1];
        int taken = 0;
        while (rows.next()) {
            boolean same = unique.isSameAsBefore(rows, column);
            if (unique.isNull()) {
                checkNull(key(rows, at), keys);
            }
            if (same) {
                check(taken == 0 ? before : keyAt(taken, rows, at), keyAt(taken + 1, rows, at));
            }
            if (count == pageSize) {
                hasSuccessor = true;
                break;
            }
            take(rows, mapper, context);
            taken++;
        }
        if (taken > 0) {
            @Nullable String[] key = keyAt(taken, rows, at);
            before = key;
            last = Optional.of(json(key));
        }
    }

    private void take(ResultSet rows, RowMapper<T> mapper, StatementContext context) throws SQLException {
        count++;
        if (unmapped != null) {
            return;
        }
        try {
            page.add(mapped(rows, mapper, context));
        } catch (SQLException | RuntimeException | LinkageError | AssertionError failure) {
            if (SqlFailures.isConnectionLost(failure)) {
                throw failure; // the mapper has asked for more
            }
            unmapped = failure;
        }
    }

    /**
     * What was read.
     *
     * @throws UnmappedPageException if a row could not be made
     */
    Slice<T> slice() {
        if (unmapped != null) {
            throw new UnmappedPageException(new FailedPage.Bounds(last.orElseThrow(), count, hasSuccessor), unmapped);
        }
        return new Slice<>(page, last, hasSuccessor);
    }

    /** The key of the row at which the result stands, which is unique, as far as it can be seen from it alone. */
    static Json keyOf(ResultSet row, List<KeyPart> keys) throws SQLException {
        @Nullable String[] key = key(row, columns(row.getMetaData(), keys));
        checkNull(key, keys);
        return json(key);
    }

    private static int[] columns(ResultSetMetaData data, List<KeyPart> keys) throws SQLException {
        int[] at = new int[keys.size()];
        for (int column = data.getColumnCount(); column > 0; column--) {
            for (int i = 0; i < at.length; i++) {
                if (data.getColumnLabel(column).equals(keys.get(i).name())) {
                    at[i] = column;
                }
            }
        }
        return at;
    }

    private static @Nullable String[] key(ResultSet row, int[] at) throws SQLException {
        @Nullable String[] key = new @Nullable String[at.length];
        for (int i = 0; i < at.length; i++) {
            key[i] = row.getString(at[i]);
        }
        return key;
    }

    private static @Nullable String[] keyAt(int row, ResultSet rows, int[] at) throws SQLException {
        rows.absolute(row);
        return key(rows, at);
    }

    private T mapped(ResultSet rows, RowMapper<T> mapper, StatementContext context) throws SQLException {
        T row = mapper.map(rows, context);
        if (row == null) {
            throw new IllegalStateException("the mapper made null of a row of the page: every row must be one");
        }
        return row;
    }

    private void check(@Nullable String @Nullable [] one, @Nullable String[] next) {
        if (one == null) {
            return;
        }
        for (int i = keys.size() - 1; i >= 0; i--) {
            if (!same(keys.get(i).type(), one[i], next[i])) {
                return;
            }
        }
        throw notTotal("two rows have the key " + json(next) + ", one of which would be skipped at a page's end", keys);
    }

    private static boolean same(KeyType type, @Nullable String one, @Nullable String other) {
        return (one == null || other == null) ? Objects.equals(one, other) : type.same(one, other);
    }

    private static void checkNull(@Nullable String[] key, List<KeyPart> keys) {
        KeyPart unique = keys.get(keys.size() - 1);
        if (key[key.length - 1] == null) {
            throw notTotal("a row with the key " + json(key) + " has no " + unique.name(), keys);
        }
    }

    private static IllegalStateException notTotal(String what, List<KeyPart> keys) {
        return new IllegalStateException(what + ": the order (" + KeyPart.inWords(keys)
                + ") is not total. Let the last key column be one that is unique and never null, the table's id, say");
    }

    private static Json json(@Nullable String[] key) {
        return FlatJson.array(Arrays.asList(key));
    }
}
