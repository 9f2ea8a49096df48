package dev.pawl.jdbc;

import static dev.pawl.job.Outcome.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.jdbc.internal.Postgres;
import dev.pawl.job.JobId;
import dev.pawl.job.JobStatus;
import dev.pawl.job.NewJob;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.worker.Handlers;
import dev.pawl.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two applications in one database, with the same names of everything but the schema. */
class TwoSchemasTest {
    private static final Stage<Json> PACK = Stage.named("pack", Json.class);
    private static final Stage<Void> SHIP = Stage.named("ship");
    private static final Pipeline<Json, Void> ORDERS =
            Pipeline.named("orders", Json.class).then(PACK).then(SHIP);
    private static final Duration SOON = Duration.ofSeconds(60);

    private static Postgres.Fixture one;
    private static Postgres.Fixture other;

    @BeforeAll
    static void migrate() {
        one = Postgres.migrated();
        other = Postgres.migrated();
    }

    @AfterAll
    static void close() {
        one.close();
        other.close();
    }

    @Test
    @SuppressWarnings("try") // the workers work while they are open
    void workers_in_two_schemas_run_their_own_jobs_only() throws InterruptedException {
        Queue<String> ran = new ConcurrentLinkedQueue<>();
        List<JobId> ids = IntStream.range(0, 20)
                .mapToObj(i -> new JobId("orders", UUID.randomUUID()))
                .toList();
        try (JdbiPawl here = open(one);
                JdbiPawl there = open(other);
                Worker worker = worker(here, "here", ran);
                Worker neighbour = worker(there, "there", ran)) {
            for (JobId id : ids) { // the same ids in both
                assertThat(enqueue(here, id, "here")).isTrue();
                assertThat(enqueue(there, id, "there")).isTrue();
            }
            for (JobId id : ids) {
                assertThat(here.jobs().await(id, SOON).status()).isEqualTo(JobStatus.COMPLETED);
                assertThat(there.jobs().await(id, SOON).status()).isEqualTo(JobStatus.COMPLETED);
                assertThat(here.jobs().result(id, ORDERS, PACK)).contains(Json.of("\"here\""));
                assertThat(there.jobs().result(id, ORDERS, PACK)).contains(Json.of("\"there\""));
            }
            assertThat(here.refusedWrites() + there.refusedWrites()).isZero();
        }
        List<String> each = new ArrayList<>();
        ids.forEach(id -> each.addAll(List.of("here " + id, "there " + id)));
        assertThat(ran).containsExactlyInAnyOrderElementsOf(each);
    }

    @Test
    void what_is_cancelled_paused_or_known_in_one_is_not_in_the_other() {
        JobId id = new JobId("orders", UUID.randomUUID());
        try (JdbiPawl here = open(one);
                JdbiPawl there = open(other)) {
            enqueue(here, id, "here");
            enqueue(there, id, "there");

            here.jobs().cancel(id, Actor.SYSTEM);
            here.jobs().pause("orders", Actor.SYSTEM);

            assertThat(there.jobs().find(id).orElseThrow().status()).isEqualTo(JobStatus.PENDING);
            assertThat(there.jobs().isPaused("orders")).isFalse();
            assertThat(there.jobs().claim(ORDERS, 10, SOON))
                    .extracting(job -> job.id())
                    .containsExactly(id);
            here.jobs().resume("orders", Actor.SYSTEM);
        }
    }

    private static boolean enqueue(JdbiPawl pawl, JobId id, String where) {
        return pawl.jobs()
                .enqueue(NewJob.of(ORDERS, Json.of("\"" + where + "\"")).id(id).key(id.toString()))
                .created();
    }

    private static Worker worker(JdbiPawl pawl, String where, Queue<String> ran) {
        return pawl.worker("orders")
                .run(Handlers.of(ORDERS)
                        .on(PACK, job -> {
                            ran.add(where + " " + job.id());
                            return done(job.payload());
                        })
                        .on(SHIP, pawl.transactional((job, handle) -> done())))
                .pollInterval(Duration.ofMillis(20))
                .start();
    }

    /** On one pool, with notifications, whose channels are the database's. */
    private static JdbiPawl open(Postgres.Fixture fixture) {
        return JdbiPawl.with(one.pool())
                .schema(fixture.schema())
                .notifications(true)
                .open();
    }
}
