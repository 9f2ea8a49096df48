package dev.pawl.testkit;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.jdbc.PawlSchema;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A database for one test class, with Pawl's schema {@code pawl} migrated. Safe for use by many threads. */
public final class TestDatabase implements AutoCloseable {
    private static final int CONNECTIONS = 12;
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final String url;
    private final PGSimpleDataSource server;
    private final String name;
    private final HikariDataSource pool;

    private TestDatabase(String url, String name, HikariDataSource pool) {
        this.url = url;
        this.server = source(url);
        this.name = name;
        this.pool = pool;
    }

    static TestDatabase create(String url) {
        try {
            return migrated(url);
        } catch (NoClassDefFoundError missing) {
            throw new IllegalStateException(
                    "tests on PostgreSQL need the artefacts dev.pawl:pawl-jdbc-store and com.zaxxer:HikariCP: add them to"
                            + " the tests' dependencies (" + missing.getMessage() + " is missing)",
                    missing);
        }
    }

    private static TestDatabase migrated(String url) {
        String name = "pawl_test_" + UUID.randomUUID().toString().replace("-", "");
        execute(source(url), "create database " + name);
        PGSimpleDataSource own = source(url);
        own.setDatabaseName(name);
        PawlSchema.migrate(own);
        return new TestDatabase(url, name, new HikariDataSource(poolOf(own, name)));
    }

    private static HikariConfig poolOf(DataSource source, String name) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setPoolName(name);
        return config;
    }

    private static PGSimpleDataSource source(String url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        return source;
    }

    /**
     * A pool of twelve connections.
     *
     * @return the same for every call
     */
    public DataSource dataSource() {
        return pool;
    }

    /**
     * A pool of twelve connections through a proxy. It gives up after three seconds without a connection. Connections are not
     * encrypted.
     *
     * @param proxy before this database's server
     * @return a new one, which is closed with the proxy
     */
    public DataSource dataSource(PostgresProxy proxy) {
        HikariConfig config = poolOf(through(proxy), name + " through " + proxy.port());
        config.setConnectionTimeout(PATIENCE.toMillis());
        HikariDataSource pool = new HikariDataSource(config);
        proxy.uses(pool);
        return pool;
    }

    /** Without a pool. */
    PGSimpleDataSource through(PostgresProxy proxy) {
        PGSimpleDataSource own = source(url);
        own.setDatabaseName(name);
        own.setServerNames(new String[] {proxy.host()});
        own.setPortNumbers(new int[] {proxy.port()});
        own.setSslMode("disable");
        return own;
    }

    /** Where its server listens. */
    InetSocketAddress server() {
        return InetSocketAddress.createUnresolved(server.getServerNames()[0], server.getPortNumbers()[0]);
    }

    /**
     * The database's name on its server.
     *
     * @return as in {@code pg_database}
     */
    public String name() {
        return name;
    }

    /** As the server says it: {@code 18.6}, {@code 15.18 (Debian 15.18-0+deb12u1)}. */
    String version() {
        try (Connection connection = pool.getConnection()) {
            return connection.getMetaData().getDatabaseProductVersion();
        } catch (SQLException failure) {
            throw failed("show server_version", failure);
        }
    }

    /** Empties Pawl's tables; the application's stay as they are. Tokens go on rising. */
    public void clear() {
        execute(pool, "truncate " + String.join(", ", tables()));
    }

    private List<String> tables() {
        String sql =
                "select quote_ident(tablename) from pg_tables where schemaname = 'pawl' and tablename <> 'migration'";
        List<String> tables = new ArrayList<>();
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                tables.add("pawl." + row.getString(1));
            }
        } catch (SQLException failure) {
            throw failed(sql, failure);
        }
        return tables;
    }

    /** Drops the database. Repeating it does nothing. */
    @Override
    public void close() {
        if (!pool.isClosed()) {
            pool.close();
            execute(server, "drop database if exists " + name + " with (force)");
        }
    }

    private static void execute(DataSource source, String sql) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw failed(sql, failure);
        }
    }

    private static IllegalStateException failed(String sql, SQLException failure) {
        return new IllegalStateException(
                "the tests' PostgreSQL refused '" + sql + "': " + failure.getMessage(), failure);
    }

    /** The name. */
    @Override
    public String toString() {
        return name;
    }
}
