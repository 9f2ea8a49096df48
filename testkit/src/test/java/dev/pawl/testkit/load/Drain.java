package dev.pawl.testkit.load;

import static org.awaitility.Awaitility.await;

import dev.pawl.Actor;
import dev.pawl.Json;
import dev.pawl.jdbc.JdbiPawl;
import dev.pawl.job.Attempt;
import dev.pawl.job.Outcome;
import dev.pawl.job.Pipeline;
import dev.pawl.job.Stage;
import dev.pawl.worker.Handlers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;

/** Ordinary workers, which bring every job to its end. */
final class Drain {
    private Drain() {}

    static void all(DataSource dataSource, Duration most) {
        try (JdbiPawl one = open(dataSource, "drain-1");
                JdbiPawl other = open(dataSource, "drain-2")) {
            for (String queue : Application.QUEUES) {
                one.jobs().resume(queue, Actor.SYSTEM);
                start(one, queue);
                start(other, queue);
            }
            await().atMost(most).pollInterval(Duration.ofMillis(50)).until(() -> open(dataSource) == 0);
        }
    }

    private static JdbiPawl open(DataSource dataSource, String name) {
        return JdbiPawl.with(dataSource).name(name).open();
    }

    @SuppressWarnings("resource") // closed with its Pawl
    private static void start(JdbiPawl pawl, String queue) {
        pawl.worker(queue)
                .run(handlers(pawl, Application.EFFECTS))
                .run(handlers(pawl, Application.PLAIN))
                .concurrency(4)
                .takeovers(Application.TAKEOVERS)
                .lease(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(20))
                .start();
    }

    private static Handlers<Json> handlers(JdbiPawl pawl, Pipeline<Json, Json> pipeline) {
        Handlers<Json> handlers = Handlers.of(pipeline);
        for (Stage<?> stage : pipeline.stages()) {
            int position = pipeline.positionOf(stage);
            @SuppressWarnings("unchecked") // all have such results
            Stage<Json> typed = (Stage<Json>) stage;
            handlers = Application.needsEffect(pipeline.name(), position)
                    ? handlers.on(typed, pawl.transactional((job, handle) -> done(job, position, handle)))
                    : handlers.on(typed, job -> Outcome.done(result(job, position)));
        }
        return handlers;
    }

    private static Outcome<Json> done(Attempt<Json> job, int position, Handle handle) {
        handle.execute(
                "insert into effect values (?, ?, ?)",
                job.id().uuid(),
                position,
                job.token().value());
        return Outcome.done(result(job, position));
    }

    private static Json result(Attempt<Json> job, int position) {
        return Application.result(job.token().value(), position, 0);
    }

    private static int open(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from pawl.job where ended_at is null")) {
            row.next();
            return row.getInt(1);
        }
    }
}
