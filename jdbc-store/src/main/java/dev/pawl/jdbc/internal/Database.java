package dev.pawl.jdbc.internal;

import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.statement.Cleanable;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.jdbi.v3.sqlobject.SqlObjectPlugin;

/**
 * Where Pawl's tables are: a source of connections, a schema, and the time. Statements run on a Jdbi of Pawl's own
 * configuration, whoever opened the connection, so that neither configures the other. Safe for use by many threads.
 */
public final class Database {
    private final Connections connections;
    private final SchemaName schema;
    private final Supplier<Optional<Instant>> time;
    private final SocketTimeout socketTimeout;
    private final AtomicBoolean callerCommits;
    private static final ThreadLocal<Connection> LENT = new ThreadLocal<>();
    private final Jdbi jdbi;

    private Database(
            Connections connections,
            SchemaName schema,
            Supplier<Optional<Instant>> time,
            SocketTimeout socketTimeout,
            AtomicBoolean callerCommits) {
        this.connections = connections;
        this.schema = schema;
        this.time = time;
        this.socketTimeout = socketTimeout;
        this.callerCommits = callerCommits;
        this.jdbi = Jdbi.create(new Lent()).installPlugin(new SqlObjectPlugin());
        jdbi.getConfig(Handles.class).setForceEndTransactions(false);
        jdbi.getConfig(SqlStatements.class).setTemplateEngine(new InSchema(schema));
    }

    /** Tables in this schema, by connections of the data source. */
    public static Database of(DataSource dataSource, SchemaName schema) {
        return new Database(
                Connections.of(dataSource), schema, Optional::empty, SocketTimeout.STANDARD, new AtomicBoolean());
    }

    /** Tables in this schema, by connections that this Jdbi opens; its configuration is neither used nor changed. */
    public static Database of(Jdbi source, SchemaName schema) {
        return new Database(
                Connections.of(source), schema, Optional::empty, SocketTimeout.STANDARD, new AtomicBoolean());
    }

    /**
     * The same with a time that is told, for tests.
     *
     * @param told gives the time that it is to be, or nothing, for the database's own
     */
    public Database at(Supplier<Optional<Instant>> told) {
        return new Database(connections, schema, told, socketTimeout, callerCommits);
    }

    /**
     * The same with another patience, for tests.
     *
     * @param longest how long a statement of Pawl's own waits for its answer
     */
    public Database answeringWithin(Duration longest) {
        return new Database(connections, schema, time, new SocketTimeout(longest), callerCommits);
    }

    /** The schema's name. */
    public SchemaName schema() {
        return schema;
    }

    Connections connections() {
        return connections;
    }

    SocketTimeout socketTimeout() {
        return socketTimeout;
    }

    /** Whether it is known that connections come without auto-commit, whoever asks for one. */
    AtomicBoolean callerCommits() {
        return callerCommits;
    }

    Optional<Instant> time() {
        return time.get();
    }

    /** A handle on a connection that stays its opener's: closing the handle leaves it, and its transaction, as they are. */
    Handle over(Connection connection) {
        LENT.set(connection);
        try {
            return jdbi.open();
        } finally {
            LENT.remove();
        }
    }

    private static final class Lent implements ConnectionFactory {
        @Override
        public Connection openConnection() {
            Connection connection = LENT.get();
            if (connection == null) {
                throw new IllegalStateException("only a connection that was lent can be opened");
            }
            return connection;
        }

        @Override
        public Cleanable getCleanableFor(Connection connection) {
            return () -> {};
        }
    }

    /**
     * Puts in what the statements share: {@code <schema>}, also within quotes, which Jdbi's own template engines leave alone;
     * {@code <state>}, the columns of a job's state; and {@code <now>}, the database's time unless a test tells it: stable within
     * a statement, so that an index serves, and right in a long transaction, where {@code now()} is not.
     */
    record InSchema(SchemaName schema) implements TemplateEngine.Parsing {
        private static final String NOW = "coalesce(cast(:now as timestamptz), statement_timestamp())";

        @Override
        public Optional<Function<StatementContext, String>> parse(String template, ConfigRegistry config) {
            String sql = render(template, schema);
            return Optional.of(context -> sql);
        }

        static String render(String template, SchemaName schema) {
            return template.replace("<schema>", schema.quoted())
                    .replace("<state>", JobRows.STATE)
                    .replace("<now>", NOW);
        }
    }
}
