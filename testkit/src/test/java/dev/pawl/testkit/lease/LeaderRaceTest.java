package dev.pawl.testkit.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.lease.HeldLease;
import dev.pawl.testkit.PawlTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many at once on PostgreSQL: one gets it, and rows that are fenced by its token never go back. */
@PawlTest
class LeaderRaceTest {
    private static final int THREADS = 16;
    private static final int SECONDS = Integer.getInteger("pawl.test.seconds", 10);
    private static final Duration SHORT = Duration.ofMillis(5);

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    @AfterEach
    void close() {
        threads.shutdownNow();
    }

    @Test
    void of_sixteen_who_acquire_a_name_one_gets_it_and_tokens_rise(JdbiPawl pawl) throws Exception {
        long last = 0;
        for (int round = 0; round < 20; round++) {
            CountDownLatch start = new CountDownLatch(1);
            Callable<Optional<HeldLease>> acquire = () -> {
                start.await();
                return pawl.leases().acquire("contested", Duration.ofMinutes(1));
            };
            List<Future<Optional<HeldLease>>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                all.add(threads.submit(acquire));
            }

            start.countDown();
            List<HeldLease> won = new ArrayList<>();
            for (Future<Optional<HeldLease>> one : all) {
                one.get().ifPresent(won::add);
            }

            assertThat(won).as("round %d", round).hasSize(1);
            assertThat(won.get(0).token().value()).isGreaterThan(last);
            last = won.get(0).token().value();
            won.get(0).release();
        }
    }

    /**
     * Holders that are always too slow for their leases, and write all the same: the application's row, which each of them counts
     * up under its token, bears the tokens in their order.
     */
    @Test
    void rows_that_are_fenced_by_the_token_never_go_back(JdbiPawl pawl, DataSource source) throws Exception {
        Jdbi sql = Jdbi.create(source);
        sql.useHandle(handle -> handle.createScript("""
                        create table led (id int primary key, token bigint not null);
                        create table written (at bigint generated always as identity, token bigint not null);
                        insert into led values (1, 0)
                        """).execute());
        try {
            long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
            Callable<Integer> hold = () -> {
                int refused = 0;
                while (System.nanoTime() - end < 0) {
                    Optional<HeldLease> lease = pawl.leases().acquire("hot", SHORT);
                    if (lease.isPresent()) {
                        while (ThreadLocalRandom.current().nextBoolean() && System.nanoTime() - end < 0) {
                            refused += write(sql, lease.get().token().value()) ? 0 : 1;
                        }
                        lease.get().release();
                    }
                }
                return refused;
            };
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                all.add(threads.submit(hold));
            }
            int refused = 0;
            for (Future<Integer> one : all) {
                refused += one.get();
            }

            List<Long> tokens = sql.withHandle(handle -> handle.select("select token from written order by at")
                    .mapTo(Long.class)
                    .list());
            assertThat(tokens).hasSizeGreaterThan(20).isSorted();
            assertThat(refused).as("late writes that were kept out").isPositive();
        } finally {
            sql.useHandle(handle ->
                    handle.createScript("drop table led; drop table written").execute());
        }
    }

    /** The row's lock puts what is written in order. */
    private static boolean write(Jdbi sql, long token) {
        return sql.inTransaction(handle -> {
            int written = handle.execute("update led set token = ? where id = 1 and token <= ?", token, token);
            if (written == 1) {
                handle.execute("insert into written (token) values (?)", token);
            }
            return written == 1;
        });
    }
}
