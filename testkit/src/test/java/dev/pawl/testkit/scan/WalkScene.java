package dev.pawl.testkit.scan;

import static dev.pawl.scan.KeyColumn.asc;
import static org.awaitility.Awaitility.await;

import dev.pawl.scan.Page;
import dev.pawl.scan.Scan;
import dev.pawl.scan.ScanState;
import dev.pawl.scan.Walked;
import dev.pawl.scan.Walked.Stop;
import dev.pawl.testkit.InMemoryJobStore;
import dev.pawl.testkit.MemoryRows;
import dev.pawl.worker.ScanSettings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;

/** Two Pawls over one store, and a scan of five rows in pages of two, whose first page a test handles. */
abstract class WalkScene {
    static final Duration LENGTH = Duration.ofMillis(600);
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Each class has a scan of its own: classes run side by side, and threads and loggers are looked for by its name. */
    final String name = getClass().getSimpleName().toLowerCase(Locale.ROOT);

    final ScanSettings settings = ScanSettings.of(name).withLease(LENGTH);

    final InMemoryJobStore memory = InMemoryJobStore.create();
    final WalksPawl pawl = WalksPawl.over(memory);
    final WalksPawl other = WalksPawl.over(memory);
    final Queue<Integer> seen = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        var unused = Thread.interrupted();
        pawl.close();
        other.close();
    }

    static MemoryRows<Integer> rows() {
        return MemoryRows.of(() -> List.of(1, 2, 3, 4, 5))
                .by(asc("id"), id -> id)
                .pagesOf(2);
    }

    interface Handling {
        void handle(Page<Integer> page) throws Exception;
    }

    Scan scan(Handling first) {
        return pawl.scan(settings, rows(), page -> {
            if (page.rows().contains(1)) {
                first.handle(page);
            }
            seen.addAll(page.rows());
        });
    }

    Scan others() {
        return other.scan(settings, rows(), page -> seen.addAll(page.rows()));
    }

    ScanState state() {
        return other.scans().find(name).orElseThrow();
    }

    static void awaitNoThread(String prefix) {
        await().atMost(PATIENCE)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith(prefix)));
    }

    static Walked walked(int pages, long rows, Stop stop) {
        return new Walked(pages, rows, stop, Optional.empty());
    }
}
