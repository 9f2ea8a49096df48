package dev.pawl.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/** A PostgreSQL of this run's own, whose commits are durable: embedded ones are not, unless told. */
final class Database implements AutoCloseable {
    private static final Map<String, String> SETTINGS = new TreeMap<>(Map.of(
            "fsync", "on",
            "synchronous_commit", "on",
            "full_page_writes", "on",
            "shared_buffers", "1GB",
            "max_wal_size", "8GB",
            "checkpoint_timeout", "30min",
            "max_connections", "50"));

    private final EmbeddedPostgres postgres;

    private Database(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    static Database start() throws IOException, SQLException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder();
        SETTINGS.forEach(builder::setServerConfig);
        Database database = new Database(builder.start());
        for (String durable : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
            if (!database.setting(durable).equals("on")) {
                throw new IllegalStateException(
                        durable + " is " + database.setting(durable) + ": figures would be void");
            }
        }
        return database;
    }

    /** A pool of so many connections, as a contender's process would have. */
    HikariDataSource pool(int connections) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(postgres.getJdbcUrl("postgres", "postgres"));
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(connections);
        config.setPoolName("contender");
        return new HikariDataSource(config);
    }

    String setting(String name) throws SQLException {
        return text("show " + name);
    }

    String version() throws SQLException {
        return text("show server_version");
    }

    static String settings() {
        return SETTINGS.toString();
    }

    /** Bytes of write-ahead log since the cluster was made. */
    long wal() throws SQLException {
        return Long.parseLong(text("select pg_current_wal_insert_lsn() - cast('0/0' as pg_lsn)"));
    }

    /** Leaves no dead rows, old statistics or dirty pages of the contender before to pay for. */
    void settle() throws SQLException {
        execute(postgres.getPostgresDatabase(), "vacuum (analyze)", "checkpoint");
    }

    static void execute(DataSource dataSource, String... statements) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    static int count(DataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private String text(String sql) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
