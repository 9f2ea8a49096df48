package dev.pawl.testkit.load;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.jdbc.PawlSchema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** A PostgreSQL for this package's tests, whose log can be read: one for all, which ends with the JVM. */
final class LoggingServer {
    private static final Path LOG = Path.of("target", "postgresql-under-load.log");

    private LoggingServer() {}

    /** What the server has logged of the database so far. */
    static ServerLog log(String database) {
        return ServerLog.of(LOG, database);
    }

    /** An empty database with Pawl's schema, and the application's tables. */
    static HikariDataSource database(String name) {
        execute(Shared.SERVER.getPostgresDatabase(), "create database " + name);
        HikariConfig config = new HikariConfig();
        config.setDataSource(Shared.SERVER.getDatabase("postgres", name));
        config.setMaximumPoolSize(40);
        config.setMinimumIdle(2);
        HikariDataSource pool = new HikariDataSource(config);
        PawlSchema.migrate(pool);
        execute(pool, Application.TABLES);
        return pool;
    }

    static void execute(DataSource source, String sql) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(sql, failure);
        }
    }

    private static final class Shared {
        static final EmbeddedPostgres SERVER = start();

        private static EmbeddedPostgres start() {
            Path log = LOG.toAbsolutePath();
            try {
                Files.deleteIfExists(log); // an earlier run's, which the server would go on with
                return EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", "150")
                        .setServerConfig("logging_collector", "on")
                        .setServerConfig("log_destination", "stderr")
                        .setServerConfig("log_directory", log.getParent().toString())
                        .setServerConfig("log_filename", log.getFileName().toString())
                        .setServerConfig("log_line_prefix", ServerLog.PREFIX)
                        .setServerConfig("lc_messages", "C")
                        .start();
            } catch (IOException failure) {
                throw new UncheckedIOException("embedded PostgreSQL did not start", failure);
            }
        }
    }
}
