package dev.pawl.testkit.contract;

import dev.pawl.jdbc.internal.Database;
import dev.pawl.jdbc.internal.JdbiJobStore;
import dev.pawl.jdbc.internal.JdbiLeaseStore;
import dev.pawl.jdbc.internal.JdbiQueueStore;
import dev.pawl.jdbc.internal.SchemaName;
import dev.pawl.testkit.InMemoryJobStore;
import dev.pawl.testkit.TestDatabase;
import dev.pawl.testkit.TestPostgres;
import dev.pawl.testkit.TestTime;
import java.util.Optional;

/** Pawl's stores. */
enum Stores {
    IN_MEMORY {
        @Override
        SceneOf scene() {
            return SceneOf.inMemory();
        }
    },
    POSTGRESQL {
        @Override
        SceneOf scene() {
            TestTime time = InMemoryJobStore.create().time();
            Database database = Database.of(Shared.DATABASE.dataSource(), SchemaName.STANDARD)
                    .at(() -> Optional.of(time.now()));
            return SceneOf.of(
                    new JdbiJobStore(database, false),
                    new JdbiQueueStore(database),
                    new JdbiLeaseStore(database),
                    time);
        }
    };

    abstract SceneOf scene();

    /** One for all: each scene has a queue of its own. */
    private static final class Shared {
        static final TestDatabase DATABASE = TestPostgres.shared().database();
    }
}
