package dev.pawl.testkit;

import dev.pawl.Json;
import dev.pawl.scan.KeyColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The key of a row in memory: its values, as JSON an array of scalars. Those read back are text, numbers, booleans and nulls; text
 * becomes what it is compared with.
 *
 * @param values as {@link #value} made them, or as they were read
 */
record MemoryKey(List<@Nullable Object> values) {
    MemoryKey {
        values = Collections.unmodifiableList(new ArrayList<>(values)); // nulls are values, too
    }

    /** What PostgreSQL keeps of a value. */
    static @Nullable Object value(String column, @Nullable Object given) {
        if (given == null || given instanceof Boolean || given instanceof UUID || given instanceof LocalDate) {
            return given;
        }
        if (given instanceof String text) {
            return text;
        }
        if (given instanceof Instant time) {
            return time.truncatedTo(ChronoUnit.MICROS);
        }
        if (given instanceof BigDecimal number) {
            return number;
        }
        if (given instanceof BigInteger number) {
            return new BigDecimal(number);
        }
        if (given instanceof Long || given instanceof Integer || given instanceof Short || given instanceof Byte) {
            return BigDecimal.valueOf(((Number) given).longValue());
        }
        throw new IllegalArgumentException("key column " + column + " has a value of "
                + given.getClass().getName()
                + ", which has no place in a key: use a String, a whole number, a BigDecimal,"
                + " a UUID, an Instant, a LocalDate or a Boolean");
    }

    static Comparator<MemoryKey> order(List<KeyColumn> columns) {
        return (one, other) -> {
            for (int i = 0; i < columns.size(); i++) {
                int order = compare(
                        columns.get(i), one.values().get(i), other.values().get(i));
                if (order != 0) {
                    return order;
                }
            }
            return 0;
        };
    }

    private static int compare(KeyColumn column, @Nullable Object one, @Nullable Object other) {
        if (one == null || other == null) {
            int nullsLast = Boolean.compare(one == null, other == null);
            return column.nullsFirst() ? -nullsLast : nullsLast;
        }
        int order = compare(column.name(), as(one, other), as(other, one));
        return column.descending() ? -order : order;
    }

    private static int compare(String column, Object one, Object other) {
        if (one instanceof String text && other instanceof String with) {
            return FamilyTree.KEYS.compare(text, with);
        }
        if (one instanceof BigDecimal number && other instanceof BigDecimal with) {
            return number.compareTo(with);
        }
        if (one instanceof UUID id && other instanceof UUID with) {
            return ClaimOrder.compare(id, with);
        }
        if (one instanceof Instant time && other instanceof Instant with) {
            return time.compareTo(with);
        }
        if (one instanceof LocalDate day && other instanceof LocalDate with) {
            return day.compareTo(with);
        }
        if (one instanceof Boolean is && other instanceof Boolean with) {
            return is.compareTo(with);
        }
        throw new IllegalStateException("key column " + column + " has values that can't be compared: " + one + " ("
                + one.getClass().getSimpleName() + ") and " + other + " ("
                + other.getClass().getSimpleName() + ")");
    }

    /** Text that was read from JSON, as what it was before. */
    private static Object as(Object value, Object like) {
        if (!(value instanceof String text) || like instanceof String) {
            return value;
        }
        if (like instanceof UUID) {
            return UUID.fromString(text);
        }
        if (like instanceof Instant) {
            return Instant.parse(text);
        }
        return like instanceof LocalDate ? LocalDate.parse(text) : value;
    }

    Json json() {
        return Json.of(values.stream().map(MemoryKey::element).collect(Collectors.joining(", ", "[", "]")));
    }

    private static String element(@Nullable Object value) {
        return value == null || value instanceof Boolean || value instanceof BigDecimal
                ? String.valueOf(value)
                : quoted(value.toString());
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    /** What {@link #json} wrote. */
    static MemoryKey read(Json json, int columns) {
        List<@Nullable Object> values = new Reader(json.text()).array();
        if (values.size() != columns) {
            throw new IllegalArgumentException(
                    "a key of " + columns + " columns must have as many values, but was " + json);
        }
        return new MemoryKey(values);
    }

    /** The JSON. */
    @Override
    public String toString() {
        return json().text();
    }

    private static final class Reader {
        private final String json;
        private int at;

        Reader(String json) {
            this.json = json;
        }

        List<@Nullable Object> array() {
            List<@Nullable Object> values = new ArrayList<>();
            at = json.indexOf('[') + 1;
            while (at > 0 && at < json.length() && json.charAt(at) != ']') {
                char c = json.charAt(at);
                if (c == '"') {
                    values.add(text());
                } else if (c == ',' || c == ' ') {
                    at++;
                } else {
                    values.add(scalar());
                }
            }
            return values;
        }

        private String text() {
            StringBuilder text = new StringBuilder();
            for (at++; json.charAt(at) != '"'; at++) {
                if (json.charAt(at) != '\\') {
                    text.append(json.charAt(at));
                } else if (json.charAt(++at) == 'u') {
                    text.append((char) Integer.parseInt(json.substring(at + 1, at + 5), 16));
                    at += 4;
                } else {
                    text.append(json.charAt(at));
                }
            }
            at++;
            return text.toString();
        }

        private @Nullable Object scalar() {
            int from = at;
            while (json.charAt(at) != ',' && json.charAt(at) != ']') {
                at++;
            }
            String word = json.substring(from, at).strip();
            return switch (word) {
                case "null" -> null;
                case "true", "false" -> Boolean.valueOf(word);
                default -> new BigDecimal(word);
            };
        }
    }
}
