package dev.pawl.testkit.fanout;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.jdbc.internal.Database;
import dev.pawl.jdbc.internal.JdbiJobStore;
import dev.pawl.jdbc.internal.SchemaName;
import dev.pawl.store.JobStore;
import dev.pawl.testkit.TestDatabase;
import dev.pawl.testkit.TestPostgres;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** A database, and three processes' stores on it: each has a connection of its own, and no other. */
final class ThreeStores implements AutoCloseable {
    static final int STORES = 3;

    private final TestDatabase database;
    private final List<HikariDataSource> connections = new ArrayList<>();
    private final List<JobStore> stores = new ArrayList<>();

    private ThreeStores(TestDatabase database) throws SQLException {
        this.database = database;
        for (int i = 0; i < STORES; i++) {
            HikariConfig config = new HikariConfig();
            config.setDataSource(
                    database.dataSource().unwrap(HikariDataSource.class).getDataSource());
            config.setMaximumPoolSize(1);
            HikariDataSource one = new HikariDataSource(config);
            connections.add(one);
            stores.add(new JdbiJobStore(Database.of(one, SchemaName.STANDARD)));
        }
    }

    static ThreeStores open() throws SQLException {
        return new ThreeStores(TestPostgres.shared().database());
    }

    JobStore store(int number) {
        return stores.get(number);
    }

    /** The one connection of a store's process. */
    DataSource connection(int number) {
        return connections.get(number);
    }

    /** For the test's own eyes. */
    Jdbi sql() {
        return Jdbi.create(database.dataSource());
    }

    @Override
    public void close() {
        connections.forEach(HikariDataSource::close);
        database.close();
    }
}
