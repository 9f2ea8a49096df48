package dev.pawl.testkit.load;

import static org.awaitility.Awaitility.await;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.NewJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import javax.sql.DataSource;

/** Eight clients at once for a while, then calm. */
final class Storm {
    private static final int CLIENTS = 8;

    private static final Duration FOR_ENOUGH_TO_HAPPEN = Duration.ofSeconds(30);

    private Storm() {}

    /**
     * Lasts for the length, and until enough has happened, which takes longer on a busy machine. Returns when all clients are
     * through with what they began; what they held is left behind.
     */
    static Ledger rage(DataSource dataSource, long seed, Duration length, Predicate<Ledger> enough)
            throws InterruptedException, SQLException {
        describe(dataSource);
        Ledger ledger = new Ledger();
        CountDownLatch end = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Client client = new Client("client-" + i, seed + i, dataSource, ledger, end);
            threads.add(new Thread(client, "client-" + i));
        }
        threads.forEach(Thread::start);
        long from = System.nanoTime();
        await().atMost(length.plus(FOR_ENOUGH_TO_HAPPEN))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> System.nanoTime() - from > length.toNanos() && enough.test(ledger));
        end.countDown();
        for (Thread thread : threads) {
            thread.join(Duration.ofSeconds(30).toMillis());
            if (thread.isAlive()) {
                ledger.unexpected(new AssertionError(thread.getName() + " is stuck"));
            }
        }
        try (Connection connection = dataSource.getConnection()) {
            ledger.writeDown(connection);
        }
        return ledger;
    }

    /** So that no client's transaction is the first to, which would hold up all others. */
    private static void describe(DataSource dataSource) {
        try (JdbiPawl pawl = JdbiPawl.on(dataSource)) {
            Application.PIPELINES.forEach(pipeline -> pawl.jobs()
                    .cancel(pawl.jobs().enqueue(NewJob.of(pipeline, Json.NULL)).id(), Actor.SYSTEM));
        }
    }
}
