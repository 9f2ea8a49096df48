package dev.pawl.testkit;

import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.internal.Database;
import dev.pawl.jdbc.internal.JdbiScanStore;
import dev.pawl.jdbc.internal.SchemaName;
import dev.pawl.jdbc.internal.Timed;
import dev.pawl.job.JobId;
import dev.pawl.job.JobTransaction;
import dev.pawl.store.ScanStore;
import dev.pawl.testkit.contract.Damage;
import dev.pawl.testkit.contract.OpenTransaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** An application with a table of its own beside Pawl's, in the same transactions. */
public final class ApplicationOnPostgres implements AutoCloseable {
    private final DataSource source;
    private final JdbiPawl pawl;
    private final Database database;

    public ApplicationOnPostgres(TestDatabase database, TestTime time) {
        this.source = database.dataSource();
        this.database = Database.of(source, SchemaName.STANDARD).at(() -> Optional.of(time.now()));
        JdbiPawl.Settings settings = JdbiPawl.with(source);
        ((Timed) settings).time(() -> Optional.of(time.now()));
        ((Timed) settings).unwarned();
        this.pawl = settings.open();
    }

    /**
     * With its table made.
     *
     * @param database that has none yet
     * @param time of Pawl's part
     * @return to be closed
     */
    public static ApplicationOnPostgres withTable(TestDatabase database, TestTime time) {
        try {
            createTable(database);
        } catch (SQLException failure) {
            throw new IllegalStateException("the application's table could not be made", failure);
        }
        return new ApplicationOnPostgres(database, time);
    }

    static void createTable(TestDatabase database) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create table application (name text primary key)");
        }
    }

    /** A mistake in the counter of a job's children, made past all rules. */
    static void miscount(TestDatabase database, JobId parent, int open) {
        try (Connection connection = database.dataSource().getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "update pawl.job set open_children = ? where queue = ? and id = ? and fan is not null")) {
            update.setInt(1, open);
            update.setString(2, parent.queue());
            update.setObject(3, parent.uuid());
            if (update.executeUpdate() != 1) {
                throw new IllegalStateException("no job " + parent + " has fanned out");
            }
        } catch (SQLException failure) {
            throw new IllegalStateException("the counter could not be made wrong", failure);
        }
    }

    static void damage(TestDatabase database, JobId job, Damage damage) {
        String sql = switch (damage) {
            case LOST_CHECKPOINT -> "delete from pawl.checkpoint where queue = ? and job_id = ? and stage = 0";
            case TOKEN_NOT_ISSUED ->
                "update pawl.job set token = (select last_value + 1000 from pawl.fencing_token) where queue = ? and id = ?";
            case LOST_ROW -> "delete from pawl.job where queue = ? and id = ?";
        };
        try (Connection connection = database.dataSource().getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, job.queue());
            statement.setObject(2, job.uuid());
            if (statement.executeUpdate() != 1) {
                throw new IllegalStateException(damage + " found nothing of job " + job);
            }
        } catch (SQLException failure) {
            throw new IllegalStateException("job " + job + " could not be damaged", failure);
        }
    }

    static void deleteLease(TestDatabase database, String name) {
        try (Connection connection = database.dataSource().getConnection();
                PreparedStatement delete = connection.prepareStatement("delete from pawl.lease where name = ?")) {
            delete.setString(1, name);
            if (delete.executeUpdate() != 1) {
                throw new IllegalStateException("there is no lease '" + name + "'");
            }
        } catch (SQLException failure) {
            throw new IllegalStateException("the lease could not be deleted", failure);
        }
    }

    /**
     * Pawl's part.
     *
     * @return closed with this
     */
    @SuppressWarnings("exports") // of a test
    public JdbiPawl pawl() {
        return pawl;
    }

    /**
     * Begins a transaction.
     *
     * @return an open one
     */
    public OpenTransaction begin() {
        try {
            Connection connection = source.getConnection();
            connection.setAutoCommit(false);
            return new Open(connection, pawl.in(connection), new JdbiScanStore(database, connection));
        } catch (SQLException failure) {
            throw new IllegalStateException("no transaction could be begun", failure);
        }
    }

    /**
     * Kills the process of one session, as the kernel does for want of memory. The server then ends all sessions, forgets what
     * was in memory alone, and recovers from its log.
     */
    static void crash(TestDatabase database) {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
            row.next();
            ProcessHandle session = ProcessHandle.of(row.getLong(1)).orElseThrow();
            session.destroyForcibly();
            session.onExit().orTimeout(30, TimeUnit.SECONDS).join();
        } catch (SQLException failure) {
            throw new IllegalStateException("no session to kill was to be had", failure);
        }
        ((HikariDataSource) database.dataSource()).getHikariPoolMXBean().softEvictConnections();
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> isUp(database.dataSource()));
    }

    private static boolean isUp(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection()) {
            return connection.isValid(1);
        }
    }

    @Override
    public void close() {
        pawl.close();
    }

    private record Open(Connection connection, JobTransaction jobs, ScanStore scanStore) implements OpenTransaction {
        @Override
        public Optional<ScanStore> scans() {
            return Optional.of(scanStore);
        }

        @Override
        public void hold(JobId id) {
            run("select 1 from pawl.job where queue || '/' || id = ? for update", id.toString());
        }

        @Override
        public void holdLease(String name) {
            run("select 1 from pawl.lease where name = ? for update", name);
        }

        @Override
        public void insert(String row) {
            run("insert into application (name) values (?)", row);
        }

        private void run(String sql, String value) {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, value);
                statement.execute();
            } catch (SQLException failure) {
                throw new IllegalStateException(sql + " failed for " + value, failure);
            }
        }

        @Override
        public Set<String> rows() {
            Set<String> rows = new LinkedHashSet<>();
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("select name from application")) {
                while (row.next()) {
                    rows.add(row.getString(1));
                }
            } catch (SQLException failure) {
                throw new IllegalStateException("the application's rows could not be read", failure);
            }
            return rows;
        }

        @Override
        public void commit() throws SQLException {
            connection.commit();
        }

        @Override
        public void close() {
            try (connection) {
                connection.rollback();
                connection.setAutoCommit(true);
            } catch (SQLException lost) {
                // so is its transaction
            }
        }
    }
}
