package dev.pawl.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.PawlSchema;
import dev.pawl.jdbc.SchemaException;
import dev.pawl.jdbc.internal.Finding.Severity;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What is refused and what is warned of before Pawl opens, in which words. */
class StartCheckTest {
    private static final ServerCheck GOOD =
            new ServerCheck(180_006, "18.6", false, false, "on", "on", "on", "read committed");

    private Postgres.Fixture fixture;

    @BeforeEach
    void migrate() {
        fixture = Postgres.migrated();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void nothing_is_said_of_a_database_as_it_should_be() {
        assertThat(GOOD.findings()).isEmpty();
        assertThat(warnings(fixture.pool())).isEmpty();
    }

    @Test
    void a_careless_server_is_warned_of() {
        List<Finding> findings =
                new ServerCheck(180_006, "18.6", false, false, "off", "off", "off", "read committed").findings();

        assertThat(findings).extracting(Finding::severity).containsOnly(Severity.WARNING);
        assertThat(findings)
                .extracting(Finding::what)
                .containsExactly(
                        "fsync is off",
                        "full_page_writes is off",
                        "synchronous_commit is off for this role or database");
        assertThat(findings.get(2).toDo())
                .contains("Pawl's own transactions set it to on")
                .contains("yours may be lost by a crash");
    }

    @Test
    void an_old_server_is_warned_of() {
        assertThat(new ServerCheck(130_016, "13.16", false, false, "on", "on", "on", "read committed").findings())
                .singleElement()
                .hasToString(
                        "the server is PostgreSQL 13.16, and Pawl is tried on 14 and later. Upgrade the server; what does"
                                + " not work there won't be mended");
    }

    @Test
    void a_standby_is_refused() {
        assertThat(new ServerCheck(180_006, "18.6", true, true, "on", "on", "on", "read committed").findings())
                .singleElement()
                .matches(Finding::isRefusal)
                .hasToString(
                        "the server is a standby, which takes no writes. Connect to the primary: targetServerType=primary in"
                                + " a JDBC URL with several hosts finds it");
    }

    /** As read from a session, with everything that a role may have set against it. */
    @Test
    void the_defaults_of_a_role_are_told_and_do_no_harm() {
        String role = role("superuser");
        execute("alter role " + role + " set default_transaction_isolation = 'repeatable read'; alter role " + role
                + " set synchronous_commit = off");

        try (HikariDataSource pool = Postgres.pool(Postgres.dataSource(role), 8)) {
            assertThat(warnings(pool))
                    .hasSize(2)
                    .anySatisfy(warning -> assertThat(warning)
                            .startsWith(
                                    "default_transaction_isolation is 'repeatable read' for this role or database. Pawl's own"
                                            + " transactions set theirs")
                            .contains("40001"))
                    .anySatisfy(warning -> assertThat(warning).contains("synchronous_commit is off"));
        }
    }

    @Test
    void a_read_only_role_or_data_source_is_refused() {
        String role = role("superuser");
        execute("alter role " + role + " set default_transaction_read_only = on");
        refused(Postgres.dataSource(role))
                .hasMessageContaining("the database is read-only for this role or connection")
                .hasMessageContaining("default_transaction_read_only = off");

        try (HikariDataSource readOnly = new HikariDataSource()) {
            readOnly.setDataSource(Postgres.dataSource());
            readOnly.setReadOnly(true);
            refused(readOnly).hasMessageContaining("a data source that is not read-only");
        }
    }

    @Test
    void a_pool_whose_connections_begin_transactions_by_themselves_is_left_without_one() throws SQLException {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setDataSource(Postgres.dataSource());
            pool.setMaximumPoolSize(8);
            pool.setAutoCommit(false);
            JdbiPawl.with(pool).schema(fixture.schema()).open().close();

            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
            assertThat(fixture.count("select count(*) from pg_stat_activity where state like 'idle in transaction%'"
                            + " and query like '%pg_backend_pid%'"))
                    .isZero();
        }
    }

    @Test
    void an_empty_schema_is_refused_as_one_to_migrate() {
        String schema = Postgres.newSchema();
        execute("create schema " + schema);

        refused(Postgres.dataSource(), schema)
                .hasMessage("schema " + schema + " is empty. Run PawlSchema.migrate(dataSource, \"" + schema
                        + "\") as a role that may create it, or the files META-INF/pawl/migrations/V*.sql by your migration"
                        + " tool, and see META-INF/pawl/grants.sql");
    }

