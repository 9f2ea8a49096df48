package dev.pawl.jdbc.internal;

import dev.pawl.jdbc.SchemaException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, before Pawl opens, at what it will rely on: the schema and the role's privileges ({@link SchemaCheck}), the server's
 * settings ({@link ServerCheck}), the tokens ({@link TokenCheck}), the pool and what is behind it ({@link PoolCheck}). What
 * Pawl can't work with is refused, all of it in one message; what is only unwise is logged. Writes nothing, takes some ten
 * short statements, and a few seconds at most where the pool is too small.
 */
public final class StartCheck {
    private static final Logger LOG = LoggerFactory.getLogger(StartCheck.class);
    private static final String WHAT = "look at the database before the start";

    private final Database database;
    private final boolean listens;

    /**
     * Of a database.
     *
     * @param listens whether a connection will listen for notifications
     */
    public StartCheck(Database database, boolean listens) {
        this.database = database;
        this.listens = listens;
    }

    /**
     * Looks at everything, and logs a warning for each thing that is unwise.
     *
     * @return whether the pool is large enough for some of its connections to be kept
     * @throws SchemaException if there is something that Pawl can't work with
     * @throws dev.pawl.store.StoreException if the database can't be reached
     */
    public boolean run() {
        PoolCheck.Look look = look();
        look.findings().forEach(finding -> LOG.warn("start-up check of schema {}: {}", database.schema(), finding));
        return look.isLargeEnough();
    }

    List<Finding> warnings() {
        return look().findings();
    }

    private PoolCheck.Look look() {
        List<Finding> all = new ArrayList<>(refusing(basics()));
        all.addAll(refusing(new TokenCheck(database).findings()));
        PoolCheck.Look pool = new PoolCheck(database.connections(), listens).look();
        all.addAll(pool.findings());
        return new PoolCheck.Look(all, pool.isLargeEnough());
    }

    /**
     * Looks for what Pawl can't work with only.
     *
     * @return true: nobody asks how large the pool is
     * @throws SchemaException if there is something
     * @throws dev.pawl.store.StoreException if the database can't be reached
     */
    public boolean runUnwarned() {
        refusing(basics());
        refusing(new TokenCheck(database).findings());
        return true;
    }

    /** By one plain connection, as the application's are: nothing of what Pawl sets for itself is set on it. */
    private List<Finding> basics() {
        List<Finding> findings = new ArrayList<>();
        try (Connections.Opened opened = open()) {
            Connection connection = opened.connection();
            try {
                findings.addAll(ServerCheck.of(connection).findings());
                findings.addAll(new SchemaCheck(database.schema()).findings(connection));
            } finally {
                if (!connection.getAutoCommit()) {
                    connection.rollback();
                }
            }
        } catch (SQLException | JdbiException failure) {
            throw SqlFailures.notWritten(WHAT, failure);
        }
        return findings;
    }

    private Connections.Opened open() {
        try {
            return database.connections().open();
        } catch (SQLException | JdbiException failure) {
            throw SqlFailures.notConnected(WHAT, failure);
        }
    }

    private List<Finding> refusing(List<Finding> findings) {
        List<Finding> refusals = findings.stream().filter(Finding::isRefusal).toList();
        if (!refusals.isEmpty()) {
            throw new SchemaException(
                    database.schema().value(),
                    refusals.stream().map(Finding::toString).collect(Collectors.joining(". Also: ")));
        }
        return findings;
    }
}
