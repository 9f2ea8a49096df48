package dev.pawl.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.job.Enqueued;
import dev.pawl.job.JobId;
import dev.pawl.lease.BusyException;
import dev.pawl.lease.Fence;
import dev.pawl.lease.Refusal;
import dev.pawl.store.Answer;
import dev.pawl.store.Claimed;
import dev.pawl.store.ErrorInfo;
import dev.pawl.store.JobWrite;
import dev.pawl.store.NewRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** What only several connections at once can show. */
class ContentionTest {
    private static Postgres.Fixture fixture;
    private static Database database;

    private final JobsOf jobs = new JobsOf(new JdbiJobStore(database), Postgres.newSchema());

    @BeforeAll
    static void migrate() {
        fixture = Postgres.migrated();
        database = fixture.database();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @Test
    void J9_the_same_key_from_16_threads_is_one_job() throws Exception {
        jobs.enqueue();
        CyclicBarrier together = new CyclicBarrier(16);

        List<Enqueued> answers = inThreads(16, i -> () -> {
            together.await();
            return untilFree(() -> jobs.store()
                    .enqueue(List.of(jobs.row(UUID.randomUUID(), Optional.of("key"))))
                    .get(0));
        });

        assertThat(answers.stream().filter(Enqueued::created)).hasSize(1);
        assertThat(answers.stream().map(Enqueued::id).distinct()).hasSize(1);
    }

    /**
     * In transactions of a caller, which wait for as long as it takes: what waits in a circle is told so, and not "busy". They all
     * wait for somebody at first, so that each has what it asks for before the key that is held.
     */
    @Test
    void J9_batches_with_the_same_keys_in_other_orders_do_not_deadlock() throws Exception {
        jobs.enqueue();
        Set<Integer> asking = ConcurrentHashMap.newKeySet();
        List<List<Enqueued>> answers;
        try (Connection holder = Postgres.dataSource().getConnection()) {
            holder.setAutoCommit(false);
            new JdbiJobStore(database, new CallersTransaction(database, holder)).enqueue(batch(25, 0, 1));
            CompletableFuture<Void> letGo = CompletableFuture.runAsync(() -> {
                await().atMost(Duration.ofSeconds(30)).until(() -> asking.size() == 8 && waiting(asking) == 8);
                rollback(holder);
            });

            answers = inThreads(8, i -> () -> {
                try (Connection mine = Postgres.dataSource().getConnection()) {
                    mine.setAutoCommit(false);
                    asking.add(mine.unwrap(PGConnection.class).getBackendPID());
                    List<Enqueued> enqueued = new JdbiJobStore(database, new CallersTransaction(database, mine))
                            .enqueue(batch(i * 13, 7, 50));
                    mine.commit();
                    return enqueued;
                }
            });
            letGo.get();
        }

        assertThat(answers.stream().flatMap(List::stream).filter(Enqueued::created))
                .hasSize(50);
    }

    private List<NewRow> batch(int from, int step, int n) {
        return IntStream.range(0, n)
                .mapToObj(k -> jobs.row(UUID.randomUUID(), Optional.of("k" + (from + k * step) % 50)))
                .toList();
    }

    private static int waiting(Set<Integer> backends) {
        String ids = backends.stream().map(String::valueOf).collect(Collectors.joining(","));
        return fixture.count("select count(distinct pid) from pg_locks where not granted and pid in (" + ids + ")");
    }

    private static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void J15_a_key_that_an_open_transaction_holds_is_busy_after_a_bounded_time() throws SQLException {
        jobs.enqueue();
        try (Connection other = fixture.pool().getConnection()) {
            other.setAutoCommit(false);
            new JdbiJobStore(database, new CallersTransaction(database, other))
                    .enqueue(List.of(jobs.row(UUID.randomUUID(), Optional.of("held"))));

            assertThatThrownBy(() -> jobs.store().enqueue(List.of(jobs.row(UUID.randomUUID(), Optional.of("held")))))
                    .isInstanceOf(BusyException.class)
                    .hasMessageContaining("held");
            other.rollback();
        }
        assertThat(jobs.store()
                        .enqueue(List.of(jobs.row(UUID.randomUUID(), Optional.of("held"))))
                        .get(0)
                        .created())
                .isTrue();
    }

    @Test
    void a_pipeline_that_an_open_transaction_records_is_waited_for() throws Exception {
        List<String> stages = List.of("one", "two");
        try (Connection other = fixture.pool().getConnection()) {
            other.setAutoCommit(false);
            new JdbiJobStore(database, new CallersTransaction(database, other)).describe("fresh", 1, stages);

            Future<List<String>> waiting =
                    ForkJoinPool.commonPool().submit(() -> jobs.store().describe("fresh", 1, List.of("others")));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> fixture.count("select count(*) from pg_locks where not granted") > 0);
            other.commit();

            assertThat(waiting.get()).isEqualTo(stages);
        }
    }

