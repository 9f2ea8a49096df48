package dev.pawl.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.Json;
import dev.pawl.job.JobId;
import dev.pawl.store.Answer;
import dev.pawl.store.Claimed;
import dev.pawl.store.StoreException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Transactions of Pawl's own: what they set, when they are run again, and what they say when they fail. */
class OwnTransactionsTest {
    private static Postgres.Fixture fixture;

    @BeforeAll
    static void migrate() {
        fixture = Postgres.migrated();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @Test
    void they_set_all_they_rely_on_and_leave_the_session_as_it_was() throws SQLException {
        Map<String, String> expected = Map.of(
                "transaction_isolation", "read committed",
                "transaction_read_only", "off",
                "synchronous_commit", "on",
                "lock_timeout", "200ms",
                "idle_in_transaction_session_timeout", "5s");
        try (HikariDataSource pool = Postgres.pool(Postgres.dataSource(perverseRole()), 1)) {
            Database database = Database.of(pool, new SchemaName(fixture.schema()));

            Map<String, String> within = new OwnTransactions(database).run("look", handle -> {
                Map<String, String> settings = new java.util.HashMap<>();
                expected.keySet()
                        .forEach(name -> settings.put(
                                name,
                                handle.select("show " + name)
                                        .mapTo(String.class)
                                        .one()));
                return settings;
            });

            assertThat(within).isEqualTo(expected);
            try (Connection same = pool.getConnection();
                    Statement statement = same.createStatement();
                    var row = statement.executeQuery(
                            "select current_setting('default_transaction_isolation') || ' ' || current_setting('lock_timeout')"
                                    + " || ' ' || current_setting('enable_seqscan')")) {
                row.next();
                assertThat(row.getString(1)).isEqualTo("repeatable read 0 on");
                assertThat(same.getAutoCommit()).isTrue();
            }
        }
    }

    @Test
    void a_role_whose_defaults_are_repeatable_read_and_read_only_does_no_harm() throws SQLException {
        try (HikariDataSource pool = Postgres.pool(Postgres.dataSource(perverseRole()), 4)) {
            JobsOf jobs = new JobsOf(new JdbiJobStore(Database.of(pool, new SchemaName(fixture.schema()))), "perverse");
            jobs.enqueue(2);

            List<Claimed> claimed = jobs.claim(2, "w#1");

            assertThat(jobs.checkpoint(claimed.get(0), 0, "1")).isInstanceOf(Answer.Done.class);
        }
    }

    private static String perverseRole() throws SQLException {
        String role = Postgres.newSchema();
        try (Connection connection = DriverManager.getConnection(Postgres.url())) {
            Postgres.execute(
                    connection,
                    "create role " + role + " superuser login; alter role " + role
                            + " set default_transaction_isolation = 'repeatable read'; alter role " + role
                            + " set default_transaction_read_only = on; alter role " + role
                            + " set synchronous_commit = off");
        }
        return role;
    }

    @Test
    void a_kept_connection_that_died_a_moment_ago_costs_no_write() {
        try (KeptConnection kept = new KeptConnection(fixture.database().connections())) {
            kept.keep();
            OwnTransactions transactions = new OwnTransactions(fixture.database(), kept);
            int first = backend(transactions);
            assertThat(backend(transactions)).isEqualTo(first);

            fixture.sql().useHandle(handle -> handle.execute("select pg_terminate_backend(?, 5000)", first));

            assertThat(backend(transactions)).isNotEqualTo(first);
        }
    }

    private static int backend(OwnTransactions transactions) {
        return transactions.run(
                "ask who answers",
                handle -> handle.select("select pg_backend_pid()")
                        .mapTo(int.class)
                        .one());
    }

    @Test
    void a_serialization_failure_or_deadlock_is_run_again() {
        for (String state : List.of(SqlFailures.SERIALIZATION_FAILURE, SqlFailures.DEADLOCK_DETECTED)) {
            AtomicInteger tries = new AtomicInteger();

            int answer = new OwnTransactions(fixture.database()).run("try", handle -> {
                if (tries.incrementAndGet() < 3) {
                    handle.execute("do $$ begin raise exception 'forced' using errcode = '" + state + "'; end $$");
                }
                return handle.select("select 7").mapTo(int.class).one();
            });

            assertThat(answer).isEqualTo(7);
            assertThat(tries).hasValue(3);
        }
    }

    @Test
    void a_bounded_number_of_times() {
        AtomicInteger tries = new AtomicInteger();

        assertThatThrownBy(() -> new OwnTransactions(fixture.database()).run("try in vain", handle -> {
                    tries.incrementAndGet();
                    return handle.execute("do $$ begin raise exception 'forced' using errcode = '40001'; end $$");
                }))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        failure -> assertThat(failure.mayHaveHappened()).isFalse())
                .hasMessageContaining("could not try in vain")
                .hasMessageContaining("40001");

        assertThat(tries.get()).isBetween(3, 20);
    }

