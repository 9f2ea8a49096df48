package dev.pawl.jdbc.internal;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The last key column, row after row: whether a row has the same value in it as the one before. Integers need no texts for that. */
abstract class UniqueColumn {
    private boolean isNull;

    static UniqueColumn of(KeyType type) {
        return type.isInteger() ? new Integers() : new Texts(type);
    }

    /**
     * Takes up the row at which the result stands.
     *
     * @return false for the first row of all, and after one without a value
     */
    abstract boolean isSameAsBefore(ResultSet rows, int column) throws SQLException;

    /** Whether the row that was taken up last has no value. */
    final boolean isNull() {
        return isNull;
    }

    final void isNull(boolean now) {
        isNull = now;
    }

    private static final class Integers extends UniqueColumn {
        private boolean hasBefore;
        private long before;

        @Override
        boolean isSameAsBefore(ResultSet rows, int column) throws SQLException {
            long now = rows.getLong(column);
            isNull(now == 0 && rows.wasNull());
            boolean same = hasBefore && now == before;
            before = now;
            hasBefore = !isNull();
            return same;
        }
    }

    private static final class Texts extends UniqueColumn {
        private final KeyType type;
        private @Nullable String before;

        Texts(KeyType type) {
            this.type = type;
        }

        @Override
        boolean isSameAsBefore(ResultSet rows, int column) throws SQLException {
            String now = rows.getString(column);
            isNull(now == null);
            boolean same = now != null && before != null && type.same(before, now);
            before = now;
            return same;
        }
    }
}
