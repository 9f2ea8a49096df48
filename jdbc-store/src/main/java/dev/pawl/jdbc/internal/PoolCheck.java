package dev.pawl.jdbc.internal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.JdbiException;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.PreferQueryMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the pool gives as many connections at once as Pawl takes, and whether a pooler behind it shares sessions by
 * transaction. Takes that many for a moment, by threads of its own, and does not wait longer than a few seconds for them.
 */
final class PoolCheck {
    /**
     * As many as Pawl takes at a time for its writes, beside those of {@link #BESIDE}, and three for what is rare: fan-outs, and writes and
     * enqueues that were busy.
     */
    static final int AT_ONCE = 6;

    /**
     * Whose threads take one more each: to claim; to handle a page, for as long as that lasts; to ask for a name. Nobody knows at the
     * start how many there will be, so they are told of, and not tried.
     */
    static final String BESIDE = "one for each worker, scan and leader that runs";

    private static final Logger LOG = LoggerFactory.getLogger(PoolCheck.class);
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final Connections connections;
    private final boolean listens;
    private final Duration longest;

    PoolCheck(Connections connections, boolean listens) {
        this(connections, listens, LONGEST);
    }

    PoolCheck(Connections connections, boolean listens, Duration longest) {
        this.connections = connections;
        this.listens = listens;
        this.longest = longest;
    }

    /** What there is to say, and whether the pool gave as many as are needed. */
    record Look(List<Finding> findings, boolean isLargeEnough) {}

    List<Finding> findings() {
        return look().findings();
    }

    Look look() {
        int needed = AT_ONCE + (listens ? 1 : 0);
        Taken taken = new Taken();
        CountDownLatch tried = new CountDownLatch(needed);
        ExecutorService threads = Executors.newFixedThreadPool(needed, PoolCheck::thread);
        List<Finding> findings = new ArrayList<>();
        boolean enough = false;
        try {
            for (int i = 0; i < needed; i++) {
                threads.execute(() -> take(taken, tried));
            }
            boolean all = tried.await(longest.toMillis(), TimeUnit.MILLISECONDS);
            List<Connection> given = taken.given();
            LOG.debug("{} of {} connections given, and each try answered: {}", given.size(), needed, all);
            enough = given.size() == needed;
            if (!enough) {
                findings.add(tooSmall(given.size(), needed));
            }
            findings.addAll(pooler(given));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            taken.close();
            threads.shutdownNow(); // interrupts those that still wait
        }
        return new Look(findings, enough);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "pawl-start");
        thread.setDaemon(true);
        return thread;
    }

    private void take(Taken taken, CountDownLatch tried) {
        try {
            taken.keep(connections.open());
        } catch (SQLException | JdbiException failure) {
            LOG.debug("no connection", failure);
        } finally {
            tried.countDown();
        }
    }

    private Finding tooSmall(int given, int needed) {
        String toDo = "Pawl takes up to " + needed + ", and " + BESIDE + ": make the pool that large, beside what the"
                + " application's own threads hold";
        return given <= 1
                ? Finding.warning(
                        "the pool gives one connection at a time (no second one within " + longest.toMillis() + " ms)",
                        "Renewals of leases wait behind everything else, so that leases are lost, and a handler that holds"
                                + " the connection while it calls Pawl waits for itself until the pool gives up. "
                                + toDo)
                : Finding.warning(
                        "the pool gave " + given + " connections at once, and no more within " + longest.toMillis()
                                + " ms",
                        "Calls wait for each other, and renewals of leases with them. " + toDo);
    }

    /**
     * Two sessions that are open at the same time never have one server process, and one session never has two: unless a
     * pooler deals them out by transaction.
     */
    private List<Finding> pooler(List<Connection> given) throws InterruptedException {
        if (given.isEmpty()) {
            return List.of();
        }
        Connection one = given.get(0);
        Connection other = given.get(given.size() - 1);
        try {
            String first = process(one);
            String second = process(other);
            boolean shared = (given.size() > 1 && first.equals(second))
                    || !first.equals(process(one))
                    || !second.equals(process(other));
            return shared ? ofPooler(one) : List.of();
        } catch (SQLException failure) {
            LOG.debug("could not look for a pooler", failure);
            return List.of();
        }
    }

    private List<Finding> ofPooler(Connection connection) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        PGConnection driver = connection.unwrap(PGConnection.class);
        if (driver.getPreferQueryMode() != PreferQueryMode.SIMPLE && driver.getPrepareThreshold() != 0) {
            findings.add(Finding.warning(
                    "a pooler shares sessions by transaction, and prepareThreshold is " + driver.getPrepareThreshold(),
                    "Statements that the driver prepares in one session are looked for in another (SQLSTATE 26000, 42P05)."
                            + " Set prepareThreshold=0 in the JDBC URL, unless the pooler tracks prepared statements"
                            + " (PgBouncer 1.21 and later with max_prepared_statements)"));
        }
        if (listens) {
            findings.add(Finding.warning(
                    "a pooler shares sessions by transaction, and notifications are on",
                    "LISTEN is lost with its session, and notifications don't arrive; polling goes on. Leave notifications"
                            + " off"));
        }
        return findings;
    }

    /** Which server process answers, and of which server. */
    private static String process(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("select pg_backend_pid() || ' ' || pg_postmaster_start_time()")) {
            row.next();
            return row.getString(1);
        } finally {
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
        }
    }

    /** What was taken, until it is given back: what comes after that is given back at once. */
    private static final class Taken implements AutoCloseable {
        private final List<Connections.Opened> all = new ArrayList<>();
        private boolean closed;

        void keep(Connections.Opened opened) {
            synchronized (all) {
                if (!closed) {
                    all.add(opened);
                    return;
                }
            }
            giveBack(opened);
        }

        List<Connection> given() {
            synchronized (all) {
                return all.stream().map(Connections.Opened::connection).toList();
            }
        }

        @Override
        public void close() {
            synchronized (all) {
                closed = true;
            }
            all.forEach(Taken::giveBack);
        }

        private static void giveBack(Connections.Opened opened) {
            try {
                opened.close();
            } catch (SQLException | JdbiException failure) {
                LOG.debug("could not give a connection back", failure);
            }
        }
    }
}
