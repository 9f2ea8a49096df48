package dev.pawl.jdbc.internal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * What the server and the session's defaults are.
 *
 * @param versionNumber e.g. 180006
 * @param version in words
 * @param standby whether it follows another server
 * @param readOnly whether transactions can't write unless they say so
 * @param fsync as shown
 * @param fullPageWrites as shown
 * @param synchronousCommit as shown
 * @param isolation of a transaction that does not say
 */
record ServerCheck(
        int versionNumber,
        String version,
        boolean standby,
        boolean readOnly,
        String fsync,
        String fullPageWrites,
        String synchronousCommit,
        String isolation) {
    private static final int OLDEST = 140_000;

    private static final String SETTINGS = """
            select cast(current_setting('server_version_num') as integer),
                   current_setting('server_version'),
                   pg_is_in_recovery(),
                   current_setting('default_transaction_read_only') = 'on',
                   current_setting('fsync'),
                   current_setting('full_page_writes'),
                   current_setting('synchronous_commit'),
                   current_setting('default_transaction_isolation')\
            """;

    static ServerCheck of(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SETTINGS)) {
            row.next();
            return new ServerCheck(
                    row.getInt(1),
                    row.getString(2),
                    row.getBoolean(3),
                    row.getBoolean(4) || connection.isReadOnly(),
                    row.getString(5),
                    row.getString(6),
                    row.getString(7),
                    row.getString(8));
        }
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        if (standby) {
            findings.add(Finding.refusal(
                    "the server is a standby, which takes no writes",
                    "Connect to the primary: targetServerType=primary in a JDBC URL with several hosts finds it"));
        } else if (readOnly) {
            findings.add(Finding.refusal(
                    "the database is read-only for this role or connection",
                    "Give it default_transaction_read_only = off (alter role, or alter database), and a data source that is"
                            + " not read-only"));
        }
        if (versionNumber < OLDEST) {
            findings.add(Finding.warning(
                    "the server is PostgreSQL " + version + ", and Pawl is tried on 14 and later",
                    "Upgrade the server; what does not work there won't be mended"));
        }
        findings.addAll(durability());
        if (!isolation.equals("read committed")) {
            findings.add(
                    Finding.warning(
                            "default_transaction_isolation is '" + isolation + "' for this role or database",
                            "Pawl's own transactions set theirs; in yours the fenced write has to be the first statement, or the next"
                                    + " renewal of the lease makes it fail (40001). Begin them as READ COMMITTED, or run them again"));
        }
        return findings;
    }

    private List<Finding> durability() {
        List<Finding> findings = new ArrayList<>();
        if (fsync.equals("off")) {
            findings.add(Finding.warning(
                    "fsync is off",
                    "A crash of the machine may lose or corrupt everything, and no promise of Pawl's holds then. Set fsync = on,"
                            + " but for tests"));
        }
        if (fullPageWrites.equals("off")) {
            findings.add(Finding.warning(
                    "full_page_writes is off",
                    "A crash of the machine may leave pages torn. Set full_page_writes = on, unless the file system can't tear"
                            + " them"));
        }
        if (synchronousCommit.equals("off")) {
            findings.add(
                    Finding.warning(
                            "synchronous_commit is off for this role or database",
                            "Pawl's own transactions set it to on; yours may be lost by a crash after they were committed, and with them"
                                    + " what was enqueued or checkpointed in them. Set it to on, or set it in those transactions"));
        }
        return findings;
    }
}
