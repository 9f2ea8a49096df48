package dev.pawl.jdbc.internal;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Where connections come from, and go back to. */
interface Connections {
    /** A connection that nobody else has. */
    Opened open() throws SQLException;

    /** A connection to be given back. */
    interface Opened extends AutoCloseable {
        Connection connection();

        /** Whether it may have died since its last use, which nobody asked: what fails on it may succeed on another. */
        default boolean isUnasked() {
            return false;
        }

        /** Something failed on it: it is to be given back to the pool, which knows what to do with it. */
        default void distrust() {}

        @Override
        void close() throws SQLException;
    }

    static Connections of(DataSource dataSource) {
        return () -> {
            Connection connection = dataSource.getConnection();
            return new Opened() {
                @Override
                public Connection connection() {
                    return connection;
                }

                @Override
                public void close() throws SQLException {
                    connection.close();
                }
            };
        };
    }

    static Connections of(Jdbi jdbi) {
        return () -> {
            Handle handle = jdbi.open();
            return new Opened() {
                @Override
                public Connection connection() {
                    return handle.getConnection();
                }

                @Override
                public void close() {
                    handle.close();
                }
            };
        };
    }
}
