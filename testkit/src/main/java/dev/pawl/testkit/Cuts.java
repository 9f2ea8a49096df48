package dev.pawl.testkit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/** The cuts that a test has asked for, and that have not come yet. Safe for use by many threads. */
final class Cuts {
    /** Where on a connection's way. */
    enum Point {
        BEFORE_STATEMENT,
        BEFORE_COMMIT,
        AFTER_COMMIT,
        AFTER_REQUEST
    }

    private record Cut(Point point, String sql) {
        boolean concerns(Point here, Collection<String> statements) {
            return point == here && statements.stream().anyMatch(statement -> statement.contains(sql));
        }
    }

    private final List<Cut> toCome = new ArrayList<>();

    synchronized void add(Point point, String sql) {
        toCome.add(new Cut(point, Objects.requireNonNull(sql, "sql")));
    }

    /** Whether a connection that has come to this point, with these statements, is to be cut: true once for each cut. */
    synchronized boolean take(Point here, Collection<String> statements) {
        for (Iterator<Cut> cuts = toCome.iterator(); cuts.hasNext(); ) {
            if (cuts.next().concerns(here, statements)) {
                cuts.remove();
                return true;
            }
        }
        return false;
    }

    synchronized void clear() {
        toCome.clear();
    }

    synchronized int size() {
        return toCome.size();
    }
}
