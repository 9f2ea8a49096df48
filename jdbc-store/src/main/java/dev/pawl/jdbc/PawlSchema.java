package dev.pawl.jdbc;

import dev.pawl.jdbc.internal.Migrations;
import dev.pawl.jdbc.internal.SchemaName;
import javax.sql.DataSource;

/**
 * The tables, made and changed when told to; nothing migrates by itself. Each Pawl has a schema for itself, and a database
 * may have several.
 *
 * <p>Applications that have a migration tool may run the files {@code META-INF/pawl/migrations/V*.sql} by it instead, in
 * order, with the schema as the first of the {@code search_path}: each records itself in the table {@code migration}, by
 * which Pawl knows what is there. The roles that Pawl needs are in {@code META-INF/pawl/grants.sql}.
 *
 * <p>Stateless.
 */
public final class PawlSchema {
    private PawlSchema() {}

    /**
     * Brings the schema {@code pawl} to this library's version; see {@link #migrate(DataSource, String)}.
     *
     * @param dataSource connects as a role that may create the schema, or owns it
     * @throws SchemaException if the schema is newer than this library, or the database refused; nothing was changed
     */
    public static void migrate(DataSource dataSource) {
        migrate(dataSource, SchemaName.STANDARD.value());
    }

    /**
     * Makes the schema if it isn't there, and brings it to this library's version, in one transaction. Repeating it, and
     * doing it from many processes at once, is safe: one does it, and the others wait for that one and find nothing to do.
     *
     * @param dataSource connects as a role that may create the schema, or owns it
     * @param schema 1 to 63 of a-z, 0-9 and '_', not beginning with a digit or {@code pg_}
     * @throws IllegalArgumentException if the name is not such
     * @throws SchemaException if the schema is newer than this library, or the database refused; nothing was changed
     */
    public static void migrate(DataSource dataSource, String schema) {
        Migrations.run(dataSource, new SchemaName(schema));
    }

    /**
     * What {@link #migrate(DataSource, String)} runs on an empty database, for people to read, and for those whose
     * databases are changed by hand. To be run once, in one transaction.
     *
     * @param schema 1 to 63 of a-z, 0-9 and '_', not beginning with a digit or {@code pg_}
     * @return the SQL
     * @throws IllegalArgumentException if the name is not such
     */
    public static String sql(String schema) {
        return Migrations.script(new SchemaName(schema));
    }
}
