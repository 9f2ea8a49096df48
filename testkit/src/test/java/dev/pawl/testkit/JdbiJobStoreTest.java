package dev.pawl.testkit;

import dev.pawl.jdbc.internal.Database;
import dev.pawl.jdbc.internal.JdbiAuditStore;
import dev.pawl.jdbc.internal.JdbiJobStore;
import dev.pawl.jdbc.internal.JdbiLeaseStore;
import dev.pawl.jdbc.internal.JdbiQueueStore;
import dev.pawl.jdbc.internal.JdbiScanStore;
import dev.pawl.jdbc.internal.JdbiViewStore;
import dev.pawl.jdbc.internal.SchemaName;
import dev.pawl.job.JobId;
import dev.pawl.store.AuditStore;
import dev.pawl.store.JobStore;
import dev.pawl.store.LeaseStore;
import dev.pawl.store.QueueStore;
import dev.pawl.store.ScanStore;
import dev.pawl.store.ViewStore;
import dev.pawl.testkit.contract.Damage;
import dev.pawl.testkit.contract.JobStoreContract;
import dev.pawl.testkit.contract.OpenTransaction;
import dev.pawl.testkit.contract.ScannedRows;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/**
 * The store on PostgreSQL obeys the contract. It has a server of its own, to crash it, unless the environment names another one.
 */
class JdbiJobStoreTest extends JobStoreContract {
    private static TestDatabase postgres;
    private static boolean canCrash;

    private final TestTime time = new ManualTime();
    private final Database database =
            Database.of(postgres.dataSource(), SchemaName.STANDARD).at(() -> Optional.of(time.now()));

    private Optional<ApplicationOnPostgres> application = Optional.empty();
    private Optional<ScannedRows> rows = Optional.empty();

    @BeforeAll
    static void migrate() throws SQLException {
        TestPostgres shared = TestPostgres.shared();
        canCrash = shared.source() == TestPostgres.Source.EMBEDDED;
        postgres = canCrash ? TestDatabase.create(EmbeddedServer.start()) : shared.database();
        ApplicationOnPostgres.createTable(postgres);
    }

    @AfterAll
    static void drop() {
        postgres.close();
    }

    @AfterEach
    void close() {
        application.ifPresent(ApplicationOnPostgres::close);
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
    public LeaseStore leases() {
        return new JdbiLeaseStore(database);
    }

    @Override
    public TestTime time() {
        return time;
    }

    @Override
    public Optional<ScanStore> scans() {
        return Optional.of(new JdbiScanStore(database));
    }

    @Override
    public Optional<ViewStore> views() {
        return Optional.of(new JdbiViewStore(database));
    }

    @Override
    public Optional<ScannedRows> rows() {
        rows = rows.or(() -> Optional.of(new RowsOnPostgres(postgres.dataSource())));
        return rows;
    }

    @Override
    public Optional<OpenTransaction> begin() {
        application = application.or(() -> Optional.of(new ApplicationOnPostgres(postgres, time)));
        return application.map(ApplicationOnPostgres::begin);
    }

    @Override
    public boolean miscount(JobId parent, int open) {
        ApplicationOnPostgres.miscount(postgres, parent, open);
        return true;
    }

    @Override
    public Optional<AuditStore> audits() {
        return Optional.of(new JdbiAuditStore(database));
    }

    @Override
    public boolean damage(JobId job, Damage damage) {
        ApplicationOnPostgres.damage(postgres, job, damage);
        return true;
    }

    @Override
    public boolean deleteLease(String name) {
        ApplicationOnPostgres.deleteLease(postgres, name);
        return true;
    }

    @Override
    public boolean crash() {
        if (canCrash) {
            ApplicationOnPostgres.crash(postgres);
        }
        return canCrash;
    }
}
