package dev.pawl.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.lease.Refusal;
import dev.pawl.store.Answer;
import dev.pawl.store.Claimed;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.JobWrite;
import dev.pawl.store.Removal;
import dev.pawl.store.Removed;
import dev.pawl.store.RollUp;
import dev.pawl.store.TallyStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What retention does beside others: each interleaving is forced, by a transaction that is still open. */
class RemovalTest {
    private static final Duration DAY = Duration.ofDays(1);

    private static Postgres.Fixture fixture;

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.now().truncatedTo(ChronoUnit.MICROS));
    private final Database database = fixture.database().at(() -> Optional.of(now.get()));
    private final JobsOf jobs = new JobsOf(new JdbiJobStore(database), Postgres.newSchema());
    private final TallyStore tallies = new JdbiViewStore(database).tallies();
    private final Removal failed = new Removal(jobs.queue(), JobStatus.FAILED, DAY, Optional.empty(), 100);

    @BeforeAll
    static void migrate() {
        fixture = Postgres.migrated();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    private JobId failed() {
        jobs.enqueue();
        Claimed claimed = jobs.claimOne("w#1");
        jobs.checkpoint(claimed, 0, "1");
        assertThat(jobs.write(new JobWrite.Fail(
                        claimed.job().id(),
                        JobsOf.fence(claimed),
                        1,
                        new ErrorInfo(Optional.of("E"), "no", Optional.empty()),
                        Optional.empty())))
                .isInstanceOf(Answer.Done.class);
        return claimed.job().id();
    }

    private void aDayLater() {
        now.set(now.get().plus(DAY).plusSeconds(1));
        boolean more = true;
        while (more) {
            more = RollUp.step(tallies, jobs.queue());
        }
    }

    private Answer retry(JobId id) {
        return jobs.write(new JobWrite.Retry(id, Actor.user("ann")));
    }

    private int recorded(String table, JobId id) {
        return fixture.count("select count(*) from " + table + " where job_id = '" + id.uuid() + "'");
    }

    @Test
    void A6_nothing_that_was_recorded_of_a_job_is_left_but_its_repairs() {
        JobId id = failed();
        assertThat(retry(id)).isInstanceOf(Answer.Done.class);
        Claimed again = jobs.claimOne("w#2");
        jobs.write(new JobWrite.Fail(
                id, JobsOf.fence(again), 1, new ErrorInfo(Optional.of("E"), "no", Optional.empty()), Optional.empty()));
        fixture.sql()
                .useHandle(handle -> handle.execute(
                        "insert into repair (queue, job_id, code, before, after, at) values (?, ?, 'c', 'b', 'a', now())",
                        id.queue(),
                        id.uuid()));
        assertThat(List.of("checkpoint", "failure", "operation", "repair"))
                .allSatisfy(table -> assertThat(recorded(table, id)).as(table).isPositive());
        aDayLater();

        assertThat(tallies.remove(failed)).isEqualTo(new Removed(1, Optional.empty()));

        assertThat(List.of("checkpoint", "failure", "operation"))
                .allSatisfy(table -> assertThat(recorded(table, id)).as(table).isZero());
        assertThat(recorded("repair", id)).isEqualTo(1);
        assertThat(jobs.store().find(id)).isEmpty();
    }

    @Test
    void A6_claims_enqueues_and_ends_go_on_while_a_removal_is_not_committed() throws SQLException {
        JobId old = failed();
        jobs.enqueue(3);
        aDayLater();

        try (Connection other = fixture.pool().getConnection()) {
            other.setAutoCommit(false);
            assertThat(removing(other).jobs()).isEqualTo(1);

            List<Claimed> claimed = jobs.claim(10, "w#3");
            assertThat(claimed).hasSize(3);
            jobs.enqueue();
            Claimed first = claimed.get(0);
            for (int stage = 0; stage < 3; stage++) {
                assertThat(jobs.checkpoint(first, stage, "1")).isInstanceOf(Answer.Done.class);
            }
            assertThat(jobs.store().find(old)).as("what is not committed").isPresent();
            other.commit();
        }
        assertThat(jobs.store().find(old)).isEmpty();
    }

    @Test
    void A6_a_retry_beside_a_removal_is_busy_and_then_finds_nothing() throws SQLException {
        JobId old = failed();
        aDayLater();

        try (Connection other = fixture.pool().getConnection()) {
            other.setAutoCommit(false);
            assertThat(removing(other).jobs()).isEqualTo(1);
            assertThat(retry(old)).isInstanceOf(Answer.Busy.class);
            other.commit();
        }

        assertThat(retry(old))
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        refused -> assertThat(refused.refusal()).isInstanceOf(Refusal.Missing.class));
    }

    @Test
    void A6_a_removal_that_is_rolled_back_has_removed_nothing() throws SQLException {
        JobId old = failed();
        aDayLater();

        try (Connection other = fixture.pool().getConnection()) {
            other.setAutoCommit(false);
            assertThat(removing(other).jobs()).isEqualTo(1);
            other.rollback();
        }

        assertThat(recorded("checkpoint", old)).isEqualTo(1);
        assertThat(retry(old)).isInstanceOf(Answer.Done.class);
    }

    @Test
    void A6_a_removal_passes_over_a_job_that_is_being_retried_and_over_one_that_was() throws SQLException {
        JobId retried = failed();
        JobId other = failed();
        aDayLater();

        try (Connection callers = fixture.pool().getConnection()) {
            callers.setAutoCommit(false);
            Answer answer = new JdbiJobStore(database, new CallersTransaction(database, callers))
                    .write(List.of(new JobWrite.Retry(retried, Actor.user("ann"))))
                    .get(0);
            assertThat(answer).isInstanceOf(Answer.Done.class);
            assertThat(tallies.remove(failed).jobs()).isEqualTo(1);
            callers.commit();
        }

        assertThat(jobs.store().find(other)).isEmpty();
        assertThat(tallies.remove(failed).jobs()).isZero();
        Claimed again = jobs.claimOne("w#4");
        assertThat(again.job().id()).isEqualTo(retried);
        assertThat(jobs.store().results(retried, java.util.Set.of(0)).values()).containsExactly(Json.of("1"));
    }

    @Test
    void A6_two_that_remove_at_once_share_the_work() throws SQLException {
        JobId one = failed();
        aDayLater();
        JobId young = failed();

        try (Connection other = fixture.pool().getConnection()) {
            other.setAutoCommit(false);
            assertThat(removing(other).jobs()).isEqualTo(1);
            assertThat(tallies.remove(failed)).isEqualTo(new Removed(0, Optional.empty()));
            other.commit();
        }

        assertThat(jobs.store().find(one)).isEmpty();
        assertThat(jobs.store().find(young)).isPresent();
    }

    /** Without a commit. */
    private Removed removing(Connection connection) {
        try (Handle handle = database.over(connection)) {
            Postgres.execute(connection, OwnTransactions.SETTINGS);
            Postgres.execute(
                    connection, "set local idle_in_transaction_session_timeout = 0"); // however slow the machine is
            return new Removing(handle, failed, now.get()).step();
        }
    }
}
