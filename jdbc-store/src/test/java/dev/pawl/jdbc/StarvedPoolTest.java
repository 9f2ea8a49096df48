package dev.pawl.jdbc;

import static dev.pawl.job.Outcome.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.Json;
import dev.pawl.jdbc.internal.Postgres;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What handlers hold must not cost them their leases: all of the pool, or a row for longer than a lease. */
class StarvedPoolTest {
    private static final Stage<Void> ONLY = Stage.named("only");
    private static final Pipeline<Json, Void> PIPELINE =
            Pipeline.named("starved", Json.class).then(ONLY);
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final int POOL = 8;
    private static final int KEPT = 2;

    private final CountDownLatch letGo = new CountDownLatch(1);
    private Postgres.Fixture fixture;
    private HikariDataSource pool;
    private JdbiPawl pawl;

    @BeforeEach
    void open() {
        fixture = Postgres.migrated();
        pool = Postgres.pool(Postgres.dataSource(), POOL);
        pawl = JdbiPawl.with(pool).schema(fixture.schema()).open();
    }

    @AfterEach
    void close() {
        letGo.countDown();
        pawl.close();
        pool.close();
        fixture.close();
    }

    @Test
    void handlers_that_hold_all_of_the_pool_do_not_lose_their_leases() throws Exception {
        // given: two jobs are done first, so that Pawl has had to do with both kinds of writes
        CountDownLatch taken = new CountDownLatch(POOL - KEPT);
        Handlers<Json> handlers = Handlers.of(PIPELINE).on(ONLY, job -> {
            if (job.payload().equals(Json.NULL)) {
                letGo.await(2 * LEASE.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS); // is renewed meanwhile
                return done();
            }
            try (Connection connection = pool.getConnection()) {
                assertThat(connection.isValid(1)).isTrue();
                taken.countDown();
                letGo.await();
                return done();
            }
        });
        try (Worker worker = worker(handlers).start()) {
            for (JobId id : enqueue(2, Json.NULL)) {
                assertThat(ended(id).status()).isEqualTo(JobStatus.COMPLETED);
            }
            List<JobId> ids = enqueue(POOL - KEPT, Json.of("1"));
            taken.await();
            assertThat(pool.getHikariPoolMXBean().getIdleConnections()).isZero();

            // when: nobody gets a connection for longer than a lease
            long until = System.nanoTime() + LEASE.multipliedBy(3).toNanos();
            await().atMost(Duration.ofSeconds(30)).until(() -> System.nanoTime() - until > 0);
            assertThat(worker.held()).isEqualTo(POOL - KEPT);
            letGo.countDown();

            // then
            assertThat(ids).allSatisfy(id -> {
                assertThat(ended(id).status()).isEqualTo(JobStatus.COMPLETED);
                assertThat(ended(id).takeovers()).isZero();
                assertThat(pawl.jobs().failures(id)).isEmpty();
            });
        }
        assertThat(pawl.refusedWrites()).isZero();
    }

    @Test
    void what_was_kept_goes_back_to_the_pool_at_the_end() throws Exception {
        try (Worker worker =
                worker(Handlers.of(PIPELINE).on(ONLY, job -> done())).start()) {
            assertThat(ended(enqueue(1, Json.NULL).get(0)).status()).isEqualTo(JobStatus.COMPLETED);
            await().until(() -> worker.held() == 0); // a moment after the database says so
            await().until(() -> pool.getHikariPoolMXBean().getActiveConnections() > 0);
        }

        pawl.close();

        await().until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
    }

    @Test
    void a_process_without_a_worker_keeps_none() {
        enqueue(3, Json.NULL);
        pawl.jobs().cancel(enqueue(1, Json.NULL).get(0), dev.pawl.Actor.SYSTEM);

        await().until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
    }

    @Test
    void a_kept_connection_that_was_cut_is_replaced() throws Exception {
        try (Worker worker =
                worker(Handlers.of(PIPELINE).on(ONLY, job -> done())).start()) {
            assertThat(ended(enqueue(1, Json.NULL).get(0)).status()).isEqualTo(JobStatus.COMPLETED);

            Jdbi.create(Postgres.dataSource())
                    .useHandle(handle -> handle.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                            + " where pid <> pg_backend_pid() and backend_type = 'client backend'"
                            + " and query like '%" + fixture.schema() + "%'"));

            assertThat(ended(enqueue(1, Json.NULL).get(0)).status()).isEqualTo(JobStatus.COMPLETED);
            assertThat(worker.toString()).contains("starved");
        }
    }

    @Test
    void a_fence_that_is_held_for_longer_than_a_lease_costs_nobody_a_lease() throws Exception {
        // given: eleven handlers, one of which holds its job's row in a transaction of its own
        CountDownLatch fenced = new CountDownLatch(1);
        CountDownLatch unfence = new CountDownLatch(1);
        Handlers<Json> handlers = Handlers.of(PIPELINE).on(ONLY, job -> {
            if (job.payload().equals(Json.of("\"fences\""))) {
                Jdbi.create(Postgres.dataSource()).useTransaction(handle -> {
                    pawl.in(handle).fence(job);
                    fenced.countDown();
                    unfence.await();
                });
            } else {
                letGo.await();
            }
            return done();
        });
        try (Worker worker = worker(handlers).start()) {
            JobId fences = enqueue(1, Json.of("\"fences\"")).get(0);
            List<JobId> others = enqueue(10, Json.NULL);
            fenced.await();
            await().until(() -> worker.held() == 11);

            // when
            long until = System.nanoTime() + LEASE.multipliedBy(3).toNanos();
            await().atMost(Duration.ofSeconds(30)).until(() -> System.nanoTime() - until > 0);
            assertThat(worker.held()).isEqualTo(11);
            unfence.countDown(); // its lease is over: the first free slot of anybody's might take it over

            // then
            assertThat(ended(fences).takeovers()).isZero();
            letGo.countDown();
            assertThat(others).allSatisfy(id -> {
                assertThat(ended(id).status()).isEqualTo(JobStatus.COMPLETED);
                assertThat(ended(id).takeovers()).isZero();
            });
        }
        assertThat(pawl.refusedWrites()).isZero();
    }

    private Worker.Builder worker(Handlers<Json> handlers) {
        return pawl.worker("starved")
                .run(handlers)
                .lease(LEASE)
                .concurrency(11)
                .prefetch(0)
                .pollInterval(Duration.ofMillis(50));
    }

    private List<JobId> enqueue(int count, Json payload) {
        return pawl
                .jobs()
                .enqueueAll(IntStream.range(0, count)
                        .mapToObj(i -> NewJob.of(PIPELINE, payload))
                        .toList())
                .stream()
                .map(answer -> answer.id())
                .toList();
    }

    private JobSnapshot ended(JobId id) throws InterruptedException {
        return pawl.jobs().await(id, Duration.ofSeconds(60));
    }
}
