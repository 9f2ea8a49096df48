package dev.pawl.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.lease.Lease;
import dev.pawl.store.LeaseAnswer;
import dev.pawl.store.StoreException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What requests for named leases bring along, and that nothing makes them wait for long. */
class LeaseStatementsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private Postgres.Fixture fixture;
    private JdbiLeaseStore leases;

    @BeforeEach
    void migrate() {
        fixture = Postgres.migrated();
        leases = new JdbiLeaseStore(fixture.database());
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void J8_each_is_durable_though_the_roles_default_is_not() throws SQLException {
        try (Connection owner = fixture.pool().getConnection()) {
            Postgres.execute(owner, """
                    create table <schema>.seen (how text);
                    create function <schema>.see() returns trigger language plpgsql as $$
                      begin
                        insert into <schema>.seen values
                          (tg_op || ' ' || current_setting('synchronous_commit') || ' ' || current_setting('lock_timeout'));
                        return null;
                      end
                    $$;
                    create trigger see after update on <schema>.lease for each row execute function <schema>.see();
                    """.replace("<schema>", fixture.schema()));
        }
        try (HikariDataSource pool = Postgres.pool(Postgres.dataSource(careless()), 1)) {
            JdbiLeaseStore careless = new JdbiLeaseStore(Database.of(pool, new SchemaName(fixture.schema())));

            Lease lease = careless.acquire("name", "h#1", MINUTE).orElseThrow();
            careless.renew("name", lease.fence(), MINUTE);
            careless.release("name", lease.fence(), Duration.ZERO);

            assertThat(seen()).isEqualTo(3);
            try (Connection same = pool.getConnection();
                    var statement = same.createStatement();
                    var row = statement.executeQuery(
                            "select current_setting('synchronous_commit') || ' ' || current_setting('lock_timeout')")) {
                row.next();
                assertThat(row.getString(1)).as("of the session").isEqualTo("off 0");
            }
        }
    }

    /** How many updates were seen, all of them under what Pawl sets. */
    private int seen() {
        return fixture.sql().withHandle(handle -> {
            assertThat(handle.select("select distinct how from " + fixture.schema() + ".seen")
                            .mapTo(String.class)
                            .set())
                    .isEqualTo(Set.of("UPDATE on 200ms"));
            return handle.select("select count(*) from " + fixture.schema() + ".seen")
                    .mapTo(int.class)
                    .one();
        });
    }

    private String careless() throws SQLException {
        String role = Postgres.newSchema();
        try (Connection connection = DriverManager.getConnection(Postgres.url())) {
            Postgres.execute(
                    connection,
                    "create role " + role + " superuser login; alter role " + role
                            + " set synchronous_commit = off; alter role " + role + " set search_path = "
                            + fixture.schema());
        }
        return role;
    }

    @Test
    void J15_none_waits_for_one_who_has_the_table_locked() throws SQLException {
        Lease lease = leases.acquire("name", "h#1", MINUTE).orElseThrow();
        try (Connection other = fixture.pool().getConnection()) {
            other.setAutoCommit(false);
            Postgres.execute(other, "lock table " + fixture.schema() + ".lease in access exclusive mode");

            assertThat(leases.acquire("other", "h#2", MINUTE)).isEmpty();
            assertThat(leases.renew("name", lease.fence(), MINUTE)).isInstanceOf(LeaseAnswer.Busy.class);
            assertThat(leases.release("name", lease.fence(), Duration.ZERO)).isInstanceOf(LeaseAnswer.Busy.class);
            assertThatThrownBy(() -> leases.find("name"))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("could not read lease 'name'")
                    .hasMessageContaining("another transaction holds a lock on it; repeat the call later");

            other.rollback();
        }
        assertThat(leases.release("name", lease.fence(), Duration.ZERO)).isInstanceOf(LeaseAnswer.Released.class);
    }

    @Test
    void J15_a_name_that_another_is_about_to_make_is_not_waited_for() throws SQLException {
        try (Connection other = fixture.pool().getConnection()) {
            other.setAutoCommit(false);
            Postgres.execute(other, "insert into " + fixture.schema() + ".lease (name, since) values ('new', now())");

            assertThat(leases.acquire("new", "h#1", MINUTE)).isEmpty();

            other.rollback();
        }
        assertThat(leases.acquire("new", "h#1", MINUTE)).isPresent();
    }

    @Test
    void a_connection_that_was_kept_and_died_costs_no_renewal() {
        Lease lease = leases.acquire("name", "h#1", MINUTE).orElseThrow();
        try (KeptConnection kept = new KeptConnection(fixture.database().connections())) {
            JdbiLeaseStore keeping = new JdbiLeaseStore(fixture.database(), kept, kept::keep);
            keeping.renew("name", lease.fence(), MINUTE);
            int died = new OneStatement(fixture.database(), kept).run("ask who answers", connection -> {
                try (var row = connection.createStatement().executeQuery("select pg_backend_pid()")) {
                    row.next();
                    return row.getInt(1);
                }
            });
            fixture.sql().useHandle(handle -> handle.execute("select pg_terminate_backend(?, 5000)", died));

            assertThat(keeping.renew("name", lease.fence(), MINUTE)).isInstanceOf(LeaseAnswer.Renewed.class);
        }
    }
}