    @Test
    void many_claimers_share_the_jobs_and_no_token_is_issued_twice() throws Exception {
        jobs.enqueue(400);

        List<List<Claimed>> claims = inThreads(8, i -> () -> {
            List<Claimed> mine = new ArrayList<>();
            for (int n = 0; n < 10; n++) {
                mine.addAll(jobs.claim(7, "w" + i + "#" + n));
            }
            return mine;
        });

        List<Claimed> all = claims.stream().flatMap(List::stream).toList();
        assertThat(all).hasSize(400);
        assertThat(all.stream().map(claimed -> claimed.job().id()).distinct()).hasSize(400);
        assertThat(all.stream().map(claimed -> claimed.job().token()).distinct())
                .hasSize(400);
    }

    @Test
    void C_a_frozen_worker_writes_nothing_after_it_was_taken_over() {
        JobId id = jobs.enqueue();
        Claimed zombie = jobs.claimOne("zombie#1");
        expire(id);
        Claimed taker = jobs.claimOne("taker#1");
        String before = row(id);
        Fence fence = JobsOf.fence(zombie);

        List<JobWrite> writes = List.of(
                JobsOf.checkpointing(zombie, 0, "1"),
                new JobWrite.SaveProgress(id, fence, 0, 1, Json.of("1"), JobsOf.LEASE),
                new JobWrite.Renew(id, fence, JobsOf.LEASE),
                new JobWrite.Fail(id, fence, 0, ErrorInfo.of("late"), Optional.empty()),
                new JobWrite.Release(id, fence, 0, Duration.ZERO));

        for (JobWrite write : writes) {
            assertThat(jobs.write(write))
                    .as(write.toString())
                    .isInstanceOfSatisfying(
                            Answer.Refused.class,
                            refused -> assertThat(refused.refusal())
                                    .isInstanceOfSatisfying(
                                            Refusal.Superseded.class,
                                            by -> assertThat(by.holder()).contains("taker#1")));
        }
        assertThat(row(id)).isEqualTo(before);
        assertThat(jobs.store().results(id, Set.of(0))).isEmpty();
        assertThat(jobs.store().failures(id)).hasSize(1); // the takeover
        assertThat(jobs.checkpoint(taker, 0, "2")).isInstanceOf(Answer.Done.class);
    }

    @Test
    void L9_a_token_that_is_issued_again_lets_no_zombie_in() {
        JobId id = jobs.enqueue();
        Claimed zombie = jobs.claimOne("zombie#1");
        fixture.sql()
                .useHandle(handle -> handle.execute("update job set holder = 'restored#1' where id = ?", id.uuid()));
        String before = row(id); // the same token, of another's claim

        assertThat(jobs.checkpoint(zombie, 0, "1")).isInstanceOf(Answer.Refused.class);

        assertThat(row(id)).isEqualTo(before);
    }

