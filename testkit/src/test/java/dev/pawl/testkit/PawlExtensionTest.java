package dev.pawl.testkit;

import static dev.pawl.job.Outcome.done;
import static dev.pawl.testkit.PawlAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.RetryPolicy;
import dev.pawl.job.Stage;
import dev.pawl.store.StoreException;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** What the extension hands out, on PostgreSQL. */
@PawlTest
class PawlExtensionTest {
    private static final Stage<Void> SEND = Stage.named("send");
    private static final Pipeline<String, Void> MAIL =
            Pipeline.named("mail", String.class).then(SEND);
    private static final Duration LEASE = Duration.ofSeconds(30);

    @Test
    void time_on_postgresql_is_the_tests(JdbiPawl pawl, TestTime time) {
        // given
        JobId id = pawl.jobs()
                .enqueue(NewJob.of(MAIL, "Ann").after(Duration.ofHours(2)))
                .id();
        Instant enqueued = time.now();
        assertThat(pawl.jobs().claim(MAIL, 1, LEASE)).isEmpty();

        // when
        time.advanceToNextEvent();

        // then
        assertThat(time.now()).isEqualTo(enqueued.plus(Duration.ofHours(2)));
        ClaimedJob<String> first = pawl.jobs().claim(MAIL, 1, LEASE).get(0);
        time.advanceToNextEvent();
        assertThat(time.now()).isEqualTo(enqueued.plus(Duration.ofHours(2)).plus(LEASE));
        assertThat(pawl.jobs().claim(MAIL, 1, LEASE)).hasSize(1);
        assertThat(first.fail(new IllegalStateException("late"), RetryPolicy.never()))
                .isPresent();
        assertThat(pawl.jobs().find(id).orElseThrow()).isRunning().hasTakeovers(1);
    }

    @Test
    void without_a_test_time_it_is_the_databases(JdbiPawl pawl) throws InterruptedException {
        JobId id = pawl.jobs().enqueue(NewJob.of(MAIL, "Ann")).id();
        Handlers<String> mail = Handlers.of(MAIL).on(SEND, job -> done());

        Worker worker = pawl.worker("mail").run(mail).start();
        try {
            assertThat(pawl.jobs().await(id, Duration.ofSeconds(30)).status()).isEqualTo(JobStatus.COMPLETED);
        } finally {
            worker.close();
        }
    }

    @Test
    void each_test_begins_without_jobs_1(JdbiPawl pawl) {
        beginsWithoutJobs(pawl);
    }

    @Test
    void each_test_begins_without_jobs_2(JdbiPawl pawl) {
        beginsWithoutJobs(pawl);
    }

    private static void beginsWithoutJobs(JdbiPawl pawl) {
        assertThat(pawl.jobs().claim(MAIL, 10, LEASE)).isEmpty();
        pawl.jobs().enqueue(NewJob.of(MAIL, "Ann"));
    }

    @Test
    void the_data_source_is_that_of_the_pawl(JdbiPawl pawl, DataSource dataSource) throws SQLException {
        JobId id = pawl.jobs().enqueue(NewJob.of(MAIL, "Ann")).id();

        try (Connection connection = dataSource.getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery("select id from pawl.job")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getString(1)).isEqualTo(id.uuid().toString());
        }
    }

    @Test
    void a_pawl_connects_through_the_proxy_of_its_test(JdbiPawl pawl, PostgresProxy proxy, DataSource dataSource)
            throws SQLException {
        pawl.jobs().enqueue(NewJob.of(MAIL, "Ann"));
        assertThat(proxy.connections()).isPositive();

        proxy.refuse();
        proxy.cut();

        assertThatThrownBy(() -> pawl.jobs().enqueue(NewJob.of(MAIL, "Bob"))).isInstanceOf(StoreException.class);
        dataSource.getConnection().close(); // which knows nothing of it
    }

    @Test
    void both_pawls_live_by_one_time(InMemoryPawl memory, JdbiPawl pawl, TestTime time) {
        JobId one = memory.jobs().enqueue(NewJob.of(MAIL, "Ann")).id();
        JobId two = pawl.jobs().enqueue(NewJob.of(MAIL, "Ann")).id();

        assertThat(List.of(
                        memory.job(one).enqueuedAt(),
                        pawl.jobs().find(two).orElseThrow().enqueuedAt()))
                .containsOnly(time.now());
    }

    @Test
    void faults_come_over_postgresql_too(DataSource dataSource, TestInfo info) {
        var database = dev.pawl.jdbc.internal.Database.of(dataSource, dev.pawl.jdbc.internal.SchemaName.STANDARD);
        FaultyJobStore store = FaultyJobStore.over(new dev.pawl.jdbc.internal.JdbiJobStore(database, false));
        JobId id = TestJobs.enqueueAndClaim(store, info.getDisplayName());

        store.faults().loseLease(id);

        assertThat(store.find(id).orElseThrow()).isRunning().isHeldBy("thief").hasTakeovers(0);
    }
}
