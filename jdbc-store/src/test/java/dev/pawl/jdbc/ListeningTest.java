package dev.pawl.jdbc;

import static dev.pawl.job.Outcome.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.Json;
import dev.pawl.jdbc.internal.Postgres;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** Enqueues that are told to other processes. */
class ListeningTest {
    private static final Stage<Void> ONLY = Stage.named("only");
    private static final Pipeline<Json, Void> PIPELINE =
            Pipeline.named("p", Json.class).then(ONLY);

    private Postgres.Fixture fixture;
    private JdbiPawl telling;

    @BeforeEach
    void open() {
        fixture = Postgres.migrated();
        telling = JdbiPawl.with(fixture.pool())
                .schema(fixture.schema())
                .notifications(true)
                .open();
    }

    @AfterEach
    void close() {
        telling.close();
        fixture.close();
    }

    @Test
    @SuppressWarnings("try") // the worker works while it is open
    void a_worker_of_another_process_sees_them_at_once_also_after_its_connection_broke() throws InterruptedException {
        try (JdbiPawl listening = JdbiPawl.with(fixture.pool())
                        .schema(fixture.schema())
                        .notifications(true)
                        .open();
                Worker worker = listening
                        .worker("p")
                        .run(Handlers.of(PIPELINE).on(ONLY, job -> done()))
                        .pollInterval(Duration.ofMinutes(10))
                        .start()) {
            awaitListeners();
            endsSoon();

            fixture.sql().useHandle(handle -> handle.execute("select pg_terminate_backend(pid) from " + listeners()));
            awaitListeners();
            endsSoon();
        }
    }

    @Test
    void an_enqueue_tells_once_and_one_in_the_callers_transaction_tells_nobody() throws SQLException {
        try (Connection connection = DriverManager.getConnection(Postgres.url());
                Statement statement = connection.createStatement()) {
            statement.execute("listen pawl_" + fixture.schema());

            fixture.sql().useTransaction(handle -> telling.in(handle).enqueue(NewJob.of(PIPELINE, Json.NULL)));
            telling.jobs()
                    .enqueueAll(List.of(
                            NewJob.of(PIPELINE, Json.NULL),
                            NewJob.of(PIPELINE, Json.NULL),
                            NewJob.of(PIPELINE, Json.NULL).queue("other")));

            PGNotification[] told = connection.unwrap(PGConnection.class).getNotifications(5_000);
            assertThat(told).hasSize(1);
            assertThat(told[0].getParameter()).isEqualTo("other,p");
        }
    }

    private void endsSoon() throws InterruptedException {
        JobId id = telling.jobs().enqueue(NewJob.of(PIPELINE, Json.NULL)).id();
        JobSnapshot job = telling.jobs().await(id, Duration.ofSeconds(20));
        assertThat(job.status().isEnded()).isTrue();
    }

    private void awaitListeners() {
        await().atMost(Duration.ofSeconds(30)).until(() -> fixture.count("select count(*) from " + listeners()) == 2);
    }

    private String listeners() {
        return "pg_stat_activity where query = 'listen pawl_" + fixture.schema() + "'";
    }
}
