package dev.pawl.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.Json;
import dev.pawl.jdbc.internal.Postgres;
import dev.pawl.job.Enqueued;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.lease.BusyException;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rule J15: a caller's transaction holds a job key open, while others enqueue. */
class HeldKeyTest {
    private static final Stage<Void> SHIP = Stage.named("ship");
    private static final Pipeline<Json, Void> ORDERS =
            Pipeline.named("orders", Json.class).then(SHIP);
    private static final int OTHERS = 8;

    private static Postgres.Fixture fixture;
    private static JdbiPawl pawl;

    @BeforeAll
    static void open() {
        fixture = Postgres.migrated();
        pawl = JdbiPawl.with(fixture.pool()).schema(fixture.schema()).open();
        pawl.jobs().enqueue(order("first")); // records the pipeline, which is not what this is about
    }

    @AfterAll
    static void close() {
        pawl.close();
        fixture.close();
    }

    @Test
    void a_keyed_enqueue_that_a_caller_holds_open_delays_no_other_until_its_end() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(OTHERS);
        try (Connection caller = fixture.pool().getConnection()) {
            // given: a key that nobody else may have before the caller has ended, and who wants it
            caller.setAutoCommit(false);
            pawl.in(caller).enqueue(order("held"));
            CountDownLatch together = new CountDownLatch(1);
            List<Future<Enqueued>> others = new ArrayList<>();
            for (int i = 0; i < OTHERS; i++) {
                String key = "other-" + i;
                others.add(threads.submit(() -> {
                    together.await();
                    return pawl.jobs().enqueue(order(key));
                }));
            }
            Future<Enqueued> without = threads.submit(() -> pawl.jobs().enqueue(NewJob.of(ORDERS, Json.NULL)));

            // when
            together.countDown();
            assertThatThrownBy(() -> pawl.jobs().enqueue(order("held")))
                    .isInstanceOf(BusyException.class)
                    .hasMessageContaining("held");

            // then: all others have their answers, though the caller's transaction is open still
            for (Future<Enqueued> other : others) {
                assertThat(other.get(30, TimeUnit.SECONDS).created()).isTrue();
            }
            assertThat(without.get(30, TimeUnit.SECONDS).created()).isTrue();
            caller.rollback();
        } finally {
            threads.shutdownNow();
        }
        assertThat(pawl.jobs().enqueue(order("held")).created()).isTrue();
    }

    private static NewJob<Json> order(String key) {
        return NewJob.of(ORDERS, Json.NULL).key(key);
    }
}
