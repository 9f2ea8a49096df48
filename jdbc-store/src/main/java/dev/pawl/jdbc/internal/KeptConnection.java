package dev.pawl.jdbc.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that stays in the hands of those who come here, once it was taken, so that they have one even while handlers
 * hold all that the pool has to give. There is one: who comes while another uses it gets one of the pool. Before it is told
 * to keep, it keeps none.
 *
 * <p>One that has failed goes back to the pool, and the next call takes another. Safe for use by many threads.
 */
final class KeptConnection implements Connections, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeptConnection.class);
    private static final Duration TRUSTED = Duration.ofSeconds(1);
    private static final int SECONDS_TO_ANSWER = 2;

    private final Connections pool;
    private boolean keeps;
    private boolean closed;
    private boolean inUse;
    private @Nullable Opened kept;
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
        Opened mine;
        synchronized (this) {
            if (!keeps || inUse) {
                return pool.open();
            }
            inUse = true;
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
    }

    /** Whether it stays here. */
    private synchronized boolean doneWith(Opened opened, boolean well) {
        inUse = false;
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
