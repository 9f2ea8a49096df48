package dev.pawl.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two writers and one kept connection, over a pool that has another, has none, or fails. */
class KeptConnectionTest {
    private final Pool pool = new Pool();
    private final KeptConnection kept = new KeptConnection(pool);
    private final ExecutorService writers = Executors.newCachedThreadPool();
    private Connections.Opened first;

    @BeforeEach
    void keepOne() throws SQLException {
        pool.put("kept");
        kept.keep();
        first = kept.open();
    }

    @AfterEach
    void close() {
        pool.end(new SQLException("closed"));
        writers.shutdownNow();
        kept.close();
    }

    @Test
    void a_writer_that_waits_for_an_empty_pool_holds_up_nobody_and_gets_the_kept_one() throws Exception {
        // given
        CompletableFuture<Connections.Opened> second = opened();
        await().until(pool::isAsked);

        // when
        close(first);

        // then
        Connections.Opened got = second.get(30, TimeUnit.SECONDS);
        assertThat(got.connection()).hasToString("kept");
        close(got);
        pool.put("late");
        await().until(() -> pool.returned.contains("late"));
        assertThat(pool.returned).doesNotContain("kept");
    }

    @Test
    void a_writer_that_finds_it_in_use_takes_what_the_pool_has() throws Exception {
        pool.put("another");

        Connections.Opened got = opened().get(30, TimeUnit.SECONDS);

        assertThat(got.connection()).hasToString("another");
        close(got);
        assertThat(pool.returned).containsExactly("another");
    }

    @Test
    void two_writers_that_wait_get_one_each() throws Exception {
        CompletableFuture<Connections.Opened> second = opened();
        CompletableFuture<Connections.Opened> third = opened();
        await().until(pool::isAsked);

        close(first);
        pool.put("another");

        assertThat(second.get(30, TimeUnit.SECONDS).connection().toString()
                        + third.get(30, TimeUnit.SECONDS).connection())
                .contains("kept", "another");
    }

    @Test
    void what_the_pool_fails_with_is_told_to_who_waits() {
        CompletableFuture<Connections.Opened> second = opened();
        await().until(pool::isAsked);

        pool.end(new SQLException("request timed out"));

        assertThatThrownBy(second::join)
                .isInstanceOf(CompletionException.class)
                .hasRootCauseInstanceOf(SQLException.class)
                .hasRootCauseMessage("request timed out");
    }

    @Test
    void who_waits_when_it_is_closed_gets_one_of_the_pool() throws Exception {
        CompletableFuture<Connections.Opened> second = opened();
        await().until(pool::isAsked);

        close(kept);
        close(first);
        pool.put("late");
        pool.put("later"); // of the two requests that are open now, one is nobody's

        Connections.Opened got = second.get(30, TimeUnit.SECONDS);
        close(got);
        await().until(pool::hasAllBack);
    }

    private CompletableFuture<Connections.Opened> opened() {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return kept.open();
                    } catch (SQLException failure) {
                        throw new CompletionException(failure);
                    }
                },
                writers);
    }

    /** At once, or not at all. */
    private void close(AutoCloseable closeable) throws Exception {
        writers.submit(() -> {
                    closeable.close();
                    return null;
                })
                .get(30, TimeUnit.SECONDS);
    }

    /** Gives what was put into it, or came back, and waits for that. */
    private static final class Pool implements Connections {
        private final Deque<String> free = new ArrayDeque<>();
        private final Set<String> returned = ConcurrentHashMap.newKeySet();
        private SQLException failure;
        private int asking;
        private int lent;

        synchronized void put(String name) {
            free.add(name);
            notifyAll();
        }

        synchronized void end(SQLException reason) {
            failure = reason;
            notifyAll();
        }

        synchronized boolean isAsked() {
            return asking > 0;
        }

        synchronized boolean hasAllBack() {
            return lent == 0 && asking == 0;
        }

        private synchronized void takeBack(String name) {
            lent--;
            returned.add(name);
            put(name);
        }

        @Override
        public synchronized Opened open() throws SQLException {
            asking++;
            try {
                while (free.isEmpty()) {
                    if (failure != null) {
                        throw failure;
                    }
                    wait();
                }
            } catch (InterruptedException stop) {
                throw new SQLException(stop);
            } finally {
                asking--;
            }
            lent++;
            String name = free.poll();
            Connection connection = named(name);
            return new Opened() {
                @Override
                public Connection connection() {
                    return connection;
                }

                @Override
                public void close() {
                    takeBack(name);
                }
            };
        }

        private static Connection named(String name) {
            return (Connection) Proxy.newProxyInstance(
                    Connection.class.getClassLoader(),
                    new Class<?>[] {Connection.class},
                    (proxy, method, args) -> switch (method.getName()) {
                        case "toString" -> name;
                        case "isClosed" -> false;
                        case "isValid" -> true;
                        default -> throw new UnsupportedOperationException(method.getName());
                    });
        }
    }
}
