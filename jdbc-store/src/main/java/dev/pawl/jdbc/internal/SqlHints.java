package dev.pawl.jdbc.internal;

import java.util.Map;

/** What to do about a failed statement or connection, by its SQLSTATE: in parentheses, or nothing. */
final class SqlHints {
    private static final String SCHEMA = "the schema is missing or of another version: see PawlSchema.migrate";
    private static final String POOLER =
            "a pooler between shares sessions by transaction, and the driver prepares statements: set prepareThreshold=0 in the"
                    + " JDBC URL, or let the pooler track prepared statements";
    private static final String STANDBY = "connect to the primary: targetServerType=primary in the JDBC URL finds it";

    private static final String LOST = "the connection was lost, and the transaction with it: repeat that";

    private static final Map<String, String> BY_STATE = Map.ofEntries(
            Map.entry("08001", "is the server running, and are host and port of the JDBC URL right?"),
            Map.entry("08003", LOST),
            Map.entry("08006", LOST),
            Map.entry("0A000", STANDBY),
            Map.entry("25006", STANDBY + "; or the role is read-only: default_transaction_read_only"),
            Map.entry("25P02", "an earlier statement of the transaction failed: roll it back, and begin another"),
            Map.entry("25P03", "the transaction was idle for too long: idle_in_transaction_session_timeout"),
            Map.entry("25P04", "the transaction took too long: transaction_timeout"),
            Map.entry("26000", POOLER),
            Map.entry("28000", "see the server's pg_hba.conf, and the JDBC URL's user"),
            Map.entry("28P01", "see user and password of the JDBC URL, or of the pool"),
            Map.entry("3D000", "create the database, or correct its name in the JDBC URL"),
            Map.entry("3F000", SCHEMA),
            Map.entry("42501", "see META-INF/pawl/grants.sql for what Pawl needs"),
            Map.entry("42703", SCHEMA),
            Map.entry("42P01", SCHEMA),
            Map.entry("42P05", POOLER),
            Map.entry("53300", "the server has no connection left: make the pools smaller, or max_connections larger"),
            Map.entry("55P03", "another transaction holds a lock on it; repeat the call later"),
            Map.entry("57P01", LOST),
            Map.entry("57P02", LOST),
            Map.entry("57P03", "the server is starting or stopping: repeat the call later"),
            Map.entry(
                    "57014",
                    "a statement_timeout of the role or database ended it, or somebody by pg_cancel_backend; Pawl's statements"
                            + " take milliseconds, but seconds on a server that is overloaded"));

    private static final Map<String, String> OF_OWNER = Map.of(
            "42501", "do it as the role that owns the schema, or that may create it",
            "42P07", "the schema is something else's: give Pawl a schema of its own, under another name",
            "55P03", "transactions that are open have it locked: repeat it when they are over");

    private SqlHints() {}

    static String of(Throwable failure) {
        return SqlFailures.state(failure)
                .map(BY_STATE::get)
                .map(hint -> " (" + hint + ")")
                .orElse("");
    }

    /** Where the schema's owner was at work. */
    static String ofOwner(Throwable failure) {
        return SqlFailures.state(failure)
                .map(OF_OWNER::get)
                .map(hint -> " (" + hint + ")")
                .orElseGet(() -> of(failure));
    }
}
