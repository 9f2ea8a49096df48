package dev.pawl.testkit;

import dev.pawl.jdbc.internal.Database;
import dev.pawl.jdbc.internal.JdbiJobStore;
import dev.pawl.jdbc.internal.JdbiQueueStore;
import dev.pawl.jdbc.internal.SchemaName;
import dev.pawl.store.JobStore;
import dev.pawl.store.QueueStore;
import dev.pawl.testkit.contract.JobStoreContract;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The store on PostgreSQL obeys the contract. */
class JdbiJobStoreTest extends JobStoreContract {
    private static TestDatabase postgres;

    private final TestTime time = new ManualTime();
    private final Database database =
            Database.of(postgres.dataSource(), SchemaName.STANDARD).at(() -> Optional.of(time.now()));

    @BeforeAll
    static void migrate() {
        postgres = TestPostgres.shared().database();
    }

    @AfterAll
    static void drop() {
        postgres.close();
    }

    @Override
    public JobStore jobs() {
        return new JdbiJobStore(database, false);
    }

    @Override
    public QueueStore queues() {
        return new JdbiQueueStore(database);
    }

    @Override
    public TestTime time() {
        return time;
    }
}
