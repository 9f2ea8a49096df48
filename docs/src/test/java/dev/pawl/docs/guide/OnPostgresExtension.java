package dev.pawl.docs.guide;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.jackson.JacksonCodec;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.PawlSchema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One server for all classes, one database for each. */
final class OnPostgresExtension implements ParameterResolver {
    private static final Namespace HERE = Namespace.create(OnPostgresExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == DataSource.class || type == JdbiPawl.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Running running = classContext(context)
                .getStore(HERE)
                .getOrComputeIfAbsent(
                        Running.class,
                        key -> Running.start(server(context), context.getRequiredTestClass()),
                        Running.class);
        return parameter.getParameter().getType() == DataSource.class ? running.pool : running.pawl;
    }

    private static EmbeddedPostgres server(ExtensionContext context) {
        return context.getRoot()
                .getStore(HERE)
                .getOrComputeIfAbsent(Server.class, key -> new Server(), Server.class)
                .postgres;
    }

    private static ExtensionContext classContext(ExtensionContext context) {
        return context.getTestMethod().isPresent() ? context.getParent().orElseThrow() : context;
    }

    private static final class Server implements AutoCloseable {
        private final EmbeddedPostgres postgres;

        Server() {
            try {
                postgres = EmbeddedPostgres.start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            postgres.close();
        }
    }

    private static final class Running implements AutoCloseable {
        private final HikariDataSource pool;
        private final JdbiPawl pawl;

        private Running(HikariDataSource pool, JdbiPawl pawl) {
            this.pool = pool;
            this.pawl = pawl;
        }

        static Running start(EmbeddedPostgres server, Class<?> test) {
            String name = test.getSimpleName().toLowerCase(Locale.ROOT);
            try (Connection connection = server.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("create database " + name);
            } catch (SQLException e) {
                throw new IllegalStateException("could not make the database of " + test, e);
            }
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(server.getJdbcUrl("postgres", name));
            config.setMaximumPoolSize(12);
            config.setMinimumIdle(1);
            HikariDataSource pool = new HikariDataSource(config);
            PawlSchema.migrate(pool);
            return new Running(
                    pool, JdbiPawl.with(pool).codec(new JacksonCodec()).open());
        }

        @Override
        public void close() {
            pawl.close();
            pool.close();
        }
    }
}
