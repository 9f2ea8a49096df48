package dev.pawl.testkit.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.audit.Audit;
import dev.pawl.audit.AuditLimits;
import dev.pawl.audit.Auditor;
import dev.pawl.audit.Violation;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.SqlRows;
import dev.pawl.lease.HeldLease;
import dev.pawl.scan.KeyColumn;
import dev.pawl.scan.Scan;
import dev.pawl.worker.WorkerListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Audits beside workers whose jobs fan out, fail, are cancelled, retried, ended in transactions of the application's and taken over,
 * beside scans and named leases: nothing of this is a violation at any moment. Each page is one snapshot, and it shows here if it is not.
 */
class AuditUnderLoadTest {
    private static final Logger LOG = LoggerFactory.getLogger(AuditUnderLoadTest.class);
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("pawl.test.seconds", 10));
    private static final int WORKERS = 3;
    private static final String DATABASE = "audit_load";

    @Test
    void nothing_that_pawl_does_is_ever_a_violation() throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        Queue<Violation> found = new ConcurrentLinkedQueue<>();
        AtomicInteger audits = new AtomicInteger();
        AtomicInteger laps = new AtomicInteger();
        try (HikariDataSource database = LoggingServer.database(DATABASE);
                Processes processes =
                        Processes.start(database, WORKERS, Generations.handlers(), new WorkerListener() {})) {
            Interference interference = new Interference(processes.pawl(0), database);
            JdbiPawl pawl = processes.pawl(1);
            Scan scan = scan(database, processes.pawl(2));

            // when
            Rage.on(
                    LENGTH,
                    new Random(seed),
                    List.of(
                            interference::enqueue,
                            interference::cancel,
                            interference::retry,
                            interference::endByHand,
                            random -> found.addAll(audited(pawl.auditor(), random, audits)),
                            random -> {
                                if (scan.lap().wrapped()) {
                                    laps.incrementAndGet();
                                }
                                pawl.leases()
                                        .acquire("load/lease", Duration.ofSeconds(5))
                                        .ifPresent(HeldLease::close);
                            }));

            // then
            LOG.warn("seed {}: {} audits, {} laps, {}", seed, audits, laps, interference.happened());
            assertThat(found).isEmpty();
            assertThat(audits).hasPositiveValue();
            assertThat(laps).hasPositiveValue();
            assertThat(interference.happened())
                    .containsKeys("enqueued", "cancelled", "retried", "ended by hand", "rolled back");
            assertThat(pawl.auditor().audit().jobs()).isPositive();
        }
    }

    /** From end to end, in pages of any size. */
    private static Collection<Violation> audited(Auditor auditor, Random random, AtomicInteger audits) {
        List<Violation> found = new ArrayList<>();
        Auditor bounded =
                auditor.within(AuditLimits.STANDARD.atMost(Duration.ofMinutes(1), 1L + random.nextInt(1_500)));
        Audit audit = bounded.audit();
        found.addAll(audit.violations());
        while (!audit.isComplete()) {
            audit = bounded.more(audit);
            found.addAll(audit.violations());
        }
        audits.incrementAndGet();
        return found;
    }

    private static Scan scan(HikariDataSource database, JdbiPawl pawl) {
        Jdbi.create(database).useHandle(handle -> {
            handle.execute("create table audited (id bigint primary key)");
            handle.execute("insert into audited (id) select n from generate_series(1, 50) n");
        });
        return pawl.scan(
                        "audited",
                        SqlRows.select("select a.id from audited a")
                                .by(KeyColumn.asc("id"))
                                .as((row, context) -> row.getLong(1))
                                .pagesOf(10))
                .inTransaction((page, handle) -> assertThat(page.rows()).isNotEmpty());
    }
}
