package dev.pawl.jdbc.internal;

/** Names in SQL that are not Pawl's. */
final class Identifiers {
    private Identifiers() {}

    /** In double quotes, whatever is in it. */
    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
