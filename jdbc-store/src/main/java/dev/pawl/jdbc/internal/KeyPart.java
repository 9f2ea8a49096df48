package dev.pawl.jdbc.internal;

import dev.pawl.scan.KeyColumn;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A key column as the select has it.
 *
 * @param name its output name, exactly
 * @param column as it was described
 * @param type its type
 * @param collation as SQL names it; empty for the database's own, and for what has none
 * @param nullable unless it is known not to be
 */
record KeyPart(String name, KeyColumn column, KeyType type, String collation, boolean nullable) {
    boolean descending() {
        return column.descending();
    }

    boolean nullsFirst() {
        return column.nullsFirst();
    }

    /** As a column of the rows: {@code q."created_at"}. */
    String sql() {
        return "q." + Identifiers.quoted(name);
    }

    /** What comes later in order, of two values. */
    String beyond() {
        return descending() ? "<" : ">";
    }

    /** {@code q."created_at" desc nulls first}: the words of an index that serves it. */
    String order() {
        return sql() + (descending() ? " desc" : " asc") + (nullsFirst() ? " nulls first" : " nulls last");
    }

    KeyPart turnedRound() {
        KeyColumn turned = new KeyColumn(column.name(), !descending(), !nullsFirst());
        return new KeyPart(name, turned, type, collation, nullable);
    }

    /** {@code created_at timestamptz desc nulls first}. */
    String inWords() {
        return name + " " + type.name() + (collation.isEmpty() ? "" : " collate " + collation)
                + (descending() ? " desc" : " asc") + (nullsFirst() ? " nulls first" : " nulls last");
    }

    static String inWords(List<KeyPart> parts) {
        return parts.stream().map(KeyPart::inWords).collect(Collectors.joining(", "));
    }
}
