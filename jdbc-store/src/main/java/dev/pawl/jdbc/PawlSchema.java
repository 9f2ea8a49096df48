package dev.pawl.jdbc;

import dev.pawl.jdbc.internal.Migrations;
import dev.pawl.jdbc.internal.SchemaName;
import dev.pawl.jdbc.internal.Tokens;
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
     * @throws SchemaException if the schema is newer than this library, or the database refused: nothing was changed; or if the
     *     connection was lost at the commit, so that it is not known whether it was: repeat the call
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
     * @throws SchemaException if the schema is newer than this library, or the database refused: nothing was changed; or if the
     *     connection was lost at the commit, so that it is not known whether it was: repeat the call
     */
    public static void migrate(DataSource dataSource, String schema) {
        Migrations.run(dataSource, new SchemaName(schema));
    }

    /**
     * Advances the tokens of the schema {@code pawl}; see {@link #advanceTokens(DataSource, String)}.
     *
     * @param dataSource connects as the role that owns the schema
     * @return the highest token that can't be issued any more: all later ones are higher
     * @throws SchemaException if the database refused, or tokens are at their end: nothing was changed; or if the connection was lost
     *     at the commit, so that it is not known whether they were advanced: repeat the call
     */
    public static long advanceTokens(DataSource dataSource) {
        return advanceTokens(dataSource, SchemaName.STANDARD.value());
    }

    /**
     * Makes sure that no token is issued a second time, after rows came without their sequence: by logical replication, which
     * does not copy sequences, or by a restore of some tables. Looks at every token that a job, a checkpoint, a
     * failure, a named lease or a scan bears, and moves the sequence a million beyond the highest. Never moves it back: where it is that far already, nothing is
     * changed, so repeating it is safe. Reads these tables as a whole; claims wait for the moment in which the sequence is
     * moved.
     *
     * <p>Commits that were lost leave no row that tells of their tokens. After a failover that lost commits, or a restore to an
     * earlier moment, use {@link #advanceTokens(DataSource, String, long)}.
     *
     * @param dataSource connects as the role that owns the schema
     * @param schema 1 to 63 of a-z, 0-9 and '_', not beginning with a digit or {@code pg_}
     * @return the highest token that can't be issued any more: all later ones are higher
     * @throws IllegalArgumentException if the name is not such
     * @throws SchemaException if the database refused, or tokens are at their end: nothing was changed; or if the connection was lost
     *     at the commit, so that it is not known whether they were advanced: repeat the call
     */
    public static long advanceTokens(DataSource dataSource, String schema) {
        return Tokens.advance(dataSource, new SchemaName(schema));
    }

    /**
     * Skips tokens, since commits were lost in which they may have been issued. Each call skips as many again, which does no
     * harm.
     *
     * @param dataSource connects as the role that owns the schema
     * @param schema 1 to 63 of a-z, 0-9 and '_', not beginning with a digit or {@code pg_}
     * @param by how many, at least 1: more than were issued since the last commit that is left. There are 9 · 10¹⁸, so a
     *     thousand million too many do no harm
     * @return the highest token that can't be issued any more: all later ones are higher
     * @throws IllegalArgumentException if the name is not such, or the number not positive
     * @throws SchemaException if the database refused, or tokens are at their end: nothing was changed; or if the connection was lost
     *     at the commit, so that it is not known whether they were advanced: repeat the call
     */
    public static long advanceTokens(DataSource dataSource, String schema, long by) {
        return Tokens.advance(dataSource, new SchemaName(schema), by);
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