    @Test
    void a_callers_transaction_is_not_run_again() throws SQLException {
        AtomicInteger tries = new AtomicInteger();
        try (Connection connection = fixture.pool().getConnection()) {
            connection.setAutoCommit(false);
            assertThatThrownBy(() -> new CallersTransaction(fixture.database(), connection).run("try once", handle -> {
                        tries.incrementAndGet();
                        return handle.execute("do $$ begin raise exception 'forced' using errcode = '40001'; end $$");
                    }))
                    .isInstanceOf(StoreException.class);
            connection.rollback();
        }
        assertThat(tries).hasValue(1);
    }

    @Test
    void an_exhausted_pool_is_told_in_words() throws SQLException {
        try (HikariDataSource pool = Postgres.pool(Postgres.dataSource(), 1)) {
            pool.setConnectionTimeout(250);
            JdbiJobStore store = new JdbiJobStore(Database.of(pool, new SchemaName(fixture.schema())));
            try (Connection held = pool.getConnection()) {
                assertThat(held.isValid(1)).isTrue();

                assertThatThrownBy(() -> store.find(JobId.parse("q/0190a6c1-0000-7000-8000-000000000000")))
                        .isInstanceOfSatisfying(
                                StoreException.class,
                                failure -> assertThat(failure.kind()).isEqualTo(StoreException.Kind.UNREACHABLE))
                        .hasMessageContaining("the pool gave no connection within its time")
                        .hasMessageContaining(
                                "Pawl takes up to 6 at a time, and one for each worker, scan and leader that runs:")
                        .hasMessageEndingWith("Nothing was written");
            }
        }
    }

    @Test
    void a_refused_connection_is_told_in_words() {
        Jdbi nobody = Jdbi.create("jdbc:postgresql://localhost:1/postgres?connectTimeout=2");
        JdbiJobStore store = new JdbiJobStore(Database.of(nobody, new SchemaName("pawl")));

        assertThatThrownBy(() -> store.describe("p", 1, List.of("one")))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        failure -> assertThat(failure.mayHaveHappened()).isFalse())
                .hasMessageContaining("could not record the stages of pipeline p v1")
                .hasMessageContaining("refused");
    }

    @Test
    void a_foreign_constraint_is_told_in_words_and_nothing_is_written() {
        JobsOf jobs = new JobsOf(new JdbiJobStore(fixture.database()), "words");
        jobs.enqueue();
        Claimed claimed = jobs.claimOne("w#1");

        assertThatThrownBy(() -> jobs.write(new dev.pawl.store.JobWrite.Checkpoint(
                        claimed.job().id(),
                        JobsOf.fence(claimed),
                        0,
                        Optional.of(Json.wellFormed("{not json")),
                        JobsOf.LEASE)))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(StoreException.Kind.FAILED))
                .hasMessageContaining("invalid input syntax for type json");

        assertThat(jobs.store().results(claimed.job().id(), Set.of(0))).isEmpty();
        assertThat(jobs.checkpoint(claimed, 0, "1")).isInstanceOf(Answer.Done.class);
    }

    @Test
    void a_jdbi_lends_its_connections_and_keeps_its_configuration() {
        Jdbi theirs = Jdbi.create(fixture.pool());
        JobsOf jobs = new JobsOf(new JdbiJobStore(Database.of(theirs, new SchemaName(fixture.schema()))), "lent");

        jobs.enqueue();

        assertThat(jobs.claim(1, "w#1")).hasSize(1);
        assertThat(theirs.getConfig(org.jdbi.v3.core.Handles.class).isForceEndTransactions())
                .isTrue();
        assertThat(fixture.pool().getHikariPoolMXBean().getActiveConnections()).isLessThan(8);
    }

    @Test
    void J11_json_comes_back_to_the_letter() {
        JobsOf jobs = new JobsOf(new JdbiJobStore(fixture.database()), "letters");
        Json odd =
                Json.of("{ \"b\" : 1, \"a\":\"\\u0000\\ud800 \\uD83D\\uDE00 \u00e9\",\n\t\"b\":2.50e+3 , \"a\": [ ] }");
        var row = jobs.row();
        JobId id = jobs.enqueue();
        jobs.store()
                .enqueue(List.of(new dev.pawl.store.NewRow(
                        row.id(),
                        row.pipeline(),
                        row.version(),
                        row.stages(),
                        row.key(),
                        odd,
                        row.triggeredBy(),
                        7,
                        row.notBefore(),
                        row.delay())));

        Claimed claimed = jobs.claimOne("w#1");
        assertThat(claimed.job().id()).isEqualTo(row.id()).isNotEqualTo(id);
        assertThat(claimed.payload()).isEqualTo(odd);
        jobs.write(new dev.pawl.store.JobWrite.SaveProgress(row.id(), JobsOf.fence(claimed), 0, 1, odd, JobsOf.LEASE));
        assertThat(jobs.store().find(row.id()).orElseThrow().progress()).contains(odd);
        for (int stage = 0; stage < 3; stage++) {
            jobs.checkpoint(claimed, stage, odd.text());
        }
        assertThat(jobs.store().results(row.id(), Set.of(0, 1, 2))).isEqualTo(Map.of(0, odd, 1, odd, 2, odd));
        assertThat(jobs.checkpoint(claimed, 2, odd.text())).isInstanceOf(Answer.Repeated.class);
    }
}
