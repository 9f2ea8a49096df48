package dev.pawl.jdbc.internal;

import dev.pawl.jdbc.SchemaException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The schema's versions: what makes them, and which one a database has. */
public final class Migrations {
    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);
    private static final String LOCK_TIMEOUT = "5s";
    private static final List<String> NAMES = List.of(
            "V1__jobs",
            "V2__holders_of_checkpoints",
            "V3__children",
            "V4__leases",
            "V5__scans",
            "V6__views",
            "V7__repairs",
            "V8__removals");

    private Migrations() {}

    /** This library's version of the schema. */
    public static int current() {
        return NAMES.size();
    }

    /** Everything, for an empty database. */
    public static String script(SchemaName schema) {
        return NAMES.stream()
                .map(Migrations::read)
                .collect(Collectors.joining(
                        "\n",
                        "create schema if not exists " + schema.quoted() + ";\nset local search_path = "
                                + schema.quoted() + ";\n\n",
                        ""));
    }

    /** Brings the schema to this library's version. */
    public static void run(DataSource dataSource, SchemaName schema) {
        new OwnersTransaction(dataSource, schema).run("migrate schema " + schema, connection -> {
            run(connection, schema);
            return true;
        });
    }

    private static void run(Connection connection, SchemaName schema) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // One after another: without this they would be as safe, but all but one would fail.
            statement.execute("select pg_advisory_xact_lock(hashtextextended('pawl migration " + schema + "', 0))");
            // The first to wait for a lock on a table has all others wait behind it, running workers too: not for long.
            statement.execute("set local lock_timeout = '" + LOCK_TIMEOUT + "'");
            if (!exists(connection, "select 1 from pg_namespace where nspname = ?", schema.value())) {
                statement.execute("create schema " + schema.quoted());
            }
            statement.execute("set local search_path = " + schema.quoted());
            int from = version(connection, schema).orElse(0);
            if (from > current()) {
                throw new SchemaException(schema.value(), newer(schema, from).toString());
            }
            for (int version = from + 1; version <= current(); version++) {
                statement.execute(read(NAMES.get(version - 1)));
                LOG.info("migrated schema {} to version {}", schema, version);
            }
        }
    }

    /** What is wrong with a schema of this version, if anything. */
    static Optional<Finding> judge(SchemaName schema, int version) {
        if (version > current()) {
            return Optional.of(newer(schema, version));
        }
        return version == current()
                ? Optional.empty()
                : Optional.of(Finding.refusal(
                        "schema " + schema + " has version " + version + ", and this library works with version "
                                + current(),
                        "Run PawlSchema.migrate(dataSource, \"" + schema
                                + "\"), or the files META-INF/pawl/migrations/V" + (version + 1)
                                + "__*.sql and later by your migration tool"));
    }

    private static Optional<Integer> version(Connection connection, SchemaName schema) throws SQLException {
        String table = schema.quoted() + ".migration";
        String there = """
                select 1
                  from pg_class c
                  join pg_namespace n
                    on n.oid = c.relnamespace
                 where n.nspname = ?
                   and c.relname = 'migration'
                   and has_schema_privilege(n.oid, 'usage')
                   and has_table_privilege(c.oid, 'select')\
                """;
        if (!exists(connection, there, schema.value())) {
            return Optional.empty();
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select coalesce(max(version), 0) from " + table)) {
            row.next();
            return Optional.of(row.getInt(1));
        }
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    private static Finding newer(SchemaName schema, int version) {
        return Finding.refusal(
                "schema " + schema + " has version " + version + ", and this library works with version " + current(),
                "Run a later version of Pawl: schemas are not migrated back");
    }

    private static String read(String name) {
        String path = "/META-INF/pawl/migrations/" + name + ".sql";
        try (InputStream file = Migrations.class.getResourceAsStream(path)) {
            if (file == null) {
                throw new IllegalStateException(path + " is not in the jar");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
