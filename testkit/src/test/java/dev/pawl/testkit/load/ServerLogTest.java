package dev.pawl.testkit.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** A deadlock, and any other error, is seen in the server's log. */
class ServerLogTest {
    @Test
    void a_deadlock_is_seen() throws SQLException {
        try (HikariDataSource database = LoggingServer.database("deadlocked");
                Connection one = database.getConnection();
                Connection other = database.getConnection()) {
            LoggingServer.execute(database, "create table pair (id int); insert into pair values (1), (2)");
            assertThat(LoggingServer.log("deadlocked").deadlocks()).isEmpty();
            one.setAutoCommit(false);
            other.setAutoCommit(false);
            lock(one, 1);
            lock(other, 2);

            CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> lock(one, 2));
            assertThatThrownBy(() -> {
                        lock(other, 1);
                        waiting.join();
                    })
                    .isInstanceOfAny(IllegalStateException.class, CompletionException.class)
                    .hasStackTraceContaining("deadlock");

            await().untilAsserted(() ->
                    assertThat(LoggingServer.log("deadlocked").deadlocks()).hasSize(1));
            assertThat(LoggingServer.log("deadlocked").unexpectedErrors()).hasSize(1);
        }
    }

    private static void lock(Connection connection, int id) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select 1 from pair where id = " + id + " for update");
        } catch (SQLException failure) {
            throw new IllegalStateException("could not lock " + id, failure);
        }
    }
}
