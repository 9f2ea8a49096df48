package dev.pawl.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.internal.Database;
import dev.pawl.jdbc.internal.JdbiLeaseStore;
import dev.pawl.jdbc.internal.JdbiScanStore;
import dev.pawl.jdbc.internal.SchemaName;
import dev.pawl.lease.Lease;
import dev.pawl.store.LeaseStore;
import dev.pawl.store.ScanStore;
import dev.pawl.testkit.ApplicationInMemory;
import dev.pawl.testkit.ApplicationOnPostgres;
import dev.pawl.testkit.InMemoryJobStore;
import dev.pawl.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * The two stores of one history: empty, with one time, and with tokens from 1 on. Each history has names of its own, so none sees a
 * token twice.
 *
 * @param memory the one in memory, whose time is that of both
 * @param database the other's
 * @param application with a Pawl over the database, and transactions in it
 */
record BothStores(InMemoryJobStore memory, Database database, ApplicationOnPostgres application)
        implements AutoCloseable {
    /** Empties the database, since it has tokens that are higher than those which the next history draws. */
    static BothStores of(TestDatabase postgres) throws SQLException {
        InMemoryJobStore memory = InMemoryJobStore.create();
        Database database = Database.of(postgres.dataSource(), SchemaName.STANDARD)
                .at(() -> Optional.of(memory.time().now()));
        postgres.clear();
        try (Connection connection = postgres.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("alter sequence pawl.fencing_token restart with 1");
        }
        return new BothStores(memory, database, new ApplicationOnPostgres(postgres, memory.time()));
    }

    JdbiPawl pawl() {
        return application.pawl();
    }

    /**
     * For a history of scans.
     *
     * @param flaw what is wrong with the store in the database
     */
    ScanSides scans(UnaryOperator<ScanStore> flaw) {
        return new ScanSides(
                memory.scans(),
                flaw.apply(new JdbiScanStore(database)),
                new ApplicationInMemory(memory)::begin,
                application::begin,
                memory.time(),
                this::token);
    }

    /** The next one, by a name that nobody has. */
    private long token() {
        String name = "walk " + UUID.randomUUID();
        long token = acquired(memory.leases(), name);
        assertThat(acquired(new JdbiLeaseStore(database), name))
                .as("the token in the database")
                .isEqualTo(token);
        return token;
    }

    private static long acquired(LeaseStore leases, String name) {
        Lease lease = leases.acquire(name, "walker", Duration.ofSeconds(1)).orElseThrow();
        return lease.token().value();
    }

    @Override
    public void close() {
        application.close();
    }
}
