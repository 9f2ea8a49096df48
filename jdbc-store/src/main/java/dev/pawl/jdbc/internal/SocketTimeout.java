package dev.pawl.jdbc.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;

/**
 * How long Pawl waits for an answer to a statement of its own, so that a half-open connection costs seconds and not leases.
 *
 * @param longest far above what any statement of Pawl's takes
 */
record SocketTimeout(Duration longest) {
    static final SocketTimeout STANDARD = new SocketTimeout(Duration.ofSeconds(20));

    /** Waits no longer than this from now on; returns what was set before, in milliseconds, to be restored. */
    int shorten(Connection connection) throws SQLException {
        try {
            int before = connection.getNetworkTimeout();
            if (isShorterThan(before)) {
                connection.setNetworkTimeout(Runnable::run, (int) longest.toMillis());
            }
            return before;
        } catch (SQLFeatureNotSupportedException asItIs) {
            return (int) longest.toMillis();
        }
    }

    void restore(Connection connection, int before) throws SQLException {
        if (isShorterThan(before)) {
            connection.setNetworkTimeout(Runnable::run, before);
        }
    }

    private boolean isShorterThan(int millis) {
        return millis == 0 || millis > longest.toMillis();
    }
}