    @Test
    void a_schema_of_something_else_is_refused_as_such() {
        String schema = Postgres.newSchema();
        execute("create schema " + schema + "; create table " + schema + ".job (id int); create table " + schema
                + ".run (id int)");

        refused(Postgres.dataSource(), schema)
                .hasMessage("schema " + schema
                        + " is not Pawl's: it has job, run, and no table 'migration'. Give Pawl a schema of"
                        + " its own: another name in schema(…) and PawlSchema.migrate");

        execute("create table " + schema + ".migration (id int)");
        refused(Postgres.dataSource(), schema)
                .hasMessageContaining("it has job, migration, run, and another table 'migration'");
    }

    @Test
    void a_table_that_is_gone_is_named() {
        execute("drop table " + fixture.schema() + ".failure; drop sequence " + fixture.schema() + ".fencing_token");

        refused(Postgres.dataSource())
                .hasMessageContaining("schema " + fixture.schema() + " has lost failure, fencing_token")
                .hasMessageContaining("Restore it from a backup");
    }

    @Test
    void a_role_that_may_not_use_the_schema_is_refused() {
        String role = role("");

        refused(Postgres.dataSource(role))
                .hasMessageStartingWith("role " + role + " may not use schema " + fixture.schema())
                .hasMessageContaining("META-INF/pawl/grants.sql")
                .hasMessageEndingWith("grant usage on schema " + fixture.schema() + " to " + role);
    }

    /** Each privilege that the script gives is missed by its name, and together they are enough. */
    @TestFactory
    Stream<DynamicTest> each_privilege_of_the_script_is_looked_at() {
        String role = role("");
        execute(grants(role, fixture.schema()));
        new StartCheck(Database.of(Postgres.dataSource(role), new SchemaName(fixture.schema())), false).run();

        List<DynamicTest> tests = new ArrayList<>();
        SchemaCheck.NEEDED.forEach((name, privileges) -> privileges.forEach(privilege -> {
            String on = (name.equals("fencing_token") ? "sequence " : "") + fixture.schema() + "." + name;
            tests.add(DynamicTest.dynamicTest(privilege + " on " + name, () -> {
                execute("revoke " + privilege + " on " + on + " from " + role);
                refused(Postgres.dataSource(role))
                        .hasMessage("role " + role + " lacks privileges in schema " + fixture.schema() + ": "
                                + privilege + " on " + name
                                + ". Grant it what META-INF/pawl/grants.sql gives to pawl_worker");
                execute("grant " + privilege + " on " + on + " to " + role);
            }));
        }));
        assertThat(tests).hasSize(42);
        return tests.stream();
    }

    @Test
    void all_that_is_refused_is_told_at_once() {
        String role = role("");
        execute(grants(role, fixture.schema()));
        execute("alter role " + role + " set default_transaction_read_only = on; revoke insert, update on "
                + fixture.schema() + ".job from " + role);

        refused(Postgres.dataSource(role))
                .hasMessageContaining("read-only")
                .hasMessageContaining(". Also: role " + role)
                .hasMessageContaining("insert, update on job");
    }

    private org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> refused(DataSource source) {
        return refused(source, fixture.schema());
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> refused(
            DataSource source, String schema) {
        return assertThatThrownBy(() -> JdbiPawl.with(source).schema(schema).open())
                .isInstanceOfSatisfying(
                        SchemaException.class,
                        refused -> assertThat(refused.schema()).isEqualTo(schema));
    }

    private List<String> warnings(DataSource source) {
        StartCheck check = new StartCheck(Database.of(source, new SchemaName(fixture.schema())), false);
        return check.warnings().stream().map(Finding::toString).toList();
    }

    private static String role(String attributes) {
        String role = Postgres.newSchema() + "_role";
        execute("create role " + role + " login " + attributes);
        return role;
    }

    private static String grants(String role, String schema) {
        try (InputStream file =
                Objects.requireNonNull(PawlSchema.class.getResourceAsStream("/META-INF/pawl/grants.sql"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .replaceAll("(?m)^.*pawl_reader.*$", "")
                    .replaceAll("pawl_worker", role)
                    .replaceAll("pawl\\.", schema + ".")
                    .replaceAll("schema pawl", "schema " + schema);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(Postgres.url())) {
            Postgres.execute(connection, sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
