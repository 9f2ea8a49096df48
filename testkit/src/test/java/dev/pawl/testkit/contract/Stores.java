package dev.pawl.testkit.contract;

import dev.pawl.JsonCodec;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.SqlScan;
import dev.pawl.jdbc.internal.Database;
import dev.pawl.jdbc.internal.JdbiJobStore;
import dev.pawl.jdbc.internal.JdbiLeaseStore;
import dev.pawl.jdbc.internal.JdbiQueueStore;
import dev.pawl.jdbc.internal.JdbiScanStore;
import dev.pawl.jdbc.internal.SchemaName;
import dev.pawl.scan.KeyColumn;
import dev.pawl.testkit.ApplicationOnPostgres;
import dev.pawl.testkit.InMemoryJobStore;
import dev.pawl.testkit.InMemoryPawl;
import dev.pawl.testkit.MemoryScan;
import dev.pawl.testkit.RowsInMemory;
import dev.pawl.testkit.RowsOnPostgres;
import dev.pawl.testkit.TestDatabase;
import dev.pawl.testkit.TestPostgres;
import dev.pawl.testkit.TestTime;
import dev.pawl.testkit.contract.ScannedRows.Row;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/** Pawl's stores. */
enum Stores {
    IN_MEMORY {
        @Override
        SceneOf scene() {
            return SceneOf.inMemory();
        }

        @Override
        ScanSceneOf scanScene() {
            return ScanSceneOf.over(InMemoryJobStore.create(), new RowsInMemory());
        }

        @Override
        IncidentETest.Articles articles() {
            InMemoryPawl pawl = InMemoryPawl.create(JsonCodec.none());
            RowsInMemory table = new RowsInMemory();
            return new IncidentETest.Articles(
                    table,
                    order -> new PagedScan.Pawls(handling -> pawl.scan("articles", table.by(IncidentETest.PAGE, order))
                            .atLeastOnce(handling::accept)));
        }

        @Override
        RandomWalk walk(long seed, boolean transactional) {
            return walk(seed, transactional, InMemoryPawl.create(JsonCodec.none()));
        }
    },
    POSTGRESQL {
        @Override
        SceneOf scene() {
            TestTime time = InMemoryJobStore.create().time();
            return sceneOf(databaseAt(time), time);
        }

        @Override
        ScanSceneOf scanScene() {
            Database database = databaseAt(Shared.TIME);
            return new ScanSceneOf(
                    sceneOf(database, Shared.TIME),
                    new JdbiScanStore(database),
                    new RowsOnPostgres(Shared.DATABASE.dataSource()),
                    Shared.APPLICATION::begin);
        }

        @Override
        IncidentETest.Articles articles() {
            RowsOnPostgres table = new RowsOnPostgres(Shared.DATABASE.dataSource());
            return new IncidentETest.Articles(
                    table,
                    order -> new PagedScan.Pawls(handling -> Shared.PAWL
                            .scan("articles-" + UUID.randomUUID(), table.described(IncidentETest.PAGE, order))
                            .inTransaction((page, handle) -> handling.accept(page))));
        }

        @Override
        RandomWalk walk(long seed, boolean transactional) {
            RowsOnPostgres table = new RowsOnPostgres(Shared.DATABASE.dataSource());
            String name = "walked-" + UUID.randomUUID();
            return new RandomWalk(seed, table, Shared.WALKING_TIME, transactional, (random, handling) -> {
                SqlScan<Row> scan =
                        Shared.WALKING.pawl().scan(name, table.described(1 + random.nextInt(5), oneOrder(random)));
                return transactional
                        ? scan.inTransaction((page, handle) -> handling.handle(page))
                        : scan.atLeastOnce(handling::handle);
            });
        }

        private static SceneOf sceneOf(Database database, TestTime time) {
            return SceneOf.of(
                    new JdbiJobStore(database, false),
                    new JdbiQueueStore(database),
                    new JdbiLeaseStore(database),
                    time);
        }

        private static Database databaseAt(TestTime time) {
            return Database.of(Shared.DATABASE.dataSource(), SchemaName.STANDARD)
                    .at(() -> Optional.of(time.now()));
        }
    };

    abstract SceneOf scene();

    /** With an empty table to be scanned. */
    abstract ScanSceneOf scanScene();

    /** Two processes that scan a table which changes under them. */
    abstract RandomWalk walk(long seed, boolean transactional);

    /** Over a store in memory, which may be a broken one. */
    static RandomWalk walk(long seed, boolean transactional, InMemoryPawl pawl) {
        RowsInMemory table = new RowsInMemory();
        return new RandomWalk(seed, table, pawl.time(), transactional, (random, handling) -> {
            MemoryScan<Row> scan = pawl.scan("walked", table.by(1 + random.nextInt(5), oneOrder(random)));
            return transactional
                    ? scan.inTransaction((page, transaction) -> handling.handle(page))
                    : scan.atLeastOnce(handling::handle);
        });
    }

    private static List<KeyColumn> oneOrder(Random random) {
        return RowRules.ORDERS.get(random.nextInt(RowRules.ORDERS.size()));
    }

    /** A table of articles, and Pawl's scans over it. */
    abstract IncidentETest.Articles articles();

    /** One for all: each scene has a queue of its own. */
    private static final class Shared {
        static final TestDatabase DATABASE = TestPostgres.shared().database();
        static final JdbiPawl PAWL = JdbiPawl.with(DATABASE.dataSource()).open();
        static final TestTime TIME = InMemoryJobStore.create().time();
        static final ApplicationOnPostgres APPLICATION = ApplicationOnPostgres.withTable(DATABASE, TIME);
        /** Moves on, and others run at the same time. */
        static final TestTime WALKING_TIME = InMemoryJobStore.create().time();

        static final ApplicationOnPostgres WALKING = new ApplicationOnPostgres(DATABASE, WALKING_TIME);
    }
}
