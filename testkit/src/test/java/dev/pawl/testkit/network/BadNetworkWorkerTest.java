package dev.pawl.testkit.network;

import static dev.pawl.job.Outcome.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.jackson.JacksonCodec;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.jdbc.internal.Timed;
import dev.pawl.job.JobId;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.store.StoreException;
import dev.pawl.testkit.PawlTest;
import dev.pawl.testkit.PostgresProxy;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A worker in the midst of its jobs, and a network that fails it: it goes on, and every job completes exactly once. */
@PawlTest
class BadNetworkWorkerTest {
    private static final Stage<String> FETCH = Stage.named("fetch", String.class);
    private static final Stage<Void> SEND = Stage.named("send");
    private static final Pipeline<String, Void> DIGEST =
            Pipeline.named("digest", String.class).then(FETCH).then(SEND);
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int JOBS = 30;

    private final Told told = new Told();
    private final Map<JobId, Integer> sent = new ConcurrentHashMap<>();
    private JdbiPawl pawl;
    private PostgresProxy network;
    private Jdbi direct;
    private HikariDataSource pool;

    @BeforeEach
    void open(JdbiPawl opened, PostgresProxy proxy, DataSource source) throws SQLException {
        pawl = opened;
        network = proxy;
        HikariConfig config = new HikariConfig();
        config.setDataSource(Unpooled.through(source, proxy));
        config.setMaximumPoolSize(6);
        config.setConnectionTimeout(PATIENCE.toMillis());
        config.setValidationTimeout(PATIENCE.toMillis() / 2);
        pool = new HikariDataSource(config);
        direct = Jdbi.create(source);
    }

    @AfterEach
    void close() {
        network.restore();
        pool.close();
    }

    /** What a worker's connection is about when it is lost. */
    @SuppressWarnings("ImmutableEnumChecker") // method references are immutable
    enum Phase {
        BEGIN(PostgresProxy::cutBefore, Sql.SETTINGS),
        CLAIM(PostgresProxy::cutBefore, Sql.CLAIM),
        BEFORE_THE_CLAIMS_COMMIT(PostgresProxy::cutBeforeCommitOf, Sql.CLAIM),
        AFTER_THE_CLAIMS_COMMIT(PostgresProxy::cutAfterCommitOf, Sql.CLAIM),
        CHECKPOINT(PostgresProxy::cutBefore, Sql.CHECKPOINT),
        BEFORE_THE_CHECKPOINTS_COMMIT(PostgresProxy::cutBeforeCommitOf, Sql.CHECKPOINT),
        AFTER_THE_CHECKPOINTS_COMMIT(PostgresProxy::cutAfterCommitOf, Sql.CHECKPOINT);

        private final BiConsumer<PostgresProxy, String> cut;
        private final String sql;

        Phase(BiConsumer<PostgresProxy, String> cut, String sql) {
            this.cut = cut;
            this.sql = sql;
        }

