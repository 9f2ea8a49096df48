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
import java.util.concurrent.CyclicBarrier;
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

    /** In seconds, on a machine that has more to do than this. */
    private static final int A_FEW_LOCK_TIMEOUTS = 15;

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
        ExecutorService threads = Executors.newFixedThreadPool(OTHERS + 2);
        try (Connection caller = fixture.pool().getConnection()) {
            // given: a key that nobody else may have before the caller has ended
            caller.setAutoCommit(false);
            pawl.in(caller).enqueue(order("held"));

            // when: all enqueue at once
            CyclicBarrier together = new CyclicBarrier(OTHERS + 2);
            Future<Enqueued> held = threads.submit(() -> enqueue(together, order("held")));
            Future<Enqueued> unkeyed = threads.submit(() -> enqueue(together, NewJob.of(ORDERS, Json.NULL)));
            List<Future<Enqueued>> others = new ArrayList<>();
            for (int i = 0; i < OTHERS; i++) {
                NewJob<Json> other = order("other-" + i);
                others.add(threads.submit(() -> enqueue(together, other)));
            }

            // then: all others have their answers, though the caller's transaction is open still
            assertThat(unkeyed.get(A_FEW_LOCK_TIMEOUTS, TimeUnit.SECONDS).created())
                    .isTrue();
            for (Future<Enqueued> other : others) {
                assertThat(other.get(A_FEW_LOCK_TIMEOUTS, TimeUnit.SECONDS).created())
                        .isTrue();
            }
            assertThatThrownBy(() -> held.get(A_FEW_LOCK_TIMEOUTS, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(BusyException.class)
                    .hasMessageContaining("held");
            caller.rollback();
        } finally {
            threads.shutdownNow();
        }
        assertThat(pawl.jobs().enqueue(order("held")).created()).isTrue();
    }

    private static Enqueued enqueue(CyclicBarrier together, NewJob<Json> job) throws Exception {
        together.await();
        return pawl.jobs().enqueue(job);
    }

    private static NewJob<Json> order(String key) {
        return NewJob.of(ORDERS, Json.NULL).key(key);
    }
}
