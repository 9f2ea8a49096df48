package dev.pawl.jdbc.internal;

import dev.pawl.internal.Checks;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The name of the PostgreSQL schema that holds Pawl's tables. It goes into SQL text, so it is held to what needs no escape.
 *
 * @param value 1 to 63 of a-z, 0-9 and '_', not beginning with a digit or {@code pg_}
 */
public record SchemaName(String value) {
    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    /** The name unless told otherwise. */
    public static final SchemaName STANDARD = new SchemaName("pawl");

    /** Checks the name. */
    public SchemaName {
        Objects.requireNonNull(value, "schema");
        if (!NAME.matcher(value).matches() || value.startsWith("pg_")) {
            throw new IllegalArgumentException(
                    "schema name must be 1 to 63 of a-z, 0-9 and '_', beginning with a letter or '_'"
                            + " but not with 'pg_', but was '" + Checks.shown(value) + "'");
        }
    }

    /** As SQL text: {@code "pawl"}. */
    public String quoted() {
        return '"' + value + '"';
    }

    /** The channel on which enqueues are told of: {@code pawl_pawl}, cut to what PostgreSQL takes. */
    public String channel() {
        String channel = "pawl_" + value;
        return channel.substring(0, Math.min(63, channel.length()));
    }

    @Override
    public String toString() {
        return value;
    }
}