    @Test
    void a_locked_row_is_busy_and_does_not_harm_its_batch() throws SQLException {
        jobs.enqueue(3);
        List<Claimed> claimed = jobs.claim(3, "w#1");
        try (Connection other = fixture.pool().getConnection()) {
            lock(other, claimed.get(1).job().id());

            List<Answer> answers = jobs.store()
                    .write(claimed.stream()
                            .map(job -> JobsOf.checkpointing(job, 0, "1"))
                            .toList());
            List<Answer> renewals = jobs.store()
                    .write(claimed.stream()
                            .map(job -> new JobWrite.Renew(job.job().id(), JobsOf.fence(job), JobsOf.LEASE))
                            .toList());
            Answer cancel = jobs.write(new JobWrite.Cancel(claimed.get(1).job().id(), Actor.SYSTEM));

            for (List<Answer> batch : List.of(answers, renewals)) {
                assertThat(batch.get(0)).isInstanceOf(Answer.Done.class);
                assertThat(batch.get(1)).isInstanceOf(Answer.Busy.class);
                assertThat(batch.get(2)).isInstanceOf(Answer.Done.class);
            }
            assertThat(cancel).isInstanceOf(Answer.Busy.class);
            other.rollback();
        }
        assertThat(jobs.checkpoint(claimed.get(1), 0, "1")).isInstanceOf(Answer.Done.class);
    }

    @Test
    void a_zombie_is_told_that_it_is_lost_also_while_its_successors_row_is_locked() throws SQLException {
        JobId id = jobs.enqueue();
        Claimed zombie = jobs.claimOne("zombie#1");
        expire(id);
        Claimed taker = jobs.claimOne("taker#1");
        try (Connection other = fixture.pool().getConnection()) {
            lock(other, id);

            assertThat(jobs.write(new JobWrite.Renew(id, JobsOf.fence(zombie), JobsOf.LEASE)))
                    .isInstanceOf(Answer.Refused.class);
            assertThat(jobs.write(new JobWrite.Renew(id, JobsOf.fence(taker), JobsOf.LEASE)))
                    .isInstanceOf(Answer.Busy.class);
            other.rollback();
        }
    }

    @Test
    void L6_an_expired_lease_whose_row_is_locked_is_left_to_the_next_claim() throws SQLException {
        JobId id = jobs.enqueue();
        jobs.claimOne("w#1");
        expire(id);
        try (Connection other = fixture.pool().getConnection()) {
            lock(other, id);
            assertThat(jobs.claim(1, "w#2")).isEmpty();
            other.rollback();
        }
        assertThat(jobs.claim(1, "w#3")).hasSize(1);
    }

    private static void lock(Connection connection, JobId id) throws SQLException {
        connection.setAutoCommit(false);
        Postgres.execute(
                connection, "select 1 from " + fixture.schema() + ".job where id = '" + id.uuid() + "' for update");
    }

    private static void expire(JobId id) {
        fixture.sql()
                .useHandle(handle -> handle.execute("update job set lease_expires_at = now() where id = ?", id.uuid()));
    }

    private static String row(JobId id) {
        return fixture.sql()
                .withHandle(handle -> handle.select(
                                "select cast(row_to_json(j) as text) from job j where id = ?", id.uuid())
                        .mapTo(String.class)
                        .one());
    }

    private static <T> T untilFree(Supplier<T> call) {
        for (int i = 0; ; i++) {
            try {
                return call.get();
            } catch (BusyException held) { // for longer than it waits, by one that had to wait for a processor
                if (i == 100) {
                    throw held;
                }
            }
        }
    }

    private static <T> List<T> inThreads(int n, java.util.function.IntFunction<Callable<T>> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(n);
        try {
            List<Future<T>> all =
                    IntStream.range(0, n).mapToObj(work).map(threads::submit).collect(Collectors.toList());
            List<T> answers = new ArrayList<>();
            for (Future<T> one : all) {
                answers.add(one.get());
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }
}
