package dev.pawl.testkit;

import dev.pawl.JsonCodec;
import dev.pawl.embed.Pawl;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.Failure;
import dev.pawl.job.Jobs;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A Pawl over either store, for what must be the same on both, and all that is stored in one of its queues, as text, but for
 * the reports of refused writes.
 *
 * @param pawl over the store
 * @param stored what is stored in a queue
 */
public record AnyPawl(Pawl pawl, Function<String, String> stored) implements AutoCloseable {
    /** Where it is stored. */
    public enum Over {
        IN_MEMORY {
            @Override
            public AnyPawl open(JsonCodec codec) {
                InMemoryJobStore store = InMemoryJobStore.create();
                return new AnyPawl(InMemoryPawl.over(store, codec), queue -> storedIn(store, queue));
            }
        },
        POSTGRESQL {
            @Override
            public AnyPawl open(JsonCodec codec) {
                JdbiPawl pawl =
                        JdbiPawl.with(Shared.DATABASE.dataSource()).codec(codec).open();
                return new AnyPawl(pawl, queue -> storedIn(Shared.DATABASE, queue));
            }
        };

        /** A new one; on PostgreSQL they share a database, so that each test needs a queue of its own. */
        public abstract AnyPawl open(JsonCodec codec);
    }

    private static final class Shared {
        static final TestDatabase DATABASE = TestPostgres.shared().database();
    }

    public Jobs jobs() {
        return pawl.jobs();
    }

    /** Equal before and after, if nothing has changed. */
    public String stored(String queue) {
        return stored.apply(queue);
    }

    @Override
    public void close() {
        pawl.close();
    }

    private static String storedIn(InMemoryJobStore store, String queue) {
        return store.rows()
                        .filter(row -> row.state().id().queue().equals(queue))
                        .map(AnyPawl::withoutReports)
                        .collect(Collectors.joining("\n"))
                + store.queues().pauseOf(queue);
    }

    private static String withoutReports(JobRow row) {
        List<JobRow.Trouble> troubles = row.troubles().stream()
                .filter(trouble -> trouble.kind() != Failure.Kind.REFUSED)
                .toList();
        return row.state() + " " + row.origin() + row.startedAt() + row.progress() + row.checkpoints() + troubles;
    }

    private static String storedIn(TestDatabase database, String queue) {
        List<String> stored = new ArrayList<>();
        try (Connection connection = database.dataSource().getConnection()) {
            for (String rows : List.of(
                    "job t where queue",
                    "checkpoint t where queue",
                    "failure t where kind <> 'REFUSED' and queue",
                    "operation t where queue",
                    "queue t where name")) {
                read(connection, "select cast(t as text) from pawl." + rows + " = ? order by 1", queue, stored);
            }
        } catch (SQLException failure) {
            throw new IllegalStateException("could not read queue " + queue, failure);
        }
        return String.join("\n", stored);
    }

    private static void read(Connection connection, String sql, String queue, List<String> into) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, queue);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    into.add(row.getString(1));
                }
            }
        }
    }
}
