package dev.pawl.jdbc.internal;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The type of a key column: one whose values come back exactly from the text that the driver reads.
 *
 * @param name as people call it, the same in every session
 * @param sql as a cast names it
 * @param compared how two texts that differ may yet be one value
 */
record KeyType(String name, String sql, Compared compared) {
    /** What makes two texts one value. */
    enum Compared {
        /** Nothing else: one value has one text. */
        AS_TEXT,
        /** 1.0 and 1.00, 0 and -0. */
        AS_NUMBER,
        /** Blanks at the end. */
        PADDED
    }

    static final String SUPPORTED =
            "text, varchar, char, smallint, integer, bigint, numeric, real, double precision, uuid,"
                    + " timestamptz, timestamp, date, boolean, and enums";

    private static final String SYSTEM = "pg_catalog";
    private static final Set<String> TIMES = Set.of("timestamptz", "timestamp");
    private static final Set<String> INTEGERS = Set.of("int2", "int4", "int8");
    private static final Map<String, Compared> KNOWN = Map.ofEntries(
            Map.entry("text", Compared.AS_TEXT),
            Map.entry("varchar", Compared.AS_TEXT),
            Map.entry("bpchar", Compared.PADDED),
            Map.entry("int2", Compared.AS_TEXT),
            Map.entry("int4", Compared.AS_TEXT),
            Map.entry("int8", Compared.AS_TEXT),
            Map.entry("numeric", Compared.AS_NUMBER),
            Map.entry("float4", Compared.AS_NUMBER),
            Map.entry("float8", Compared.AS_NUMBER),
            Map.entry("uuid", Compared.AS_TEXT),
            Map.entry("timestamptz", Compared.AS_TEXT),
            Map.entry("timestamp", Compared.AS_TEXT),
            Map.entry("date", Compared.AS_TEXT),
            Map.entry("bool", Compared.AS_TEXT));

    /** A type by its row in the catalog; empty if its values might not come back. */
    static Optional<KeyType> of(String schema, String name, boolean isEnum) {
        String quoted = Identifiers.quoted(schema) + "." + Identifiers.quoted(name);
        if (isEnum) {
            return Optional.of(new KeyType(schema + "." + name, quoted, Compared.AS_TEXT));
        }
        return Optional.ofNullable(schema.equals(SYSTEM) ? KNOWN.get(name) : null)
                .map(compared -> new KeyType(name, quoted, compared));
    }

    boolean isTime() {
        return TIMES.contains(name);
    }

    boolean isInteger() {
        return INTEGERS.contains(name);
    }

    boolean isText() {
        return name.equals("text") || name.equals("varchar") || name.equals("bpchar");
    }

    /** Whether the database takes these texts for one value. */
    boolean same(String one, String other) {
        if (one.equals(other)) {
            return true;
        }
        return switch (compared) {
            case AS_TEXT -> false;
            case PADDED -> one.stripTrailing().equals(other.stripTrailing());
            case AS_NUMBER ->
                isFinite(one) && isFinite(other) && new BigDecimal(one).compareTo(new BigDecimal(other)) == 0;
        };
    }

    /** NaN and infinities have a letter at the end. */
    private static boolean isFinite(String number) {
        return Character.isDigit(number.charAt(number.length() - 1));
    }
}
