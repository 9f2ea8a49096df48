package dev.pawl.jdbc;

import static dev.pawl.job.Outcome.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.jdbc.internal.Postgres;
import dev.pawl.job.Failure;
import dev.pawl.job.JobId;
import dev.pawl.job.JobSnapshot;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.lease.Refusal;
import dev.pawl.store.RefusedWrite;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import dev.pawl.worker.WorkerListener;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rule J7, as the worker sees it whose job an operator cancels. */
class CancelledWhileRunningTest {
    private static final Stage<Void> SHIP = Stage.named("ship");
    private static final Pipeline<Json, Void> ORDERS =
            Pipeline.named("orders", Json.class).then(SHIP);

    private static Postgres.Fixture fixture;
    private static JdbiPawl pawl;

    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final Queue<RefusedWrite> told = new ConcurrentLinkedQueue<>();

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
    void J7_cancel_of_a_running_job_interrupts_its_handler_and_tells_its_worker() throws Exception {
        try (Worker worker = pawl.worker("orders")
                .run(Handlers.of(ORDERS).on(SHIP, job -> {
                    running.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException stopped) {
                        interrupted.countDown();
                        throw stopped;
                    }
                    return done();
                }))
                .lease(Duration.ofSeconds(3))
                .listener(new WorkerListener() {
                    @Override
                    public void refused(RefusedWrite refused) {
                        told.add(refused);
                    }
                })
                .start()) {
            // given
            JobId id = pawl.jobs().enqueue(NewJob.of(ORDERS, Json.NULL)).id();
            assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();

            // when
            pawl.jobs().cancel(id, Actor.user("ann"));

            // then
            JobSnapshot cancelled = pawl.jobs().find(id).orElseThrow();
            assertThat(cancelled.status()).isEqualTo(JobStatus.CANCELLED);
            assertThat(cancelled.holder()).isEmpty();
            assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
            await().until(() -> worker.held() == 0 && !told.isEmpty());
            assertThat(told).allSatisfy(refused -> {
                assertThat(refused.job()).isEqualTo(id);
                assertThat(refused.refusal()).isInstanceOf(Refusal.Ended.class);
            });
            await().untilAsserted(() -> assertThat(pawl.jobs().failures(id))
                    .extracting(Failure::kind)
                    .containsExactly(Failure.Kind.REFUSED));
            JobSnapshot after = pawl.jobs().find(id).orElseThrow();
            assertThat(after.status()).isEqualTo(JobStatus.CANCELLED);
            assertThat(after.endedAt()).isEqualTo(cancelled.endedAt());
            assertThat(fixture.count("select count(*) from operation where kind = 'CANCEL' and by_user = 'ann'"))
                    .isEqualTo(1);
        }
    }
}
