package dev.pawl.jdbc.internal;

import dev.pawl.Running;
import dev.pawl.worker.Wakeups;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for enqueues of other processes, on a connection of its own, by a thread of its own. A hint: whatever is missed
 * while it has no connection is found by polling. Tries to connect again, at longer and longer intervals. Safe for use by
 * many threads.
 */
public final class Listening implements Running {
    private static final Logger LOG = LoggerFactory.getLogger(Listening.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final int WAIT_MILLIS = 250;
    private static final int WAITS_PER_CHECK = 20;
    private static final long CLOSE_MILLIS = 2_000;
    private static final int ANSWER_SECONDS = 5;
    private static final int LONGEST_MESSAGE = 7_000; // PostgreSQL takes 7,999 bytes

    private final Database database;
    private final Wakeups wakeups;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    /**
     * Begins to listen.
     *
     * @param wakeups who is told
     */
    public Listening(Database database, Wakeups wakeups) {
        this.database = database;
        this.wakeups = wakeups;
        this.thread = new Thread(this::run, "pawl-listen-" + database.schema());
        thread.setDaemon(true);
        thread.start();
    }

    /** What is sent for these queues: their names, or nothing if they are too many to name. */
    static String message(Set<String> queues) {
        String names = queues.stream().sorted().collect(Collectors.joining(","));
        return names.length() <= LONGEST_MESSAGE ? names : "";
    }

    private void run() {
        long pause = FIRST_PAUSE.toMillis();
        while (!isClosed()) {
            long from = System.nanoTime();
            try {
                listen();
            } catch (SQLException | RuntimeException failure) {
                if (!isClosed()) {
                    LOG.warn("not listening on {} for now; polling goes on: {}", database.schema(), failure.toString());
                }
            }
            boolean lasted = System.nanoTime() - from > LONGEST_PAUSE.toNanos();
            pause = lasted ? FIRST_PAUSE.toMillis() : Math.min(LONGEST_PAUSE.toMillis(), 2 * pause);
            await(ThreadLocalRandom.current().nextLong(pause / 2, pause));
        }
    }

    private void listen() throws SQLException {
        try (Connections.Opened opened = database.connections().open()) {
            try {
                listen(opened.connection());
            } catch (SQLException failure) {
                opened.connection().abort(Runnable::run); // so that a pool does not hand it out again
                throw failure;
            }
        }
    }

    private void listen(Connection connection) throws SQLException {
        PGConnection postgres = connection.unwrap(PGConnection.class);
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(true);
        execute(connection, "listen " + database.schema().channel());
        wakeups.wakeAll(); // for what was missed
        for (int waits = 1; !isClosed(); waits++) {
            PGNotification[] notifications = postgres.getNotifications(WAIT_MILLIS);
            if (notifications != null && notifications.length > 0) {
                told(notifications);
            } else if (waits % WAITS_PER_CHECK == 0 && !connection.isValid(ANSWER_SECONDS)) {
                throw new SQLException("the connection does not answer", "08006");
            }
        }
        execute(connection, "unlisten *");
        connection.setAutoCommit(autoCommit);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void told(PGNotification[] notifications) {
        for (PGNotification notification : notifications) {
            String queues = notification.getParameter();
            if (queues.isEmpty()) {
                wakeups.wakeAll();
            } else {
                List.of(queues.split(",")).forEach(wakeups::wake);
            }
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void await(long millis) {
        try {
            if (closed.await(millis, TimeUnit.MILLISECONDS)) {
                LOG.debug("closed");
            }
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
            close();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        if (!Thread.currentThread().equals(thread)) {
            try {
                thread.join(CLOSE_MILLIS);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
