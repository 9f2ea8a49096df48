package dev.pawl.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.Json;
import dev.pawl.jdbc.internal.Postgres;
import dev.pawl.job.ClaimedJob;
import dev.pawl.job.JobStatus;
import dev.pawl.job.JobTransaction;
import dev.pawl.job.NewJob;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A data source that gives the thread's transaction, as frameworks have them. */
class JoiningTest {
    private static final Stage<Json> PACK = Stage.named("pack", Json.class);
    private static final Stage<Void> SHIP = Stage.named("ship");
    private static final Pipeline<Json, Void> ORDERS =
            Pipeline.named("orders", Json.class).then(PACK).then(SHIP);

    private static Postgres.Fixture fixture;
    private static JdbiPawl pawl;

    private final ThreadsTransaction threads = new ThreadsTransaction(fixture.pool());
    private final JobTransaction joined = pawl.joining(threads.dataSource());

    @BeforeAll
    static void open() {
        fixture = Postgres.migrated();
        pawl = JdbiPawl.with(fixture.pool()).schema(fixture.schema()).open();
    }

    @AfterAll
    static void close() {
        pawl.close();
        fixture.close();
    }

    @Test
    void J10_each_call_is_a_part_of_the_threads_transaction() throws SQLException {
        String queue = "joined";
        threads.begin();
        var first = joined.enqueue(NewJob.of(ORDERS, Json.NULL).queue(queue));
        var more = joined.enqueueAll(List.of(NewJob.of(ORDERS, Json.NULL).queue(queue)));
        assertThat(pawl.jobs().find(first.id())).isEmpty();
        threads.commit();

        List<ClaimedJob<Json>> jobs = pawl.jobs().claim(ORDERS, queue, 10, Duration.ofSeconds(30));
        assertThat(jobs).hasSize(1 + more.size());
        threads.begin();
        joined.fence(jobs.get(0));
        joined.saveProgress(jobs.get(0), Json.of("1"));
        joined.checkpoint(jobs.get(0), PACK, Json.of("2"));
        assertThat(joined.record(jobs.get(1), Outcome.failed("no"))).isInstanceOf(Outcome.Recorded.class);
        threads.commit();

        assertThat(pawl.jobs().find(jobs.get(0).id()).orElseThrow().stagesDone())
                .isEqualTo(1);
        assertThat(pawl.jobs().find(jobs.get(1).id()).orElseThrow().status()).isEqualTo(JobStatus.FAILED);
    }

    @Test
    void J10_a_rollback_takes_all_of_it() throws SQLException {
        threads.begin();
        var enqueued = joined.enqueue(NewJob.of(ORDERS, Json.NULL));
        threads.rollback();

        assertThat(pawl.jobs().find(enqueued.id())).isEmpty();
    }

    @Test
    void J10_a_call_without_a_transaction_is_refused_and_its_connection_given_back() {
        assertThatThrownBy(() -> joined.enqueue(NewJob.of(ORDERS, Json.NULL)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("auto-commit");

        assertThat(threads.strays())
                .singleElement()
                .satisfies(connection -> assertThat(connection.isClosed()).isTrue());
    }
}