        void cut(PostgresProxy network) {
            cut.accept(network, sql);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_connection_lost_in_any_phase_costs_no_job(Phase phase) {
        enqueue();
        for (int i = 0; i < 3; i++) {
            phase.cut(network);
        }

        try (Worker worker = start(pawl, LEASE)) {
            awaitAllCompleted(worker);
        }

        assertThat(network.cutsToCome()).isZero();
        assertThat(told.storeFailures()).hasSizeGreaterThanOrEqualTo(3).allMatch(StoreException.class::isInstance);
        assertEachWasDoneOnce();
    }

    @Test
    void all_connections_lost_at_once_again_and_again_cost_no_job() {
        enqueue();

        try (Worker worker = start(pawl, LEASE)) {
            for (int i = 1; i <= 5; i++) {
                int some = i * JOBS / 6;
                await().atMost(LONG).until(() -> sent.size() >= some);
                network.cut();
            }
            awaitAllCompleted(worker);
        }

        assertEachWasDoneOnce();
    }

    /** An outage that is longer than a lease, as the pool's patience is. What was held is gone on with, or taken over. */
    @Test
    void an_outage_costs_no_job() {
        enqueue();

        try (Worker worker = start(pawl, LEASE)) {
            await().atMost(LONG).until(() -> sent.size() >= JOBS / 4);
            network.refuse();
            network.cut();
            await().atMost(LONG).until(() -> told.storeFailures().stream().anyMatch(BadNetworkWorkerTest::isOutage));
            network.restore();
            awaitAllCompleted(worker);
        }

        assertAllCompletedOnce();
    }

    /** A claim whose answer is lost costs its lease, which is short here for that. */
    @Test
    void half_open_connections_cost_a_bounded_time_and_no_job() {
        enqueue();
        JdbiPawl.Settings settings = JdbiPawl.with(pool).codec(new JacksonCodec());
        ((Timed) settings).answeringWithin(PATIENCE);

        try (JdbiPawl patient = settings.open();
                Worker worker = start(patient, Duration.ofSeconds(10))) {
            await().atMost(LONG).until(() -> sent.size() >= JOBS / 4);
            network.halfOpen();
            long from = System.nanoTime();
            awaitAllCompleted(worker);

            assertThat(Duration.ofNanos(System.nanoTime() - from))
                    .as("the time that it took to go on")
                    .isLessThan(Duration.ofSeconds(30));
        }

        assertEachWasDoneOnce();
    }

    /** Pawl waits for its own statements no longer than it must; the body's are the application's. */
    @Test
    void a_transactional_stage_whose_connection_is_half_open_is_run_again() throws InterruptedException {
        direct.useHandle(handle -> handle.execute("drop table if exists press; create table press (job uuid)"));
        JdbiPawl.Settings settings = JdbiPawl.with(pool).codec(new JacksonCodec());
        ((Timed) settings).answeringWithin(PATIENCE);

        try (JdbiPawl patient = settings.open()) {
            JobId id = patient.jobs().enqueue(NewJob.of(DIGEST, "today")).id();
            Handlers<String> handlers = Handlers.of(DIGEST)
                    .on(FETCH, job -> done("news"))
                    .on(SEND, patient.transactional((job, handle) -> {
                        handle.execute("insert into press values (?)", job.id().uuid());
                        if (job.number() == 1) {
                            network.halfOpen();
                        }
                        return done();
                    }));
            try (Worker worker = worker(patient, handlers, Duration.ofSeconds(30))) {
                await().atMost(LONG).until(() -> isCompleted(id) && worker.held() == 0);
            }
        }

        assertThat(count("select count(*) from press")).isOne();
    }

    @Test
    void a_slow_network_with_short_leases_loses_none() {
        Duration lease = Duration.ofMillis(1_500); // a transaction takes three round trips of 100 ms
        network.delay(Duration.ofMillis(50));
        enqueue();

        try (Worker worker = start(pawl, lease)) {
            awaitAllCompleted(worker);
        }

        network.restore();
        assertThat(told.all()).noneMatch(line -> line.startsWith("taken over"));
        assertEachWasDoneOnce();
    }

    private void enqueue() {
        List<NewJob<String>> jobs = new ArrayList<>();
        for (int i = 0; i < JOBS; i++) {
            jobs.add(NewJob.of(DIGEST, "job " + i));
        }
        pawl.jobs().enqueueAll(jobs);
    }

    private Worker start(JdbiPawl with, Duration lease) {
        return worker(
                with,
                Handlers.of(DIGEST).on(FETCH, job -> done("news")).on(SEND, job -> {
                    sent.merge(job.id(), 1, Integer::sum);
                    return done();
                }),
                lease);
    }

    private Worker worker(JdbiPawl with, Handlers<String> handlers, Duration lease) {
        return with.worker("digest")
                .run(handlers)
                .concurrency(2)
                .prefetch(2)
                .lease(lease)
                .pollInterval(Duration.ofMillis(50))
                .grace(Duration.ofSeconds(5))
                .listener(told)
                .start();
    }

    private void awaitAllCompleted(Worker worker) {
        await().atMost(LONG)
                .until(() -> count("select count(*) from pawl.job where status = 'COMPLETED'") == JOBS
                        && worker.held() == 0);
    }

    private boolean isCompleted(JobId id) {
        return count("select count(*) from pawl.job where status = 'COMPLETED' and id = '" + id.uuid() + "'") == 1;
    }

    private void assertEachWasDoneOnce() {
        assertThat(sent.values()).hasSize(JOBS).containsOnly(1);
        assertAllCompletedOnce();
        assertThat(told.all()).noneMatch(line -> line.startsWith("refused"));
        assertThat(count("select count(*) from pawl.failure where kind <> 'TAKEN_OVER'"))
                .isZero();
    }

    private void assertAllCompletedOnce() {
        assertThat(sent).hasSize(JOBS);
        assertThat(told.all().stream().filter("ended COMPLETED"::equals)).hasSize(JOBS);
        assertThat(count("select count(*) from pawl.checkpoint where stage = 0"))
                .isEqualTo(JOBS);
    }

    private static boolean isOutage(RuntimeException failure) {
        return failure instanceof StoreException store
                && store.kind() == StoreException.Kind.UNREACHABLE
                && store.getMessage().contains("no connection");
    }

    private int count(String sql) {
        return direct.withHandle(handle -> handle.select(sql).mapTo(int.class).one());
    }
}
