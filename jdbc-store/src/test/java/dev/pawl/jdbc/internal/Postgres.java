package dev.pawl.jdbc.internal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.jdbc.PawlSchema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One server for all tests of this JVM, durable as a real one, and a schema for each that asks. */
public final class Postgres {
    private static final Logger LOG = LoggerFactory.getLogger(Postgres.class);
    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private Postgres() {}

    /** A data source of the shared server, without a pool. */
    public static DataSource dataSource() {
        return Shared.SERVER.getPostgresDatabase();
    }

    /** A data source of the shared server, without a pool, for a role. */
    public static DataSource dataSource(String role) {
        return Shared.SERVER.getDatabase(role, "postgres");
    }

    /** The shared server's port on this machine. */
    public static int port() {
        return Shared.SERVER.getPort();
    }

    /** How to connect to the shared server by a driver. */
    public static String url() {
        return Shared.SERVER.getJdbcUrl("postgres", "postgres");
    }

    /** The name of a schema that nobody else has; not made yet. */
    public static String newSchema() {
        return "t" + SCHEMAS.incrementAndGet();
    }

    /** A migrated schema of its own, on a pool of eight connections. */
    public static Fixture migrated() {
        String schema = newSchema();
        PawlSchema.migrate(dataSource(), schema);
        return new Fixture(schema, pool(dataSource(), 8));
    }

    /** A pool over the data source. */
    public static HikariDataSource pool(DataSource source, int size) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setMaximumPoolSize(size);
        config.setConnectionTimeout(30_000);
        return new HikariDataSource(config);
    }

    /** A migrated schema. */
    public record Fixture(String schema, HikariDataSource pool) implements AutoCloseable {
        /** The adapter's database. */
        public Database database() {
            return Database.of(pool, new SchemaName(schema));
        }

        /** Plain SQL, with the schema first in the path. */
        public Jdbi sql() {
            return Jdbi.create(() -> {
                Connection connection = pool.getConnection();
                try (var statement = connection.createStatement()) {
                    statement.execute("set search_path = " + schema);
                }
                return connection;
            });
        }

        /** The answer of a query for a number. */
        public int count(String query) {
            return sql().withHandle(
                            handle -> handle.select(query).mapTo(int.class).one());
        }

        @Override
        public void close() {
            pool.close();
        }
    }

    private static final class Shared {
        static final EmbeddedPostgres SERVER = start();

        private static EmbeddedPostgres start() {
            try {
                EmbeddedPostgres server = EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "on")
                        .setServerConfig("synchronous_commit", "on")
                        .setServerConfig("max_connections", "200")
                        .start();
                LOG.info("tests run on embedded PostgreSQL {}", version(server.getPostgresDatabase()));
                return server;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        private static String version(DataSource source) {
            try (Connection connection = source.getConnection()) {
                return connection.getMetaData().getDatabaseProductVersion();
            } catch (SQLException failure) {
                throw new IllegalStateException(failure);
            }
        }
    }

    /** Plain SQL, one statement or many. */
    public static void execute(Connection connection, String sql) {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(sql, failure);
        }
    }
}
