package dev.pawl.jdbc.internal;

import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.argument.Argument;
import org.jspecify.annotations.Nullable;

/**
 * Columns of a batch as SQL arrays, each bound once. By hand and not by Jdbi's own array types, which convert element by
 * element and lose the array's class, by which pgjdbc knows that it may send it in binary.
 */
final class SqlArrays {
    private SqlArrays() {}

    static <T> Argument texts(List<T> rows, Function<T, @Nullable String> column) {
        String[] values = new String[rows.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = column.apply(rows.get(i));
        }
        return array("text", values);
    }

    static <T> Argument longs(List<T> rows, Function<T, @Nullable Long> column) {
        Long[] values = new Long[rows.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = column.apply(rows.get(i));
        }
        return array("int8", values);
    }

    static <T> Argument ints(List<T> rows, Function<T, @Nullable Integer> column) {
        Integer[] values = new Integer[rows.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = column.apply(rows.get(i));
        }
        return array("int4", values);
    }

    static <T> Argument booleans(List<T> rows, Function<T, @Nullable Boolean> column) {
        Boolean[] values = new Boolean[rows.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = column.apply(rows.get(i));
        }
        return array("bool", values);
    }

    static <T> Argument uuids(List<T> rows, Function<T, UUID> column) {
        UUID[] values = new UUID[rows.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = column.apply(rows.get(i));
        }
        return array("uuid", values);
    }

    static <T> Argument times(List<T> rows, Function<T, @Nullable Instant> column) {
        String[] values = new String[rows.size()];
        for (int i = 0; i < values.length; i++) {
            Instant time = column.apply(rows.get(i));
            values[i] =
                    time == null ? null : time.truncatedTo(ChronoUnit.MICROS).toString();
        }
        return array("timestamptz", values);
    }

    /** The time that a test says it is, or null for the database's own. */
    static Argument time(@Nullable Instant time) {
        return (position, statement, context) -> {
            if (time == null) {
                statement.setNull(position, Types.TIMESTAMP_WITH_TIMEZONE);
            } else {
                statement.setObject(
                        position, time.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC));
            }
        };
    }

    /** For {@code :n * interval '1 microsecond'}: the precision of PostgreSQL's times. */
    static long micros(Duration duration) {
        return Math.addExact(Math.multiplyExact(duration.getSeconds(), 1_000_000L), duration.getNano() / 1_000);
    }

    private static Argument array(String type, @Nullable Object[] values) {
        return (position, statement, context) ->
                statement.setArray(position, statement.getConnection().createArrayOf(type, values));
    }
}
