package dev.pawl.jdbc.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that stays in the hands of those who come here, once it was taken, so that they have one even while handlers
 * hold all that the pool has to give. There is one: who comes while another uses it gets that, or one of the pool, whichever is
 * free first. Before it is told to keep, it keeps none.
 *
 * <p>One that has failed goes back to the pool, and the next call takes another. Safe for use by many threads.
 */
final class KeptConnection implements Connections, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeptConnection.class);
    private static final Duration TRUSTED = Duration.ofSeconds(1);
    private static final int SECONDS_TO_ANSWER = 2;

    private final Connections pool;
    private final ExecutorService fetchers = fetchers();
    private boolean keeps;
    private boolean closed;
    private boolean inUse;
    private @Nullable Opened kept;
    private @Nullable Fetch fetch;
    private long usedAt;

    KeptConnection(Connections pool) {
        this.pool = pool;
    }

    /** From now on, until it is closed. */
    synchronized void keep() {
        keeps = !closed;
    }

    @Override
    public Opened open() throws SQLException {
        Opened another = anotherUnlessFree();
        if (another != null) {
            return another;
        }
        Opened mine;
        synchronized (this) {
            mine = kept;
            kept = null;
        }
        try {
            return mine == null ? new Lent(pool.open(), false) : lend(mine);
        } catch (SQLException | RuntimeException | Error failure) {
            done();
            throw failure;
        }
    }

    /** One of the pool; null if the kept one is free, and the caller's from now on. The lock is never held while the pool is asked. */
    private @Nullable Opened anotherUnlessFree() throws SQLException {
        while (true) {
            Fetch mine;
            synchronized (this) {
                if (keeps && !inUse) {
                    inUse = true;
                    return null;
                }
                mine = keeps ? fetching() : null;
            }
            if (mine == null) {
                return pool.open();
            }
            Opened came = awaited(mine);
            if (came != null) {
                return came;
            }
        }
    }

    /** The one under way, or the next. Holding the lock. */
    private Fetch fetching() {
        if (fetch == null) {
            fetch = new Fetch();
            fetchers.execute(fetch);
        }
        return fetch;
    }

    /** One of the pool, or null as soon as there is none to come, or the kept one is free. */
    private synchronized @Nullable Opened awaited(Fetch fetched) throws SQLException {
        fetched.waiting++;
        try {
            while (keeps && inUse && !fetched.ended) {
                wait();
            }
            return fetched.take();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            Opened came = fetched.take();
            if (came == null) {
                throw new SQLException("interrupted while waiting for a connection", stop);
            }
            return came;
        } finally {
            fetched.waiting--;
        }
    }

    /** Unless it was used a moment ago it is asked, as a pool does; one that does not answer goes back. */
    private Lent lend(Opened mine) throws SQLException {
        if (System.nanoTime() - usedAt < TRUSTED.toNanos()) {
            return new Lent(mine, true);
        }
        if (mine.connection().isValid(SECONDS_TO_ANSWER)) {
            return new Lent(mine, false);
        }
        giveBack(mine);
        return new Lent(pool.open(), false);
    }

    private synchronized void done() {
        inUse = false;
        notifyAll();
    }

    /** Whether it stays here. */
    private synchronized boolean doneWith(Opened opened, boolean well) {
        inUse = false;
        notifyAll();
        usedAt = System.nanoTime();
        kept = keeps && well ? opened : null;
        return kept != null;
    }

    /** Gives it back to the pool, now or when it is used no more. Repeating it does nothing. */
    @Override
    public void close() {
        Opened last;
        synchronized (this) {
            closed = true;
            keeps = false;
            last = kept;
            kept = null;
            notifyAll();
        }
        if (last != null) {
            giveBack(last);
        }
    }

    private static void giveBack(Opened opened) {
        try {
            opened.close();
        } catch (SQLException | JdbiException failure) {
            LOG.debug("could not give a connection back", failure);
        }
    }

    /** A thread for as long as there is something to fetch; the pool's own time-out ends its wait. */
    private static ExecutorService fetchers() {
        ThreadPoolExecutor one =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "pawl-connection");
                    thread.setDaemon(true);
                    return thread;
                });
        one.allowCoreThreadTimeOut(true);
        return one;
    }

    /** One of the pool, asked for in a thread of its own, for the first of those who still wait when it comes. */
    private final class Fetch implements Runnable {
        private int waiting;
        private boolean ended;
        private @Nullable Opened came;
        private @Nullable SQLException failure;

        @Override
        public void run() {
            Opened opened = null;
            SQLException failed = null;
            try {
                opened = pool.open();
            } catch (SQLException notOpened) {
                failed = notOpened;
            } catch (RuntimeException | Error notOpened) {
                failed = new SQLException(notOpened.getMessage(), notOpened);
            }
            if (!handedOn(opened, failed) && opened != null) {
                giveBack(opened);
            }
        }

        private boolean handedOn(@Nullable Opened opened, @Nullable SQLException failed) {
            synchronized (KeptConnection.this) {
                fetch = null;
                ended = true;
                failure = failed;
                came = waiting > 0 ? opened : null;
                KeptConnection.this.notifyAll();
                return waiting > 0;
            }
        }

        /** Holding the lock. */
        private @Nullable Opened take() throws SQLException {
            if (failure != null && keeps && inUse) {
                throw failure;
            }
            Opened taken = came;
            came = null;
            return taken;
        }
    }

    private final class Lent implements Opened {
        private final Opened opened;
        private final boolean unasked;
        private boolean distrusted;

        Lent(Opened opened, boolean unasked) {
            this.opened = opened;
            this.unasked = unasked;
        }

        @Override
        public Connection connection() {
            return opened.connection();
        }

        @Override
        public boolean isUnasked() {
            return unasked;
        }

        @Override
        public void distrust() {
            distrusted = true;
        }

        @Override
        public void close() throws SQLException {
            if (!doneWith(opened, !distrusted && !connection().isClosed())) {
                opened.close();
            }
        }
    }
}
